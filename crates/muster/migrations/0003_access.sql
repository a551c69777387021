-- Who may come in. Secrets are kept as hashes only.

CREATE TABLE intake_keys (
    hash {TEXT} PRIMARY KEY,
    intake {TEXT} NOT NULL,
    hint {TEXT} NOT NULL,            -- first characters, so that people can tell keys apart
    made_at {INT} NOT NULL,
    revoked_at {INT}
) {STRICT};

CREATE TABLE logins (
    person {TEXT} PRIMARY KEY,
    password_hash {TEXT} NOT NULL,
    set_at {INT} NOT NULL
) {STRICT};

CREATE TABLE sessions (
    hash {TEXT} PRIMARY KEY,
    person {TEXT} NOT NULL,
    agent {TEXT} NOT NULL,
    made_at {INT} NOT NULL,
    seen_at {INT} NOT NULL,
    expires_at {INT} NOT NULL
) {STRICT};
CREATE INDEX sessions_person ON sessions (person);

CREATE TABLE tokens (
    hash {TEXT} PRIMARY KEY,
    id {TEXT} NOT NULL UNIQUE,
    person {TEXT} NOT NULL,
    name {TEXT} NOT NULL,
    role {TEXT} NOT NULL,            -- it may do at most this, and never more than its person
    hint {TEXT} NOT NULL,            -- first characters, so that people can tell tokens apart
    made_at {INT} NOT NULL,
    used_at {INT},
    revoked_at {INT}
) {STRICT};

-- Links that work once: the first administrator's, and a person's to choose a password.
CREATE TABLE invitations (
    hash {TEXT} PRIMARY KEY,
    purpose {TEXT} NOT NULL,         -- set-up, password, sign-in, demo
    person {TEXT},
    made_at {INT} NOT NULL,
    expires_at {INT} NOT NULL,
    used_at {INT}
) {STRICT};

-- The pretend phones of the demo.
CREATE TABLE demo_messages (
    id {TEXT} PRIMARY KEY,           -- the outbox row's
    person {TEXT} NOT NULL,
    means {TEXT} NOT NULL,
    subject {TEXT},
    about {TEXT} NOT NULL,
    title {TEXT} NOT NULL,
    text {TEXT} NOT NULL,
    link {TEXT},
    at {INT} NOT NULL,
    state {TEXT} NOT NULL,           -- shown, ringing, answered, voicemail, no-answer, pressed
    state_at {INT} NOT NULL
) {STRICT};
CREATE INDEX demo_messages_person ON demo_messages (person, at);
