-- Sheets that carry a code of their own and are void: a copy of a licence that was spoiled on its blank.
CREATE TABLE void_sheets (
    print_id  TEXT PRIMARY KEY,
    reason    TEXT    NOT NULL,
    voided_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
