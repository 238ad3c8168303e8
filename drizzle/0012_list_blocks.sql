-- The rows of a list in its order, as blocks of at most 64 neighbours. A page at an offset skips the blocks before
-- it, and steps over the rows of the others only. A block starts at (`key`, `id`) and ends where the next one starts.
-- The first block of a list starts at ('', ''), and stays when it is empty. Rows without a date have the key ''.
--
-- A block has the project set of each of its rows, in no order and in eight digits: `00000003,00000017,`. So a caller
-- counts those that they may see without reading a row for each of them. It is a blob, of which a part is found at
-- once, where a text is gone through from its start.
CREATE TABLE session_blocks (
  list text NOT NULL,
  key text NOT NULL,
  id text NOT NULL,
  row_count integer NOT NULL,
  scopes blob NOT NULL,
  PRIMARY KEY (list, key, id),
  CONSTRAINT session_blocks_row_count_is_not_negative CHECK (row_count >= 0)
) WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO session_blocks (list, key, id, row_count, scopes)
SELECT 'name', iif(block = 0, '', key), iif(block = 0, '', id), rows, scopes FROM (
  SELECT block, min(place), key, id, count(*) AS rows, CAST(group_concat(printf('%08d,', project_set_id), '') AS blob) AS scopes
  FROM (SELECT place / 48 AS block, * FROM (
    SELECT row_number() OVER (ORDER BY name) - 1 AS place, name AS key, '' AS id, project_set_id FROM sessions))
  GROUP BY block);
--> statement-breakpoint
INSERT INTO session_blocks (list, key, id, row_count, scopes)
SELECT 'id', iif(block = 0, '', key), iif(block = 0, '', id), rows, scopes FROM (
  SELECT block, min(place), key, id, count(*) AS rows, CAST(group_concat(printf('%08d,', project_set_id), '') AS blob) AS scopes
  FROM (SELECT place / 48 AS block, * FROM (
    SELECT row_number() OVER (ORDER BY id) - 1 AS place, id AS key, '' AS id, project_set_id FROM sessions))
  GROUP BY block);
--> statement-breakpoint
INSERT INTO session_blocks (list, key, id, row_count, scopes)
SELECT 'date_time', iif(block = 0, '', key), iif(block = 0, '', id), rows, scopes FROM (
  SELECT block, min(place), key, id, count(*) AS rows, CAST(group_concat(printf('%08d,', project_set_id), '') AS blob) AS scopes
  FROM (SELECT place / 48 AS block, * FROM (
    SELECT row_number() OVER (ORDER BY coalesce(date_time, ''), id) - 1 AS place, coalesce(date_time, '') AS key, id, project_set_id FROM sessions))
  GROUP BY block);
--> statement-breakpoint
INSERT INTO session_blocks (list, key, id, row_count, scopes)
SELECT 'created_date', iif(block = 0, '', key), iif(block = 0, '', id), rows, scopes FROM (
  SELECT block, min(place), key, id, count(*) AS rows, CAST(group_concat(printf('%08d,', project_set_id), '') AS blob) AS scopes
  FROM (SELECT place / 48 AS block, * FROM (
    SELECT row_number() OVER (ORDER BY created_date, id) - 1 AS place, created_date AS key, id, project_set_id FROM sessions))
  GROUP BY block);
--> statement-breakpoint
INSERT INTO session_blocks (list, key, id, row_count, scopes)
SELECT 'updated_date', iif(block = 0, '', key), iif(block = 0, '', id), rows, scopes FROM (
  SELECT block, min(place), key, id, count(*) AS rows, CAST(group_concat(printf('%08d,', project_set_id), '') AS blob) AS scopes
  FROM (SELECT place / 48 AS block, * FROM (
    SELECT row_number() OVER (ORDER BY updated_date, id) - 1 AS place, updated_date AS key, id, project_set_id FROM sessions))
  GROUP BY block);
