-- Signed checkpoints of the ledger leave the machine. One row a place outside: what it got last, so that it gets the
-- next at least once, whatever happens in between.
CREATE TABLE checkpoints (
    destination {TEXT} PRIMARY KEY,  -- file, mail or webhook, and its address
    ledger {INT} NOT NULL,           -- last row of the ledger that it says
    audit {INT} NOT NULL,            -- last line of the audit trail that it says
    at {INT} NOT NULL                -- when it was signed
) {STRICT};
