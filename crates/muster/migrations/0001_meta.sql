-- Facts about the installation itself, such as its id; and leases, of which each is held by at most one node.

CREATE TABLE meta (
    key {TEXT} PRIMARY KEY,
    value {TEXT} NOT NULL
) {STRICT};

-- A lease is taken or renewed by a conditional UPDATE. The epoch grows with every new holder, so that a holder who
-- lost it without noticing can be refused by whatever it writes to.
CREATE TABLE leases (
    name {TEXT} PRIMARY KEY,
    holder {TEXT} NOT NULL,
    epoch {INT} NOT NULL,
    until {INT} NOT NULL
) {STRICT};