--> statement-breakpoint
INSERT OR IGNORE INTO session_blocks (list, key, id, row_count, scopes)
VALUES ('name', '', '', 0, x''), ('id', '', '', 0, x''), ('date_time', '', '', 0, x''), ('created_date', '', '', 0, x''), ('updated_date', '', '', 0, x'');
--> statement-breakpoint
-- `INSERT INTO session_block_changes` adds a row of a project set to its block (`change` is 1), or takes it out (-1).
CREATE VIEW session_block_changes AS SELECT '' AS list, '' AS key, '' AS id, 0 AS scope, 0 AS change WHERE 0;
--> statement-breakpoint
CREATE TRIGGER session_block_addition INSTEAD OF INSERT ON session_block_changes WHEN NEW.change = 1
BEGIN
  UPDATE session_blocks SET row_count = row_count + 1, scopes = CAST(scopes || printf('%08d,', NEW.scope) AS blob)
  WHERE (list, key, id) = (SELECT list, key, id FROM session_blocks
    WHERE list = NEW.list AND (key, id) <= (NEW.key, NEW.id) ORDER BY key DESC, id DESC LIMIT 1);
END;
--> statement-breakpoint
CREATE TRIGGER session_block_removal INSTEAD OF INSERT ON session_block_changes WHEN NEW.change = -1
BEGIN
  UPDATE session_blocks SET row_count = row_count - 1,
    scopes = CAST(substr(scopes, 1, instr(scopes, printf('%08d,', NEW.scope)) - 1)
      || substr(scopes, instr(scopes, printf('%08d,', NEW.scope)) + 9) AS blob)
  WHERE (list, key, id) = (SELECT list, key, id FROM session_blocks
    WHERE list = NEW.list AND (key, id) <= (NEW.key, NEW.id) ORDER BY key DESC, id DESC LIMIT 1);
END;
--> statement-breakpoint
CREATE TRIGGER session_blocks_end AFTER UPDATE OF row_count ON session_blocks
WHEN NEW.row_count = 0 AND (NEW.key <> '' OR NEW.id <> '')
BEGIN
  DELETE FROM session_blocks WHERE list = NEW.list AND key = NEW.key AND id = NEW.id;
END;
--> statement-breakpoint
-- A block of 65 rows becomes two. Its rows are those that follow its start: first those with the same key, of
-- which there can be very many.
CREATE TRIGGER session_blocks_split_name AFTER UPDATE OF row_count ON session_blocks
WHEN NEW.list = 'name' AND NEW.row_count > 64
BEGIN
  INSERT INTO session_blocks (list, key, id, row_count, scopes)
  SELECT NEW.list,
    (SELECT key FROM (SELECT name AS key, '' AS id, project_set_id FROM sessions
      WHERE name >= NEW.key ORDER BY name LIMIT 1 OFFSET 32)),
    '',
    count(*), CAST(group_concat(printf('%08d,', project_set_id), '') AS blob)
  FROM (SELECT name AS key, '' AS id, project_set_id FROM sessions
      WHERE name >= NEW.key ORDER BY name LIMIT NEW.row_count - 32 OFFSET 32);
  UPDATE session_blocks SET row_count = 32, scopes = (
    SELECT CAST(group_concat(printf('%08d,', project_set_id), '') AS blob)
    FROM (SELECT name AS key, '' AS id, project_set_id FROM sessions
      WHERE name >= NEW.key ORDER BY name LIMIT 32))
  WHERE list = NEW.list AND key = NEW.key AND id = NEW.id;
END;
--> statement-breakpoint
CREATE TRIGGER session_blocks_split_id AFTER UPDATE OF row_count ON session_blocks
WHEN NEW.list = 'id' AND NEW.row_count > 64
BEGIN
  INSERT INTO session_blocks (list, key, id, row_count, scopes)
  SELECT NEW.list,
    (SELECT key FROM (SELECT id AS key, '' AS id, project_set_id FROM sessions
      WHERE id >= NEW.key ORDER BY id LIMIT 1 OFFSET 32)),
    '',
    count(*), CAST(group_concat(printf('%08d,', project_set_id), '') AS blob)
  FROM (SELECT id AS key, '' AS id, project_set_id FROM sessions
      WHERE id >= NEW.key ORDER BY id LIMIT NEW.row_count - 32 OFFSET 32);
  UPDATE session_blocks SET row_count = 32, scopes = (
    SELECT CAST(group_concat(printf('%08d,', project_set_id), '') AS blob)
    FROM (SELECT id AS key, '' AS id, project_set_id FROM sessions
      WHERE id >= NEW.key ORDER BY id LIMIT 32))
  WHERE list = NEW.list AND key = NEW.key AND id = NEW.id;
