-- Counted blanks: which counter received which run, and for which case a sheet was taken. No serial number belongs to two.
CREATE TABLE blank_runs (
    counter  TEXT    NOT NULL,
    kind     TEXT    NOT NULL,
    prefix   TEXT    NOT NULL,
    width    INTEGER NOT NULL,
    first_no INTEGER NOT NULL,
    last_no  INTEGER NOT NULL,
    PRIMARY KEY (prefix, width, first_no, counter)
) STRICT;

CREATE TABLE blank_sheets (
    serial  TEXT PRIMARY KEY,
    counter TEXT NOT NULL,
    case_id TEXT NOT NULL
) STRICT;
