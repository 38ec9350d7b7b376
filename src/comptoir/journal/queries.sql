-- The journal's statements, by name. `rows.py` reads them; columns of a job stand in the order that it expects.

-- name: add_document
INSERT INTO documents (digest, size, media_type, name, content) VALUES (?, ?, ?, ?, ?);

-- name: add_job
INSERT INTO jobs (uid, document, source, user, host, key, destination, printer, title, format, copies, state, status,
                  reason, message, evidence, expires_at, attempts, reprint_of, reported, created_at, updated_at,
                  attributes, original, kept)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending', 'queued', '', '', '', ?, 0, ?, ?, ?, ?, ?, ?, ?);

-- name: job_columns
SELECT jobs.id, uid, source, user, host, key, destination, printer, title, format, copies, state, reason, message,
       evidence, expires_at, attempts, reprint_of, created_at, updated_at, attributes, original, kept,
       documents.id, digest, size, media_type, name
FROM jobs JOIN documents ON documents.id = jobs.document;

-- name: job_state
SELECT state, reason, message, evidence FROM jobs WHERE id = ?;

-- name: job_by_key
SELECT jobs.id, digest FROM jobs JOIN documents ON documents.id = jobs.document WHERE source = ? AND key = ? AND key <> '';

-- name: change_job
UPDATE jobs SET state = ?, status = ?, reason = ?, message = ?, evidence = CASE WHEN ? = '' THEN evidence ELSE ? END,
                attempts = coalesce(?, attempts), updated_at = ?,
                reported = CASE WHEN source = 'relay' THEN 0 ELSE 1 END
WHERE id = ?;

-- name: reported
UPDATE jobs SET reported = 1 WHERE id = ?;

-- name: counts
SELECT status, count(*) FROM jobs GROUP BY status;

-- name: content
SELECT content FROM documents WHERE id = ? AND digest = ?;

-- name: put_credential
INSERT OR REPLACE INTO credentials (kind, name, secret, created_at, expires_at, seen_at, data)
VALUES (?, ?, ?, ?, ?, ?, ?);

-- name: credentials
SELECT kind, name, secret, created_at, expires_at, seen_at, data FROM credentials WHERE kind = ? ORDER BY name;

-- name: credential
SELECT kind, name, secret, created_at, expires_at, seen_at, data FROM credentials WHERE kind = ? AND secret = ?;

-- name: drop_credential
DELETE FROM credentials WHERE kind = ? AND name = ?;

-- name: purge_jobs
DELETE FROM jobs WHERE id IN (
    SELECT id FROM jobs
    WHERE updated_at < ? AND reported = 1 AND state IN ('completed', 'canceled', 'aborted')
    AND NOT EXISTS (SELECT 1 FROM originals WHERE originals.id = jobs.original
                    AND originals.state IN ('waiting', 'failed', 'due', 'going'))
    ORDER BY id LIMIT 500
) RETURNING id, document;

-- A document that is a file keeps its row until the file is gone: what a crash leaves is found again.
-- name: purge_document
DELETE FROM documents WHERE id = ? AND content IS NOT NULL
AND NOT EXISTS (SELECT 1 FROM jobs WHERE document = documents.id)
AND NOT EXISTS (SELECT 1 FROM originals WHERE document = documents.id)
AND NOT EXISTS (SELECT 1 FROM kept WHERE document = documents.id)
AND NOT EXISTS (SELECT 1 FROM kept_parts WHERE document = documents.id);

-- Most are kept, and of those nothing else is asked.
-- name: orphans
SELECT id, digest FROM documents
WHERE content IS NULL AND NOT EXISTS (SELECT 1 FROM kept WHERE document = documents.id)
AND NOT EXISTS (SELECT 1 FROM kept_parts WHERE document = documents.id)
AND NOT EXISTS (SELECT 1 FROM jobs WHERE document = documents.id)
AND NOT EXISTS (SELECT 1 FROM originals WHERE document = documents.id);