END;
--> statement-breakpoint
CREATE TRIGGER session_blocks_split_date_time AFTER UPDATE OF row_count ON session_blocks
WHEN NEW.list = 'date_time' AND NEW.row_count > 64
BEGIN
  INSERT INTO session_blocks (list, key, id, row_count, scopes)
  SELECT NEW.list,
    (SELECT key FROM (SELECT * FROM (
        SELECT coalesce(date_time, '') AS key, id, project_set_id FROM sessions
        WHERE date_time IS nullif(NEW.key, '') AND id >= NEW.id ORDER BY date_time, id LIMIT NEW.row_count)
      UNION ALL SELECT * FROM (SELECT date_time, id, project_set_id FROM sessions
        WHERE date_time > NEW.key ORDER BY date_time, id LIMIT NEW.row_count)
      LIMIT 1 OFFSET 32)),
    (SELECT id FROM (SELECT * FROM (
        SELECT coalesce(date_time, '') AS key, id, project_set_id FROM sessions
        WHERE date_time IS nullif(NEW.key, '') AND id >= NEW.id ORDER BY date_time, id LIMIT NEW.row_count)
      UNION ALL SELECT * FROM (SELECT date_time, id, project_set_id FROM sessions
        WHERE date_time > NEW.key ORDER BY date_time, id LIMIT NEW.row_count)
      LIMIT 1 OFFSET 32)),
    count(*), CAST(group_concat(printf('%08d,', project_set_id), '') AS blob)
  FROM (SELECT * FROM (
        SELECT coalesce(date_time, '') AS key, id, project_set_id FROM sessions
        WHERE date_time IS nullif(NEW.key, '') AND id >= NEW.id ORDER BY date_time, id LIMIT NEW.row_count)
      UNION ALL SELECT * FROM (SELECT date_time, id, project_set_id FROM sessions
        WHERE date_time > NEW.key ORDER BY date_time, id LIMIT NEW.row_count)
      LIMIT NEW.row_count - 32 OFFSET 32);
  UPDATE session_blocks SET row_count = 32, scopes = (
    SELECT CAST(group_concat(printf('%08d,', project_set_id), '') AS blob)
    FROM (SELECT * FROM (
        SELECT coalesce(date_time, '') AS key, id, project_set_id FROM sessions
        WHERE date_time IS nullif(NEW.key, '') AND id >= NEW.id ORDER BY date_time, id LIMIT NEW.row_count)
      UNION ALL SELECT * FROM (SELECT date_time, id, project_set_id FROM sessions
        WHERE date_time > NEW.key ORDER BY date_time, id LIMIT NEW.row_count)
      LIMIT 32))
  WHERE list = NEW.list AND key = NEW.key AND id = NEW.id;
