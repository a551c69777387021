-- Which means of contact were seen to work: whoever has them typed the code that was sent there. An address that is
-- changed has no row, and so is not verified.
CREATE TABLE means_checks (
    person {TEXT} NOT NULL,
    kind {TEXT} NOT NULL,
    address {TEXT} NOT NULL,
    sent_at {INT} NOT NULL,          -- the code is derived from it, and never stored
    tries {INT} NOT NULL,            -- how often a wrong code was typed since
    verified_at {INT},
    PRIMARY KEY (person, kind, address)
) {STRICT};