-- name: file_needed
SELECT 1 FROM documents WHERE digest = ? AND content IS NULL
AND (EXISTS (SELECT 1 FROM jobs WHERE document = documents.id)
     OR EXISTS (SELECT 1 FROM originals WHERE document = documents.id)
     OR EXISTS (SELECT 1 FROM kept WHERE document = documents.id)
     OR EXISTS (SELECT 1 FROM kept_parts WHERE document = documents.id)) LIMIT 1;

-- name: drop_document
DELETE FROM documents WHERE id = ? AND NOT EXISTS (SELECT 1 FROM jobs WHERE document = documents.id)
AND NOT EXISTS (SELECT 1 FROM originals WHERE document = documents.id)
AND NOT EXISTS (SELECT 1 FROM kept WHERE document = documents.id)
AND NOT EXISTS (SELECT 1 FROM kept_parts WHERE document = documents.id);

-- Documents that an original at rest need not keep any more. A lot keeps those of its members as long as anybody has a
-- job of it, a reprint too: a manifest is nothing without them.
-- name: spent_documents
SELECT id, document FROM originals
WHERE document IS NOT NULL AND updated_at < ? AND (keep_until IS NULL OR keep_until < ?)
AND state IN ('kept', 'deleted', 'moved', 'changed', 'gone')
AND NOT EXISTS (SELECT 1 FROM originals AS lots WHERE lots.id = originals.lot AND lots.document IS NOT NULL)
AND NOT (is_lot = 1 AND (
    EXISTS (SELECT 1 FROM jobs JOIN documents ON documents.id = jobs.document
            WHERE documents.digest = originals.digest AND documents.media_type = 'application/vnd.comptoir.lot+json')
    OR EXISTS (SELECT 1 FROM originals AS members WHERE members.lot = originals.id
               AND members.state NOT IN ('kept', 'deleted', 'moved', 'changed', 'gone'))))
LIMIT 500;

-- name: let_go
UPDATE originals SET document = NULL WHERE id = ?;

-- What may still lie in its folder is never forgotten: it would be taken again.
-- name: purge_originals
DELETE FROM originals WHERE id IN (
    SELECT id FROM originals
    WHERE document IS NULL AND here = 0 AND updated_at < ? AND state IN ('kept', 'deleted', 'moved', 'changed', 'gone')
    AND NOT EXISTS (SELECT 1 FROM jobs WHERE jobs.original = originals.id)
    AND NOT EXISTS (SELECT 1 FROM originals AS members WHERE members.lot = originals.id)
    ORDER BY id LIMIT 500
) RETURNING id;

-- name: events
SELECT seq, at, kind, job, body, hash FROM events WHERE seq > ? ORDER BY seq LIMIT ?;

-- name: events_of_job
SELECT seq, at, kind, job, body, hash FROM events WHERE seq > ? AND job = ? ORDER BY seq LIMIT ?;

-- name: events_any
SELECT seq, at, kind, job, body, hash FROM events WHERE seq < ?;

-- name: events_apart
SELECT seq, at, kind, job, body, hash FROM events INDEXED BY events_apart WHERE job IS NULL AND seq < ?;

-- name: events_keeping
SELECT seq, at, kind, job, body, hash FROM events INDEXED BY events_keeping WHERE kind IN (
    'document-held', 'document-released', 'documents-eliminated', 'documents-exported'
) AND seq < ?;

-- Originals. Their columns stand in the order that `intake_rows.py` expects.

-- name: original_columns
SELECT id, source, path, size, mtime_ns, inode, document, digest, media_type, name, lot, is_lot, duplicate_of, state,
       message, step, due_at, moved_to, place, keep_until, delivered_at, taken_at, updated_at
FROM originals;

