-- A restricted incident is there for some only. Who that is follows from its log and the directory, and is written in the
-- transaction that changes the log, so that every list and counter can leave it out by itself.
ALTER TABLE subjects ADD COLUMN restricted {INT} NOT NULL DEFAULT 0;
CREATE INDEX subjects_restricted ON subjects (id) WHERE restricted = 1;

CREATE TABLE seers (
    subject {TEXT} NOT NULL,
    person {TEXT} NOT NULL,
    PRIMARY KEY (subject, person)
) {STRICT};
