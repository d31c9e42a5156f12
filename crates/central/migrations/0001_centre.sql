-- The centre's books. Entries are kept as the counter's own bytes and are the truth; cases and matters can be folded from them,
-- and from the decisions, at any time. Text is UTF-8, times are milliseconds since 1970 UTC, days are YYYY-MM-DD.

CREATE TABLE settings (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

CREATE TABLE branches (
    branch  TEXT PRIMARY KEY,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL
) STRICT;

-- Codes and tokens are kept only as SHA-256. A code is spent with the first request that carries the token it gave.
CREATE TABLE counters (
    counter      TEXT PRIMARY KEY,
    branch       TEXT NOT NULL REFERENCES branches (branch),
    code_digest  BLOB,
    token_digest BLOB UNIQUE,
    token_used   INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE staff (
    staff_no     TEXT PRIMARY KEY,
    branch       TEXT NOT NULL REFERENCES branches (branch),
    name         TEXT NOT NULL,
    role         TEXT NOT NULL,
    pin_verifier TEXT NOT NULL
) STRICT;

CREATE TABLE departments (
    department   TEXT PRIMARY KEY,
    token_digest BLOB NOT NULL UNIQUE
) STRICT;

-- applied: the entry is part of its case. echo: it only repeats what the centre said, so nothing is to be said about it again.
CREATE TABLE entries (
    counter     TEXT    NOT NULL,
    epoch       INTEGER NOT NULL,
    seq         INTEGER NOT NULL,
    case_id     TEXT,
    revision    INTEGER NOT NULL,
    applied     INTEGER NOT NULL,
    echo        INTEGER NOT NULL,
    rejection   TEXT,
    chain       BLOB    NOT NULL,
    received_ms INTEGER NOT NULL,
    bytes       BLOB    NOT NULL,
    PRIMARY KEY (counter, epoch, seq)
) STRICT;

CREATE UNIQUE INDEX entries_of_case ON entries (case_id, revision) WHERE applied = 1;
CREATE INDEX entries_by_chain ON entries (counter, chain);

-- A branch holds a page when one of its counters sent it: knowing a digest gives nobody a page.
CREATE TABLE pages (
    digest      BLOB    NOT NULL,
    branch      TEXT    NOT NULL,
    size        INTEGER NOT NULL,
    received_ms INTEGER NOT NULL,
    PRIMARY KEY (digest, branch)
) STRICT, WITHOUT ROWID;

CREATE TABLE page_uses (
    digest  BLOB NOT NULL,
    case_id TEXT NOT NULL,
    PRIMARY KEY (digest, case_id)
) STRICT, WITHOUT ROWID;

-- Pages that entries named and that are not here yet.
CREATE TABLE page_needs (
    digest   BLOB    NOT NULL,
    counter  TEXT    NOT NULL,
    epoch    INTEGER NOT NULL,
    seq      INTEGER NOT NULL,
    case_id  TEXT    NOT NULL,
    revision INTEGER NOT NULL,
    PRIMARY KEY (digest, counter, epoch, seq)
) STRICT, WITHOUT ROWID;

CREATE INDEX page_needs_of_counter ON page_needs (counter, epoch, seq);
CREATE INDEX page_needs_of_case ON page_needs (case_id, revision);

-- held: closed word that keeps the case from the departments until a person has looked.
CREATE TABLE cases (
    case_id           TEXT PRIMARY KEY,
    counter           TEXT    NOT NULL REFERENCES counters (counter),
    case_no           TEXT    NOT NULL,
    bundle            TEXT    NOT NULL,
    catalogue_version TEXT    NOT NULL,
    revision          INTEGER NOT NULL,
    intake            TEXT    NOT NULL,
    announced         INTEGER NOT NULL DEFAULT 0,
    accepted_on       TEXT,
    accepted_revision INTEGER,
    held              TEXT
) STRICT;

CREATE INDEX cases_by_number ON cases (case_no);

CREATE TABLE matters (
    case_id       TEXT    NOT NULL REFERENCES cases (case_id),
    matter        TEXT    NOT NULL,
    position      INTEGER NOT NULL,
    department    TEXT    NOT NULL,
    state         TEXT    NOT NULL,
    printed_due   TEXT,
    due           TEXT,
    started_ms    INTEGER,
    suspended_on  TEXT,
    reason        TEXT,
    PRIMARY KEY (case_id, matter)
) STRICT;

CREATE INDEX matters_of_department ON matters (department, state);

CREATE TABLE decisions (
    id         TEXT PRIMARY KEY,
    department TEXT    NOT NULL,
    case_id    TEXT    NOT NULL,
    matter     TEXT    NOT NULL,
    request    TEXT    NOT NULL,
    licence_no TEXT,
    decided_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE licences (
    licence_no  TEXT PRIMARY KEY,
    case_id     TEXT NOT NULL,
    matter      TEXT NOT NULL,
    issued_on   TEXT NOT NULL,
    valid_to    TEXT,
    content     TEXT NOT NULL,
    signed_code TEXT,
    UNIQUE (case_id, matter)
) STRICT;

CREATE TABLE revocations (
    licence_no TEXT PRIMARY KEY,
    reason     TEXT    NOT NULL,
    revoked_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE series (
    name TEXT PRIMARY KEY,
    last INTEGER NOT NULL
) STRICT;

CREATE TABLE office_keys (
    key_id     TEXT PRIMARY KEY,
    public_key TEXT NOT NULL,
    office     TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to   TEXT NOT NULL
) STRICT;

-- Positions are given in the transaction that writes the word, without a gap for each counter.
CREATE TABLE feed (
    counter  TEXT    NOT NULL,
    position INTEGER NOT NULL,
    case_id  TEXT    NOT NULL,
    at_ms    INTEGER NOT NULL,
    word     TEXT    NOT NULL,
    PRIMARY KEY (counter, position)
) STRICT;

-- Forks, changed entries and damaged pages: for people to look at.
CREATE TABLE alarms (
    id      INTEGER PRIMARY KEY,
    at_ms   INTEGER NOT NULL,
    counter TEXT,
    epoch   INTEGER,
    seq     INTEGER,
    kind    TEXT    NOT NULL
) STRICT;