-- name: add_original
INSERT INTO originals (source, path, size, mtime_ns, inode, here, document, digest, media_type, name, lot, is_lot,
                       duplicate_of, follows, deliveries, state, message, step, after, due_at, moved_to, place,
                       keep_until, delivered_at, taken_at, updated_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', '', ?, ?, ?, ?);

-- name: original_here
SELECT id, size, mtime_ns, inode FROM originals WHERE source = ? AND path = ? AND here = 1;

-- What was missing and may come back: the same content with the same time at the same path.
-- name: original_away
SELECT id FROM originals WHERE source = ? AND digest = ? AND path = ? AND mtime_ns = ? AND here = 0 AND is_lot = 0
AND state IN ('waiting', 'failed', 'due', 'gone') ORDER BY id DESC LIMIT 1;

-- name: due_here
SELECT id FROM originals WHERE source = ? AND path = ? AND here = 1 AND state = 'due';

-- name: superseded
SELECT 1 FROM originals AS newer WHERE source = ? AND path = ? AND here = 1 AND id > ?;

-- name: supersede
UPDATE originals SET here = 0 WHERE source = ? AND path = ? AND here = 1;

-- A content that was delivered, or still may be: who has given it up does not count.
-- name: first_alike
SELECT id, coalesce(lot, id) FROM originals
WHERE source = ? AND digest = ? AND is_lot = ? AND follows IS NULL
AND (delivered_at IS NOT NULL OR state IN ('waiting', 'failed')) ORDER BY id LIMIT 1;

-- name: any_alike
SELECT id FROM originals WHERE source = ? AND digest = ? AND is_lot = ? ORDER BY id LIMIT 1;

-- name: return_original
UPDATE originals SET here = 1, size = ?, mtime_ns = ?, inode = ?, updated_at = ?,
                     state = CASE WHEN state <> 'gone' THEN state
                                  WHEN delivered_at IS NULL OR step = 'keep' THEN 'kept' ELSE 'due' END,
                     due_at = CASE WHEN state = 'gone' AND delivered_at IS NOT NULL THEN ? + after ELSE due_at END
WHERE id = ?;

-- name: unit
SELECT id, lot, follows, is_lot, state, message, step, after, due_at, deliveries, delivered_at, source, path
FROM originals
WHERE id = ?;

-- name: unit_jobs
SELECT id, uid, state, message, reprint_of FROM jobs
WHERE original IN (SELECT ? UNION ALL SELECT id FROM originals WHERE lot = ?) ORDER BY id;

-- name: unit_of_job
SELECT coalesce(originals.lot, originals.id) FROM jobs JOIN originals ON originals.id = jobs.original WHERE jobs.id = ?;

-- Of a unit of which something is on paper: what only an archive has stays as its route says.
-- name: released
SELECT id, lot, follows, is_lot, state, message, step, after, due_at, deliveries, delivered_at, source, path
FROM originals AS one
WHERE source = ? AND state IN ('kept', 'due') AND delivered_at IS NOT NULL AND (here = 1 OR is_lot = 1)
AND EXISTS (
    SELECT 1 FROM originals AS unit JOIN jobs ON jobs.original = unit.id AND jobs.status = 'printed'
    WHERE unit.id = coalesce(one.lot, one.follows, one.id) OR unit.lot = coalesce(one.lot, one.id)
)
ORDER BY id;

-- name: set_step
UPDATE originals SET step = ? WHERE id = ?;

-- name: unit_rows
SELECT id, lot, follows, is_lot, state, message, step, after, due_at, deliveries, delivered_at, source, path
FROM originals
WHERE id = ? OR lot = ? OR follows = ? ORDER BY id;

-- name: set_original
UPDATE originals SET state = ?, message = ?, here = CASE WHEN ? THEN here ELSE 0 END, due_at = ?, moved_to = ?,
                     place = ?, delivered_at = ?, updated_at = ?
WHERE id = ?;

-- name: touch_original
UPDATE originals SET size = ?, mtime_ns = ?, inode = ? WHERE source = ? AND path = ? AND here = 1;

-- name: touch_left_alone
UPDATE left_alone SET size = ?, mtime_ns = ?, inode = ? WHERE source = ? AND path = ?;

-- name: known
SELECT path, size, mtime_ns, inode FROM originals WHERE source = ? AND here = 1
UNION ALL SELECT path, size, mtime_ns, inode FROM left_alone WHERE source = ?;

-- name: left_alone
SELECT path FROM left_alone WHERE source = ?;

-- name: missing
SELECT id, state FROM originals WHERE source = ? AND path = ? AND here = 1 AND state <> 'going';

-- name: leave_alone
INSERT OR REPLACE INTO left_alone (source, path, size, mtime_ns, inode) VALUES (?, ?, ?, ?, ?);

-- name: no_longer_left_alone
DELETE FROM left_alone WHERE source = ? AND path = ?;

-- name: begin
INSERT INTO begun (source, at, scope) VALUES (?, ?, ?)
ON CONFLICT (source) DO UPDATE SET scope = excluded.scope WHERE scope <> excluded.scope;

-- name: begun
SELECT scope FROM begun WHERE source = ?;

-- name: due
SELECT id FROM originals INDEXED BY originals_due WHERE state IN ('due', 'going') AND due_at <= ?
AND NOT (is_lot = 1 AND EXISTS (SELECT 1 FROM originals AS member WHERE member.lot = originals.id
                                AND member.state NOT IN ('kept', 'deleted', 'moved', 'changed', 'gone')))
ORDER BY due_at, id LIMIT ?;

-- name: next_due
SELECT min(due_at) FROM originals INDEXED BY originals_due WHERE state IN ('due', 'going')
AND NOT (is_lot = 1 AND EXISTS (SELECT 1 FROM originals AS member WHERE member.lot = originals.id
                                AND member.state NOT IN ('kept', 'deleted', 'moved', 'changed', 'gone')));

-- name: tally
SELECT state, count(*) FROM originals WHERE source = ? GROUP BY state;

-- name: jobs_of_original
SELECT id FROM jobs WHERE original IN (SELECT ? UNION ALL SELECT id FROM originals WHERE lot = ?) ORDER BY id;

-- name: events_of_original
SELECT seq, at, kind, job, body, hash FROM events WHERE kind IN (
    'file-taken', 'lot-taken', 'file-returned', 'file-waiting', 'file-failed', 'file-delivered', 'original-going',
    'original-waits', 'original-kept', 'original-deleted', 'original-moved', 'original-left'
) AND json_extract(body, '$.original') = ? ORDER BY seq;

-- name: standing
SELECT state, message, delivered_at FROM originals WHERE id = ?;

-- name: put_off
UPDATE originals SET due_at = ? WHERE id = ?;

-- What the archive keeps. Columns stand in the order that `kept_rows.py` expects.

-- name: kept_columns
SELECT kept.id, uid, source, user, host, title, printer, received_at, printed_at, business_date, keep_until, copies,
       attributes, partial, original, others, pages, held, seal, documents.id, digest, size, media_type, name
FROM kept JOIN documents ON documents.id = kept.document;

-- name: add_kept
INSERT INTO kept (uid, document, source, user, host, title, printer, received_at, printed_at, business_date, keep_until,
                  copies, attributes, partial, original, others, held, salt, seal)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', ?, ?);

-- name: add_part
INSERT INTO kept_parts (kept, place, document, role) VALUES (?, ?, ?, ?);

-- name: parts
SELECT role, documents.id, digest, size, media_type, name
FROM kept_parts JOIN documents ON documents.id = kept_parts.document WHERE kept = ? ORDER BY place;

-- name: kept_by_uid
SELECT kept.id, digest FROM kept JOIN documents ON documents.id = kept.document WHERE source = ? AND uid = ?;

-- The record to which a job of a document belongs that is here already, as a reprint's. With the digest, because the
-- row's number may have gone to another document since.
-- name: kept_of_document
SELECT kept.id FROM kept JOIN documents ON documents.id = kept.document WHERE document = ? AND digest = ?
UNION ALL
SELECT kept FROM kept_parts JOIN documents ON documents.id = kept_parts.document WHERE document = ? AND digest = ?
UNION ALL
SELECT kept FROM jobs JOIN documents ON documents.id = jobs.document
WHERE document = ? AND digest = ? AND kept IS NOT NULL LIMIT 1;

-- name: jobs_of_kept
SELECT id FROM jobs WHERE kept = ? ORDER BY id;

-- name: events_of_kept
SELECT seq, at, kind, job, body, hash FROM events WHERE kind = 'document-kept' AND json_extract(body, '$.kept') = ?
UNION ALL
SELECT seq, at, kind, job, body, hash FROM events INDEXED BY events_keeping WHERE kind IN (
    'document-held', 'document-released', 'documents-eliminated', 'documents-exported'
) AND CASE
    WHEN kind <> 'documents-eliminated' THEN EXISTS (SELECT 1 FROM json_each(body, '$.kept') WHERE value = ?)
    WHEN EXISTS (SELECT 1 FROM kept WHERE id = ?) THEN 0
    ELSE EXISTS (SELECT 1 FROM json_each(body, '$.documents') WHERE json_extract(value, '$.kept') = ?) END
ORDER BY seq;

-- name: was_eliminated
SELECT 1 FROM eliminated WHERE source = ? AND uid = ?;

-- name: is_kept
SELECT 1 FROM kept WHERE id = ?;

-- Found in the index alone: of those that are kept on there are many more, and they are not looked at.
-- name: spent
SELECT id FROM kept INDEXED BY kept_until WHERE keep_until <= ? AND held = '' AND id < ? ORDER BY id DESC LIMIT ?;

-- name: count_pages
UPDATE kept SET pages = ? WHERE id = ?;

-- name: hold
UPDATE kept SET held = ? WHERE id = ? AND held <> ?;

-- Nobody holds it; its jobs are done and told; its original is at rest, and no job of its lot still needs its bytes.
-- name: to_eliminate
SELECT kept.id, source, uid, original, digest, business_date, received_at, keep_until
FROM kept JOIN documents ON documents.id = kept.document
WHERE kept.id = ? AND held = ''
AND NOT EXISTS (SELECT 1 FROM jobs WHERE jobs.kept = kept.id
                AND (reported = 0 OR state NOT IN ('completed', 'canceled', 'aborted')))
AND NOT EXISTS (SELECT 1 FROM originals WHERE originals.id = kept.original
                AND originals.state NOT IN ('kept', 'deleted', 'moved', 'changed', 'gone'))
AND NOT EXISTS (SELECT 1 FROM originals JOIN jobs ON jobs.original = originals.lot
                WHERE originals.id = kept.original AND jobs.state NOT IN ('completed', 'canceled', 'aborted'));

-- name: documents_of_kept
SELECT document FROM kept WHERE id = ? UNION ALL SELECT document FROM kept_parts WHERE kept = ?;

-- name: drop_jobs_of_kept
DELETE FROM jobs WHERE kept = ? RETURNING id, document;

-- The original, and those at rest that are the same content and fare as it does, alone or in a lot that fares so.
-- name: copies_of_original
SELECT copy.id, copy.document FROM originals AS one JOIN originals AS copy
ON copy.source = one.source AND copy.digest = one.digest
WHERE one.id = ? AND copy.document IS NOT NULL AND copy.state IN ('kept', 'deleted', 'moved', 'changed', 'gone')
AND (copy.id = ? OR copy.follows = ?
     OR copy.lot IN (SELECT id FROM originals AS lots WHERE lots.follows = one.lot));

-- name: drop_parts
DELETE FROM kept_parts WHERE kept = ?;

-- name: drop_kept
DELETE FROM kept WHERE id = ?;

-- name: file_of_row
SELECT id, digest FROM documents WHERE id = ? AND content IS NULL;

-- name: remember_eliminated
INSERT OR IGNORE INTO eliminated (source, uid) VALUES (?, ?);

-- name: put_night
INSERT OR REPLACE INTO nights (date, note, noted_by, noted_at, signed_by, signed_at, sent_at, salt, seal)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: nights
SELECT date, note, noted_by, noted_at, signed_by, signed_at, sent_at FROM nights WHERE date BETWEEN ? AND ?
ORDER BY date;

-- name: put_search
INSERT OR REPLACE INTO searches (name, query) VALUES (?, ?);

-- name: drop_search
DELETE FROM searches WHERE name = ?;

-- name: searches
SELECT name, query FROM searches ORDER BY name;
