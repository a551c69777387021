-- The process: logs, alerts, what goes out, who owes what. Times are epoch milliseconds; JSON is text.

-- Plain settings: one row an item, as `muster apply` writes them and `muster export` reads them.
CREATE TABLE directory (
    kind {TEXT} NOT NULL,            -- about, person, area, population, system, rule, intake, policy
    id {TEXT} NOT NULL,              -- directory name; a rule's position
    body {TEXT} NOT NULL,            -- JSON, as in the organisation file
    changed_at {INT} NOT NULL,
    PRIMARY KEY (kind, id)
) {STRICT};

-- Who changed which setting when, from what to what. Chained like a log.
CREATE TABLE audit (
    seq {INT} PRIMARY KEY,
    at {INT} NOT NULL,
    actor {TEXT} NOT NULL,
    act {TEXT} NOT NULL,
    target {TEXT} NOT NULL,
    before_body {TEXT},
    after_body {TEXT},
    hash {TEXT} NOT NULL
) {STRICT};

-- Everything with a log of its own. All but id, kind and number is computed from the log.
CREATE TABLE subjects (
    id {TEXT} PRIMARY KEY,
    kind {TEXT} NOT NULL,
    number {TEXT} NOT NULL UNIQUE,
    title {TEXT} NOT NULL,
    state {TEXT} NOT NULL,
    live {INT} NOT NULL,          -- 1 while service is, or may be, disrupted
    severity {INT},               -- 1 to 4; none if not assessed
    manager {TEXT},
    since {INT} NOT NULL,         -- when service went down, or when it was discovered
    recorded_at {INT} NOT NULL,
    restored_at {INT},
    seq {INT} NOT NULL,           -- newest entry
    head {TEXT} NOT NULL,            -- its hash
    folded {TEXT} NOT NULL,          -- a cache
    fold_format {INT} NOT NULL,
    due_at {INT},                 -- when the engine must look again
    epoch {INT} NOT NULL          -- of the settings that due_at was computed under
) {STRICT};
CREATE INDEX subjects_due ON subjects (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX subjects_live ON subjects (live, recorded_at);

CREATE TABLE entries (
    subject {TEXT} NOT NULL,
    seq {INT} NOT NULL,
    happened_at {INT} NOT NULL,
    recorded_at {INT} NOT NULL,
    author {TEXT} NOT NULL,
    kind {TEXT} NOT NULL,
    version {INT} NOT NULL,
    salt {BLOB},                   -- none once personal data was erased
    body {TEXT},                     -- none once personal data was erased
    digest {TEXT} NOT NULL,          -- SHA-256 of salt and body
    hash {TEXT} NOT NULL,
    PRIMARY KEY (subject, seq)
) {STRICT};

-- Every append adds its log's head here, so that a log cannot vanish or be cut unnoticed.
CREATE TABLE ledger (
    n {INT} PRIMARY KEY,
    subject {TEXT} NOT NULL,
    seq {INT} NOT NULL,
    head {TEXT} NOT NULL,
    hash {TEXT} NOT NULL
) {STRICT};

-- What senders sent, as they sent it: one row a request.
CREATE TABLE payloads (
    id {TEXT} PRIMARY KEY,
    intake {TEXT} NOT NULL,
    received_at {INT} NOT NULL,
    format {TEXT} NOT NULL,
    bytes {BLOB} NOT NULL
) {STRICT};

CREATE TABLE alerts (
    id {TEXT} PRIMARY KEY,
    open_key {TEXT} UNIQUE,          -- sender and key while it is open, so that there is one; none after
    intake {TEXT} NOT NULL,
    key {TEXT} NOT NULL,
    signal {TEXT} NOT NULL,          -- the newest, JSON
    firing {INT} NOT NULL,        -- what the newest says: 1 wrong, 0 over
    sent {TEXT} NOT NULL,            -- the condition that the newest suggests
    system {TEXT},
    condition {TEXT},
    account {TEXT} NOT NULL,
    why {TEXT} NOT NULL,
    went_down_at {INT} NOT NULL,
    first_at {INT} NOT NULL,
    last_at {INT} NOT NULL,
    ends_at {INT},                -- over by itself if nothing more is heard
    signals {INT} NOT NULL,
    subject {TEXT},
    left_subject {TEXT},             -- a person took it out of this one
    due_at {INT}                  -- when the engine must look again
) {STRICT};
CREATE INDEX alerts_due ON alerts (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX alerts_account ON alerts (account, last_at);
CREATE INDEX alerts_subject ON alerts (subject) WHERE subject IS NOT NULL;

-- Every accepted signal, counted in exactly one alert.
CREATE TABLE signals (
    alert {TEXT} NOT NULL,
    n {INT} NOT NULL,
    received_at {INT} NOT NULL,
    happened_at {INT},
    status {TEXT} NOT NULL,
    title {TEXT} NOT NULL,
    payload {TEXT} NOT NULL,
    PRIMARY KEY (alert, n)
) {STRICT};

-- What must be sent. One in flight for a lane, in order.
CREATE TABLE outbox (
    id {TEXT} PRIMARY KEY,           -- also the idempotency key towards the provider
    lane {TEXT} NOT NULL,
    nth {INT} NOT NULL,           -- order within the lane
    kind {TEXT} NOT NULL,            -- summons, alarm, nag
    subject {TEXT},
    about {TEXT} NOT NULL,           -- of a summons: summons and attempt; of a nag: the duty
    person {TEXT} NOT NULL,
    means {TEXT} NOT NULL,
    address {TEXT} NOT NULL,
    message {TEXT} NOT NULL,         -- JSON
    state {TEXT} NOT NULL,           -- queued, sending, done, dropped
    due_at {INT} NOT NULL,
    lease_until {INT},
    holder {TEXT},
    tries {INT} NOT NULL,
    made_at {INT} NOT NULL,
    done_at {INT},
    outcome {TEXT},
    detail {TEXT} NOT NULL
) {STRICT};
CREATE INDEX outbox_waiting ON outbox (state, due_at) WHERE state IN ('queued', 'sending');
CREATE INDEX outbox_lane ON outbox (lane, nth);

-- Personal links: which person may answer which summons. The token itself is derived, never stored.
CREATE TABLE links (
    hash {TEXT} PRIMARY KEY,
    subject {TEXT} NOT NULL,
    summons {TEXT} NOT NULL,
    person {TEXT} NOT NULL,
    made_at {INT} NOT NULL,
    expires_at {INT} NOT NULL
) {STRICT};

CREATE TABLE duties (
    subject {TEXT} NOT NULL,
    kind {TEXT} NOT NULL,
    occurrence {TEXT} NOT NULL,
    what {TEXT} NOT NULL,
    owed_by {TEXT},
    since {INT} NOT NULL,
    due_at {INT} NOT NULL,
    settled_at {INT},
    PRIMARY KEY (subject, kind, occurrence)
) {STRICT};
CREATE INDEX duties_open ON duties (due_at) WHERE settled_at IS NULL;

-- A reminder is a row, not an entry, and is sent once.
CREATE TABLE nags (
    subject {TEXT} NOT NULL,
    duty {TEXT} NOT NULL,
    step {INT} NOT NULL,
    at {INT} NOT NULL,
    PRIMARY KEY (subject, duty, step)
) {STRICT};

-- Acts that were performed, so that a double submit or an unknown commit is performed once.
CREATE TABLE acts (
    id {TEXT} PRIMARY KEY,
    at {INT} NOT NULL,
    digest {TEXT} NOT NULL,
    result {TEXT} NOT NULL
) {STRICT};