END;
--> statement-breakpoint
CREATE TRIGGER session_blocks_split_created_date AFTER UPDATE OF row_count ON session_blocks
WHEN NEW.list = 'created_date' AND NEW.row_count > 64
BEGIN
  INSERT INTO session_blocks (list, key, id, row_count, scopes)
  SELECT NEW.list,
    (SELECT key FROM (SELECT * FROM (
        SELECT created_date AS key, id, project_set_id FROM sessions
        WHERE created_date = NEW.key AND id >= NEW.id ORDER BY created_date, id LIMIT NEW.row_count)
      UNION ALL SELECT * FROM (SELECT created_date, id, project_set_id FROM sessions
        WHERE created_date > NEW.key ORDER BY created_date, id LIMIT NEW.row_count)
      LIMIT 1 OFFSET 32)),
    (SELECT id FROM (SELECT * FROM (
        SELECT created_date AS key, id, project_set_id FROM sessions
        WHERE created_date = NEW.key AND id >= NEW.id ORDER BY created_date, id LIMIT NEW.row_count)
      UNION ALL SELECT * FROM (SELECT created_date, id, project_set_id FROM sessions
        WHERE created_date > NEW.key ORDER BY created_date, id LIMIT NEW.row_count)
      LIMIT 1 OFFSET 32)),
    count(*), CAST(group_concat(printf('%08d,', project_set_id), '') AS blob)
  FROM (SELECT * FROM (
        SELECT created_date AS key, id, project_set_id FROM sessions
        WHERE created_date = NEW.key AND id >= NEW.id ORDER BY created_date, id LIMIT NEW.row_count)
      UNION ALL SELECT * FROM (SELECT created_date, id, project_set_id FROM sessions
        WHERE created_date > NEW.key ORDER BY created_date, id LIMIT NEW.row_count)
      LIMIT NEW.row_count - 32 OFFSET 32);
  UPDATE session_blocks SET row_count = 32, scopes = (
    SELECT CAST(group_concat(printf('%08d,', project_set_id), '') AS blob)
    FROM (SELECT * FROM (
        SELECT created_date AS key, id, project_set_id FROM sessions
        WHERE created_date = NEW.key AND id >= NEW.id ORDER BY created_date, id LIMIT NEW.row_count)
      UNION ALL SELECT * FROM (SELECT created_date, id, project_set_id FROM sessions
        WHERE created_date > NEW.key ORDER BY created_date, id LIMIT NEW.row_count)
      LIMIT 32))
  WHERE list = NEW.list AND key = NEW.key AND id = NEW.id;
END;
--> statement-breakpoint
CREATE TRIGGER session_blocks_split_updated_date AFTER UPDATE OF row_count ON session_blocks
WHEN NEW.list = 'updated_date' AND NEW.row_count > 64
BEGIN
  INSERT INTO session_blocks (list, key, id, row_count, scopes)
  SELECT NEW.list,
    (SELECT key FROM (SELECT * FROM (
        SELECT updated_date AS key, id, project_set_id FROM sessions
        WHERE updated_date = NEW.key AND id >= NEW.id ORDER BY updated_date, id LIMIT NEW.row_count)
      UNION ALL SELECT * FROM (SELECT updated_date, id, project_set_id FROM sessions
        WHERE updated_date > NEW.key ORDER BY updated_date, id LIMIT NEW.row_count)
      LIMIT 1 OFFSET 32)),
    (SELECT id FROM (SELECT * FROM (
        SELECT updated_date AS key, id, project_set_id FROM sessions
        WHERE updated_date = NEW.key AND id >= NEW.id ORDER BY updated_date, id LIMIT NEW.row_count)
      UNION ALL SELECT * FROM (SELECT updated_date, id, project_set_id FROM sessions
        WHERE updated_date > NEW.key ORDER BY updated_date, id LIMIT NEW.row_count)
      LIMIT 1 OFFSET 32)),
    count(*), CAST(group_concat(printf('%08d,', project_set_id), '') AS blob)
  FROM (SELECT * FROM (
        SELECT updated_date AS key, id, project_set_id FROM sessions
        WHERE updated_date = NEW.key AND id >= NEW.id ORDER BY updated_date, id LIMIT NEW.row_count)
      UNION ALL SELECT * FROM (SELECT updated_date, id, project_set_id FROM sessions
        WHERE updated_date > NEW.key ORDER BY updated_date, id LIMIT NEW.row_count)
      LIMIT NEW.row_count - 32 OFFSET 32);
  UPDATE session_blocks SET row_count = 32, scopes = (
    SELECT CAST(group_concat(printf('%08d,', project_set_id), '') AS blob)
    FROM (SELECT * FROM (
        SELECT updated_date AS key, id, project_set_id FROM sessions
        WHERE updated_date = NEW.key AND id >= NEW.id ORDER BY updated_date, id LIMIT NEW.row_count)
      UNION ALL SELECT * FROM (SELECT updated_date, id, project_set_id FROM sessions
        WHERE updated_date > NEW.key ORDER BY updated_date, id LIMIT NEW.row_count)
      LIMIT 32))
  WHERE list = NEW.list AND key = NEW.key AND id = NEW.id;
