-- Device keys of the counters (Ed25519, hex), and packets that were taken: the same packet again gives the same answer.

ALTER TABLE counters ADD COLUMN device_key TEXT;

CREATE TABLE packets (
    digest      BLOB PRIMARY KEY,
    counter     TEXT    NOT NULL,
    entries     INTEGER NOT NULL,
    pages       INTEGER NOT NULL,
    received_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
