-- Files that people put on incidents. The log holds name, size and SHA-256; here are the bytes, once each whatever they
-- are called and wherever they hang, in pieces small enough for every driver and for reading them one by one.
CREATE TABLE attachments (
    sha256 {TEXT} NOT NULL,
    n {INT} NOT NULL,             -- from 0, without gaps
    bytes {BLOB} NOT NULL,
    PRIMARY KEY (sha256, n)
) {STRICT};