END;
--> statement-breakpoint
CREATE TRIGGER session_blocks_insert AFTER INSERT ON sessions
BEGIN
  INSERT INTO session_block_changes (list, key, id, scope, change) VALUES
    ('name', NEW.name, '', NEW.project_set_id, 1),
    ('id', NEW.id, '', NEW.project_set_id, 1),
    ('date_time', coalesce(NEW.date_time, ''), NEW.id, NEW.project_set_id, 1),
    ('created_date', NEW.created_date, NEW.id, NEW.project_set_id, 1),
    ('updated_date', NEW.updated_date, NEW.id, NEW.project_set_id, 1);
END;
--> statement-breakpoint
CREATE TRIGGER session_blocks_delete AFTER DELETE ON sessions
BEGIN
  INSERT INTO session_block_changes (list, key, id, scope, change) VALUES
    ('name', OLD.name, '', OLD.project_set_id, -1),
    ('id', OLD.id, '', OLD.project_set_id, -1),
    ('date_time', coalesce(OLD.date_time, ''), OLD.id, OLD.project_set_id, -1),
    ('created_date', OLD.created_date, OLD.id, OLD.project_set_id, -1),
    ('updated_date', OLD.updated_date, OLD.id, OLD.project_set_id, -1);
END;
--> statement-breakpoint
CREATE TRIGGER session_blocks_move_name AFTER UPDATE OF name, project_set_id ON sessions
WHEN OLD.project_set_id <> NEW.project_set_id OR OLD.name <> NEW.name
BEGIN
  INSERT INTO session_block_changes (list, key, id, scope, change) VALUES
    ('name', OLD.name, '', OLD.project_set_id, -1),
    ('name', NEW.name, '', NEW.project_set_id, 1);
END;
--> statement-breakpoint
CREATE TRIGGER session_blocks_move_id AFTER UPDATE OF project_set_id ON sessions
WHEN OLD.project_set_id <> NEW.project_set_id
BEGIN
  INSERT INTO session_block_changes (list, key, id, scope, change) VALUES
    ('id', OLD.id, '', OLD.project_set_id, -1),
    ('id', NEW.id, '', NEW.project_set_id, 1);
END;
--> statement-breakpoint
CREATE TRIGGER session_blocks_move_date_time AFTER UPDATE OF date_time, project_set_id ON sessions
WHEN OLD.project_set_id <> NEW.project_set_id OR OLD.date_time IS NOT NEW.date_time
BEGIN
  INSERT INTO session_block_changes (list, key, id, scope, change) VALUES
    ('date_time', coalesce(OLD.date_time, ''), OLD.id, OLD.project_set_id, -1),
    ('date_time', coalesce(NEW.date_time, ''), NEW.id, NEW.project_set_id, 1);
END;
--> statement-breakpoint
CREATE TRIGGER session_blocks_move_created_date AFTER UPDATE OF created_date, project_set_id ON sessions
WHEN OLD.project_set_id <> NEW.project_set_id OR OLD.created_date <> NEW.created_date
BEGIN
  INSERT INTO session_block_changes (list, key, id, scope, change) VALUES
    ('created_date', OLD.created_date, OLD.id, OLD.project_set_id, -1),
    ('created_date', NEW.created_date, NEW.id, NEW.project_set_id, 1);
END;
--> statement-breakpoint
CREATE TRIGGER session_blocks_move_updated_date AFTER UPDATE OF updated_date, project_set_id ON sessions
WHEN OLD.project_set_id <> NEW.project_set_id OR OLD.updated_date <> NEW.updated_date
BEGIN
  INSERT INTO session_block_changes (list, key, id, scope, change) VALUES
    ('updated_date', OLD.updated_date, OLD.id, OLD.project_set_id, -1),
    ('updated_date', NEW.updated_date, NEW.id, NEW.project_set_id, 1);
END;
