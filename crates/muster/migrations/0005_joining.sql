-- Whether an alert joins an open incident is asked for every alert: which systems an incident is about stands in its
-- row (JSON; none in a row that an earlier release wrote), and what its alerts are is found by index.
ALTER TABLE subjects ADD COLUMN systems {TEXT};
CREATE INDEX alerts_key ON alerts (intake, key);
CREATE INDEX alerts_newest ON alerts (subject, went_down_at) WHERE subject IS NOT NULL;
DROP INDEX alerts_subject;
