-- What is taken from watched folders. Times are milliseconds since 1970-01-01 UTC, but `mtime_ns`, which is a file's own.
ALTER TABLE jobs ADD COLUMN attributes TEXT NOT NULL DEFAULT '';  -- JSON, or empty
ALTER TABLE jobs ADD COLUMN original INTEGER;
CREATE INDEX jobs_original ON jobs (original) WHERE original IS NOT NULL;

-- `mtime_ns` and `inode` have no type: some file systems say more than 64 bits hold, which then is a text.
CREATE TABLE originals (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    source       TEXT NOT NULL,
    path         TEXT NOT NULL,        -- in the source's folder; a BLOB where the name is no Unicode
    size         INTEGER NOT NULL,
    mtime_ns     NOT NULL,
    inode        NOT NULL,
    here         INTEGER NOT NULL,     -- 1: what lies at its path, as far as is known
    document     INTEGER,              -- NULL: the bytes are not needed any more
    digest       TEXT NOT NULL,
    media_type   TEXT NOT NULL,
    name         TEXT NOT NULL,
    lot          INTEGER,              -- the row of its lot
    is_lot       INTEGER NOT NULL,
    duplicate_of INTEGER,
    follows      INTEGER,              -- nothing of it is delivered: it fares as that one does
    deliveries   INTEGER NOT NULL,     -- of the single file, or of the whole lot
    state        TEXT NOT NULL,
    message      TEXT NOT NULL,
    step         TEXT NOT NULL,
    after        INTEGER NOT NULL,
    due_at       INTEGER,
    moved_to     TEXT NOT NULL,        -- or is about to be
    place        TEXT NOT NULL,        -- the directory in which its step has begun, as its file system knows it
    keep_until   INTEGER,
    delivered_at INTEGER,
    taken_at     INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL
);
CREATE UNIQUE INDEX originals_here ON originals (source, path) WHERE here = 1;
CREATE INDEX originals_content ON originals (source, digest);
CREATE INDEX originals_state ON originals (source, state);
CREATE INDEX originals_due ON originals (due_at) WHERE state IN ('due', 'going');
CREATE INDEX originals_lot ON originals (lot) WHERE lot IS NOT NULL;
CREATE INDEX originals_follows ON originals (follows) WHERE follows IS NOT NULL;
CREATE INDEX originals_document ON originals (document) WHERE document IS NOT NULL;

-- Files that lay in a folder when it was first watched, and that are left alone.
CREATE TABLE left_alone (
    source   TEXT NOT NULL,
    path     TEXT NOT NULL,
    size     INTEGER NOT NULL,
    mtime_ns NOT NULL,
    inode    NOT NULL,
    PRIMARY KEY (source, path)
) WITHOUT ROWID;
-- `scope`: what was looked for, as the source writes it.
CREATE TABLE begun (
    source TEXT PRIMARY KEY,
    at     INTEGER NOT NULL,
    scope  TEXT NOT NULL
) WITHOUT ROWID;

-- The life of one original, and the manifests, which name documents that no row of theirs does.
CREATE INDEX events_original ON events (json_extract(body, '$.original'), seq) WHERE kind IN (
    'file-taken', 'lot-taken', 'file-returned', 'file-waiting', 'file-failed', 'file-delivered', 'original-going',
    'original-waits', 'original-kept', 'original-deleted', 'original-moved', 'original-left'
);
CREATE INDEX documents_lots ON documents (digest) WHERE media_type = 'application/vnd.comptoir.lot+json';
