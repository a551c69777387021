-- Repetitions are most of what senders send, so one must write little and touch no index: what it changes of its alert
-- stands in a small row of its own, signals are appended in the order of their ids and form a chain from the newest of
-- an alert, and lists go by what last said something new.
CREATE TABLE chained (
    id {TEXT} PRIMARY KEY,           -- sorts by time
    alert {TEXT} NOT NULL,
    n {INT} NOT NULL,             -- which of its alert
    before {TEXT},                   -- the one of number n - 1
    received_at {INT} NOT NULL,
    happened_at {INT},
    status {TEXT} NOT NULL,
    title {TEXT} NOT NULL,
    payload {TEXT} NOT NULL
) {STRICT};
INSERT INTO chained (id, alert, n, before, received_at, happened_at, status, title, payload)
    SELECT alert || '-' || CAST(n AS TEXT), alert, n, CASE WHEN n > 1 THEN alert || '-' || CAST(n - 1 AS TEXT) END,
           received_at, happened_at, status, title, payload FROM signals;

CREATE TABLE counts (
    alert {TEXT} PRIMARY KEY,
    signals {INT} NOT NULL,
    newest {TEXT} NOT NULL,          -- its newest signal
    last_at {INT} NOT NULL,       -- when that was accepted
    ends_at {INT}                 -- over by itself if nothing more is heard
) {STRICT};
INSERT INTO counts (alert, signals, newest, last_at, ends_at)
    SELECT id, signals, id || '-' || CAST(signals AS TEXT), last_at, ends_at FROM alerts;

ALTER TABLE alerts ADD COLUMN changed_at {INT} NOT NULL DEFAULT 0;  -- when a signal last said something new
ALTER TABLE alerts ADD COLUMN fires_since {INT} NOT NULL DEFAULT 0; -- down since then, by the signal with which it last began to fire
ALTER TABLE alerts ADD COLUMN fires_heard {INT} NOT NULL DEFAULT 0; -- when that was accepted
UPDATE alerts SET changed_at = last_at,
    fires_since = COALESCE(
      (SELECT CASE WHEN s.happened_at < s.received_at THEN s.happened_at ELSE s.received_at END FROM signals s
       WHERE s.alert = alerts.id AND s.n > COALESCE(
         (SELECT MAX(r.n) FROM signals r WHERE r.alert = alerts.id AND r.status = 'resolved'), 0)
       ORDER BY s.n LIMIT 1), went_down_at),
    fires_heard = COALESCE(
      (SELECT s.received_at FROM signals s
       WHERE s.alert = alerts.id AND s.n > COALESCE(
         (SELECT MAX(r.n) FROM signals r WHERE r.alert = alerts.id AND r.status = 'resolved'), 0)
       ORDER BY s.n LIMIT 1), first_at);

DROP TABLE signals;
ALTER TABLE chained RENAME TO signals;
DROP INDEX alerts_account;
ALTER TABLE alerts DROP COLUMN signals;
ALTER TABLE alerts DROP COLUMN last_at;
ALTER TABLE alerts DROP COLUMN ends_at;
CREATE INDEX alerts_account ON alerts (account, changed_at);
