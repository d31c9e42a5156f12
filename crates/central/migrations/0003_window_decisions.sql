-- Decisions at the window: keys that sign some kinds only, and numbers in blocks. Numbers and kinds are words with a space between.
ALTER TABLE office_keys ADD COLUMN kinds TEXT NOT NULL DEFAULT '';

CREATE TABLE number_blocks (
    block     TEXT PRIMARY KEY,
    counter   TEXT    NOT NULL REFERENCES counters (counter),
    bundle    TEXT    NOT NULL,
    matter    TEXT    NOT NULL,
    authority TEXT    NOT NULL,
    numbers   TEXT    NOT NULL,
    valid_to  TEXT    NOT NULL,
    revoked   INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX number_blocks_of_counter ON number_blocks (counter);
