-- The place of a record within the one that it belongs to becomes one value, which one index has.
DROP INDEX `behaviors_place`;
--> statement-breakpoint
DROP INDEX `behaviors_project_set_place`;
--> statement-breakpoint
ALTER TABLE `behaviors` ADD `place` text GENERATED ALWAYS AS (printf('%d %020d %s %s', position IS NULL, position, created_date, id)) VIRTUAL;
--> statement-breakpoint
CREATE INDEX `behaviors_order` ON `behaviors` (`session_id`,"position" IS NULL,`position`,`created_date`,`id`);
--> statement-breakpoint
CREATE INDEX `behaviors_place` ON `behaviors` (`session_id`,`place`);
--> statement-breakpoint
CREATE INDEX `behaviors_project_set_place` ON `behaviors` (`project_set_id`,`session_id`,`place`);
--> statement-breakpoint
DROP INDEX `data_acquisitions_place`;
--> statement-breakpoint
DROP INDEX `data_acquisitions_project_set_place`;
--> statement-breakpoint
ALTER TABLE `data_acquisitions` ADD `place` text GENERATED ALWAYS AS (printf('%d %020d %s %s', position IS NULL, position, created_date, id)) VIRTUAL;
--> statement-breakpoint
CREATE INDEX `data_acquisitions_order` ON `data_acquisitions` (`session_id`,"position" IS NULL,`position`,`created_date`,`id`);
--> statement-breakpoint
CREATE INDEX `data_acquisitions_place` ON `data_acquisitions` (`session_id`,`place`);
--> statement-breakpoint
CREATE INDEX `data_acquisitions_project_set_place` ON `data_acquisitions` (`project_set_id`,`session_id`,`place`);
--> statement-breakpoint
DROP INDEX `epochs_place`;
--> statement-breakpoint
DROP INDEX `epochs_project_set_place`;
--> statement-breakpoint
ALTER TABLE `epochs` ADD `place` text GENERATED ALWAYS AS (printf('%d %020d %s %s', position IS NULL, position, created_date, id)) VIRTUAL;
--> statement-breakpoint
CREATE INDEX `epochs_order` ON `epochs` (`session_id`,"position" IS NULL,`position`,`created_date`,`id`);
--> statement-breakpoint
CREATE INDEX `epochs_place` ON `epochs` (`session_id`,`place`);
--> statement-breakpoint
CREATE INDEX `epochs_project_set_place` ON `epochs` (`project_set_id`,`session_id`,`place`);
--> statement-breakpoint
DROP INDEX `manipulations_place`;
--> statement-breakpoint
DROP INDEX `manipulations_project_set_place`;
--> statement-breakpoint
ALTER TABLE `manipulations` ADD `place` text GENERATED ALWAYS AS (printf('%d %020d %s %s', position IS NULL, position, created_date, id)) VIRTUAL;
--> statement-breakpoint
CREATE INDEX `manipulations_order` ON `manipulations` (`session_id`,"position" IS NULL,`position`,`created_date`,`id`);
--> statement-breakpoint
CREATE INDEX `manipulations_place` ON `manipulations` (`session_id`,`place`);
--> statement-breakpoint
CREATE INDEX `manipulations_project_set_place` ON `manipulations` (`project_set_id`,`session_id`,`place`);
--> statement-breakpoint
DROP INDEX `procedure_logs_place`;
--> statement-breakpoint
DROP INDEX `procedure_logs_project_set_place`;
--> statement-breakpoint
ALTER TABLE `procedure_logs` ADD `place` text GENERATED ALWAYS AS (created_date || ' ' || id) VIRTUAL;
--> statement-breakpoint
CREATE INDEX `procedure_logs_place` ON `procedure_logs` (`procedure_id`,`place`);
--> statement-breakpoint
CREATE INDEX `procedure_logs_project_set_place` ON `procedure_logs` (`project_set_id`,`procedure_id`,`place`);
--> statement-breakpoint
DROP INDEX `procedures_place`;
--> statement-breakpoint
DROP INDEX `procedures_project_set_place`;
--> statement-breakpoint
ALTER TABLE `procedures` ADD `place` text GENERATED ALWAYS AS (created_date || ' ' || id) VIRTUAL;
--> statement-breakpoint
CREATE INDEX `procedures_place` ON `procedures` (`subject_id`,`place`);
--> statement-breakpoint
CREATE INDEX `procedures_project_set_place` ON `procedures` (`project_set_id`,`subject_id`,`place`);
--> statement-breakpoint
DROP INDEX `subject_logs_place`;
--> statement-breakpoint
DROP INDEX `subject_logs_project_set_place`;
--> statement-breakpoint
ALTER TABLE `subject_logs` ADD `place` text GENERATED ALWAYS AS (created_date || ' ' || id) VIRTUAL;
--> statement-breakpoint
CREATE INDEX `subject_logs_place` ON `subject_logs` (`subject_id`,`place`);
--> statement-breakpoint
CREATE INDEX `subject_logs_project_set_place` ON `subject_logs` (`project_set_id`,`subject_id`,`place`);
--> statement-breakpoint
-- The rows of a list in its order, as blocks of at most 64 neighbours. A page at an offset skips the blocks before
-- it, and steps over the rows of the others only. A block starts at (`key`, `id`) and ends where the next one starts.
-- The first block of a list starts at ('', ''), and stays when it is empty. Rows without a date have the key ''. In
-- the default order of records that belong to another one, the key is the other one, and `id` is the place within it.
--
-- A block has the project set of each of its rows, in no order and in eight digits: `00000003,00000017,`. So a caller
-- counts those that they may see without reading a row for each of them. It is a blob, of which a part is found at
-- once, where a text is gone through from its start.
--
-- `(key, id) > (other.key, +other.id)` has a sign because SQLite uses an index for a second column only when the value
-- beside it has no affinity.
CREATE TABLE list_blocks (
  list text NOT NULL,
  key text NOT NULL,
  id text NOT NULL,
  row_count integer NOT NULL,
  scopes blob NOT NULL,
  PRIMARY KEY (list, key, id),
  CONSTRAINT list_blocks_row_count_is_not_negative CHECK (row_count >= 0)
) WITHOUT ROWID;
--> statement-breakpoint
-- The blocks of the sessions were in a table of their own.
INSERT INTO list_blocks (list, key, id, row_count, scopes)
SELECT 'sessions.' || list, key, id, row_count, scopes FROM session_blocks;
--> statement-breakpoint
DROP TRIGGER session_blocks_insert;
--> statement-breakpoint
DROP TRIGGER session_blocks_delete;
--> statement-breakpoint
DROP TRIGGER session_blocks_move_name;
--> statement-breakpoint
DROP TRIGGER session_blocks_move_id;
--> statement-breakpoint
DROP TRIGGER session_blocks_move_date_time;
--> statement-breakpoint
DROP TRIGGER session_blocks_move_created_date;
--> statement-breakpoint
DROP TRIGGER session_blocks_move_updated_date;
--> statement-breakpoint
DROP VIEW session_block_changes;
--> statement-breakpoint
DROP TABLE session_blocks;
--> statement-breakpoint
INSERT INTO list_blocks (list, key, id, row_count, scopes)
SELECT 'session_data_storages.place', iif(block = 0, '', key), iif(block = 0, '', id), rows, scopes FROM (
  SELECT block, min(place), key, id, count(*) AS rows, CAST(group_concat(printf('%08d,', scope), '') AS blob) AS scopes
  FROM (SELECT place / 48 AS block, * FROM (SELECT row_number() OVER (ORDER BY key, id) - 1 AS place, * FROM (
    SELECT session_id AS key, printf('%020d %s', position, id) AS id, project_set_id AS scope
    FROM session_data_storages)))
  GROUP BY block);
--> statement-breakpoint
INSERT INTO list_blocks (list, key, id, row_count, scopes)
SELECT 'session_data_storages.id', iif(block = 0, '', key), iif(block = 0, '', id), rows, scopes FROM (
  SELECT block, min(place), key, id, count(*) AS rows, CAST(group_concat(printf('%08d,', scope), '') AS blob) AS scopes
  FROM (SELECT place / 48 AS block, * FROM (SELECT row_number() OVER (ORDER BY key, id) - 1 AS place, * FROM (
    SELECT id AS key, '' AS id, project_set_id AS scope
    FROM session_data_storages)))
  GROUP BY block);
--> statement-breakpoint
INSERT INTO list_blocks (list, key, id, row_count, scopes)
SELECT 'epochs.place', iif(block = 0, '', key), iif(block = 0, '', id), rows, scopes FROM (
  SELECT block, min(place), key, id, count(*) AS rows, CAST(group_concat(printf('%08d,', scope), '') AS blob) AS scopes
  FROM (SELECT place / 48 AS block, * FROM (SELECT row_number() OVER (ORDER BY key, id) - 1 AS place, * FROM (
    SELECT session_id AS key, place AS id, project_set_id AS scope
    FROM epochs)))
  GROUP BY block);
--> statement-breakpoint
INSERT INTO list_blocks (list, key, id, row_count, scopes)
SELECT 'epochs.id', iif(block = 0, '', key), iif(block = 0, '', id), rows, scopes FROM (
  SELECT block, min(place), key, id, count(*) AS rows, CAST(group_concat(printf('%08d,', scope), '') AS blob) AS scopes
  FROM (SELECT place / 48 AS block, * FROM (SELECT row_number() OVER (ORDER BY key, id) - 1 AS place, * FROM (
    SELECT id AS key, '' AS id, project_set_id AS scope
    FROM epochs)))
  GROUP BY block);
--> statement-breakpoint
INSERT INTO list_blocks (list, key, id, row_count, scopes)
SELECT 'epochs.created_date', iif(block = 0, '', key), iif(block = 0, '', id), rows, scopes FROM (
  SELECT block, min(place), key, id, count(*) AS rows, CAST(group_concat(printf('%08d,', scope), '') AS blob) AS scopes
  FROM (SELECT place / 48 AS block, * FROM (SELECT row_number() OVER (ORDER BY key, id) - 1 AS place, * FROM (
    SELECT created_date AS key, id AS id, project_set_id AS scope
    FROM epochs)))
  GROUP BY block);
--> statement-breakpoint
INSERT INTO list_blocks (list, key, id, row_count, scopes)
SELECT 'epochs.updated_date', iif(block = 0, '', key), iif(block = 0, '', id), rows, scopes FROM (
  SELECT block, min(place), key, id, count(*) AS rows, CAST(group_concat(printf('%08d,', scope), '') AS blob) AS scopes
  FROM (SELECT place / 48 AS block, * FROM (SELECT row_number() OVER (ORDER BY key, id) - 1 AS place, * FROM (
    SELECT updated_date AS key, id AS id, project_set_id AS scope
    FROM epochs)))
  GROUP BY block);
--> statement-breakpoint
INSERT INTO list_blocks (list, key, id, row_count, scopes)
SELECT 'data_acquisitions.place', iif(block = 0, '', key), iif(block = 0, '', id), rows, scopes FROM (
  SELECT block, min(place), key, id, count(*) AS rows, CAST(group_concat(printf('%08d,', scope), '') AS blob) AS scopes
  FROM (SELECT place / 48 AS block, * FROM (SELECT row_number() OVER (ORDER BY key, id) - 1 AS place, * FROM (
    SELECT session_id AS key, place AS id, project_set_id AS scope
    FROM data_acquisitions)))
  GROUP BY block);
--> statement-breakpoint
INSERT INTO list_blocks (list, key, id, row_count, scopes)
SELECT 'data_acquisitions.id', iif(block = 0, '', key), iif(block = 0, '', id), rows, scopes FROM (
  SELECT block, min(place), key, id, count(*) AS rows, CAST(group_concat(printf('%08d,', scope), '') AS blob) AS scopes
  FROM (SELECT place / 48 AS block, * FROM (SELECT row_number() OVER (ORDER BY key, id) - 1 AS place, * FROM (
    SELECT id AS key, '' AS id, project_set_id AS scope
    FROM data_acquisitions)))
  GROUP BY block);
--> statement-breakpoint
INSERT INTO list_blocks (list, key, id, row_count, scopes)
SELECT 'data_acquisitions.created_date', iif(block = 0, '', key), iif(block = 0, '', id), rows, scopes FROM (
  SELECT block, min(place), key, id, count(*) AS rows, CAST(group_concat(printf('%08d,', scope), '') AS blob) AS scopes
  FROM (SELECT place / 48 AS block, * FROM (SELECT row_number() OVER (ORDER BY key, id) - 1 AS place, * FROM (
    SELECT created_date AS key, id AS id, project_set_id AS scope
    FROM data_acquisitions)))
  GROUP BY block);
--> statement-breakpoint
INSERT INTO list_blocks (list, key, id, row_count, scopes)
SELECT 'data_acquisitions.updated_date', iif(block = 0, '', key), iif(block = 0, '', id), rows, scopes FROM (
  SELECT block, min(place), key, id, count(*) AS rows, CAST(group_concat(printf('%08d,', scope), '') AS blob) AS scopes
  FROM (SELECT place / 48 AS block, * FROM (SELECT row_number() OVER (ORDER BY key, id) - 1 AS place, * FROM (
    SELECT updated_date AS key, id AS id, project_set_id AS scope
    FROM data_acquisitions)))
  GROUP BY block);
--> statement-breakpoint
INSERT INTO list_blocks (list, key, id, row_count, scopes)
SELECT 'behaviors.place', iif(block = 0, '', key), iif(block = 0, '', id), rows, scopes FROM (
  SELECT block, min(place), key, id, count(*) AS rows, CAST(group_concat(printf('%08d,', scope), '') AS blob) AS scopes
  FROM (SELECT place / 48 AS block, * FROM (SELECT row_number() OVER (ORDER BY key, id) - 1 AS place, * FROM (
    SELECT session_id AS key, place AS id, project_set_id AS scope
    FROM behaviors)))
  GROUP BY block);
--> statement-breakpoint
INSERT INTO list_blocks (list, key, id, row_count, scopes)
SELECT 'behaviors.id', iif(block = 0, '', key), iif(block = 0, '', id), rows, scopes FROM (
  SELECT block, min(place), key, id, count(*) AS rows, CAST(group_concat(printf('%08d,', scope), '') AS blob) AS scopes
  FROM (SELECT place / 48 AS block, * FROM (SELECT row_number() OVER (ORDER BY key, id) - 1 AS place, * FROM (
    SELECT id AS key, '' AS id, project_set_id AS scope
    FROM behaviors)))
  GROUP BY block);
--> statement-breakpoint
INSERT INTO list_blocks (list, key, id, row_count, scopes)
SELECT 'behaviors.created_date', iif(block = 0, '', key), iif(block = 0, '', id), rows, scopes FROM (
  SELECT block, min(place), key, id, count(*) AS rows, CAST(group_concat(printf('%08d,', scope), '') AS blob) AS scopes
  FROM (SELECT place / 48 AS block, * FROM (SELECT row_number() OVER (ORDER BY key, id) - 1 AS place, * FROM (
    SELECT created_date AS key, id AS id, project_set_id AS scope
    FROM behaviors)))
  GROUP BY block);
--> statement-breakpoint
INSERT INTO list_blocks (list, key, id, row_count, scopes)
SELECT 'behaviors.updated_date', iif(block = 0, '', key), iif(block = 0, '', id), rows, scopes FROM (
  SELECT block, min(place), key, id, count(*) AS rows, CAST(group_concat(printf('%08d,', scope), '') AS blob) AS scopes
  FROM (SELECT place / 48 AS block, * FROM (SELECT row_number() OVER (ORDER BY key, id) - 1 AS place, * FROM (
    SELECT updated_date AS key, id AS id, project_set_id AS scope
    FROM behaviors)))
  GROUP BY block);
--> statement-breakpoint
INSERT INTO list_blocks (list, key, id, row_count, scopes)
SELECT 'manipulations.place', iif(block = 0, '', key), iif(block = 0, '', id), rows, scopes FROM (
  SELECT block, min(place), key, id, count(*) AS rows, CAST(group_concat(printf('%08d,', scope), '') AS blob) AS scopes
  FROM (SELECT place / 48 AS block, * FROM (SELECT row_number() OVER (ORDER BY key, id) - 1 AS place, * FROM (
    SELECT session_id AS key, place AS id, project_set_id AS scope
    FROM manipulations)))
  GROUP BY block);
--> statement-breakpoint
INSERT INTO list_blocks (list, key, id, row_count, scopes)
SELECT 'manipulations.id', iif(block = 0, '', key), iif(block = 0, '', id), rows, scopes FROM (
  SELECT block, min(place), key, id, count(*) AS rows, CAST(group_concat(printf('%08d,', scope), '') AS blob) AS scopes
  FROM (SELECT place / 48 AS block, * FROM (SELECT row_number() OVER (ORDER BY key, id) - 1 AS place, * FROM (
    SELECT id AS key, '' AS id, project_set_id AS scope
    FROM manipulations)))
  GROUP BY block);
--> statement-breakpoint
INSERT INTO list_blocks (list, key, id, row_count, scopes)
SELECT 'manipulations.created_date', iif(block = 0, '', key), iif(block = 0, '', id), rows, scopes FROM (
  SELECT block, min(place), key, id, count(*) AS rows, CAST(group_concat(printf('%08d,', scope), '') AS blob) AS scopes
  FROM (SELECT place / 48 AS block, * FROM (SELECT row_number() OVER (ORDER BY key, id) - 1 AS place, * FROM (
    SELECT created_date AS key, id AS id, project_set_id AS scope
    FROM manipulations)))
  GROUP BY block);
--> statement-breakpoint
INSERT INTO list_blocks (list, key, id, row_count, scopes)
SELECT 'manipulations.updated_date', iif(block = 0, '', key), iif(block = 0, '', id), rows, scopes FROM (
  SELECT block, min(place), key, id, count(*) AS rows, CAST(group_concat(printf('%08d,', scope), '') AS blob) AS scopes
  FROM (SELECT place / 48 AS block, * FROM (SELECT row_number() OVER (ORDER BY key, id) - 1 AS place, * FROM (
    SELECT updated_date AS key, id AS id, project_set_id AS scope
    FROM manipulations)))
  GROUP BY block);
--> statement-breakpoint
INSERT INTO list_blocks (list, key, id, row_count, scopes)
SELECT 'subjects.name', iif(block = 0, '', key), iif(block = 0, '', id), rows, scopes FROM (
  SELECT block, min(place), key, id, count(*) AS rows, CAST(group_concat(printf('%08d,', scope), '') AS blob) AS scopes
  FROM (SELECT place / 48 AS block, * FROM (SELECT row_number() OVER (ORDER BY key, id) - 1 AS place, * FROM (
    SELECT name AS key, '' AS id, project_set_id AS scope
    FROM subjects)))
  GROUP BY block);
--> statement-breakpoint
INSERT INTO list_blocks (list, key, id, row_count, scopes)
SELECT 'subjects.id', iif(block = 0, '', key), iif(block = 0, '', id), rows, scopes FROM (
  SELECT block, min(place), key, id, count(*) AS rows, CAST(group_concat(printf('%08d,', scope), '') AS blob) AS scopes
  FROM (SELECT place / 48 AS block, * FROM (SELECT row_number() OVER (ORDER BY key, id) - 1 AS place, * FROM (
    SELECT id AS key, '' AS id, project_set_id AS scope
    FROM subjects)))
  GROUP BY block);
--> statement-breakpoint
INSERT INTO list_blocks (list, key, id, row_count, scopes)
SELECT 'subjects.birth_date', iif(block = 0, '', key), iif(block = 0, '', id), rows, scopes FROM (
  SELECT block, min(place), key, id, count(*) AS rows, CAST(group_concat(printf('%08d,', scope), '') AS blob) AS scopes
  FROM (SELECT place / 48 AS block, * FROM (SELECT row_number() OVER (ORDER BY key, id) - 1 AS place, * FROM (
    SELECT coalesce(birth_date, '') AS key, id AS id, project_set_id AS scope
    FROM subjects)))
  GROUP BY block);
--> statement-breakpoint
INSERT INTO list_blocks (list, key, id, row_count, scopes)
SELECT 'subjects.created_date', iif(block = 0, '', key), iif(block = 0, '', id), rows, scopes FROM (
  SELECT block, min(place), key, id, count(*) AS rows, CAST(group_concat(printf('%08d,', scope), '') AS blob) AS scopes
  FROM (SELECT place / 48 AS block, * FROM (SELECT row_number() OVER (ORDER BY key, id) - 1 AS place, * FROM (
    SELECT created_date AS key, id AS id, project_set_id AS scope
    FROM subjects)))
  GROUP BY block);
--> statement-breakpoint
INSERT INTO list_blocks (list, key, id, row_count, scopes)
SELECT 'subjects.updated_date', iif(block = 0, '', key), iif(block = 0, '', id), rows, scopes FROM (
  SELECT block, min(place), key, id, count(*) AS rows, CAST(group_concat(printf('%08d,', scope), '') AS blob) AS scopes
  FROM (SELECT place / 48 AS block, * FROM (SELECT row_number() OVER (ORDER BY key, id) - 1 AS place, * FROM (
    SELECT updated_date AS key, id AS id, project_set_id AS scope
    FROM subjects)))
  GROUP BY block);
--> statement-breakpoint
INSERT INTO list_blocks (list, key, id, row_count, scopes)
SELECT 'procedures.place', iif(block = 0, '', key), iif(block = 0, '', id), rows, scopes FROM (
  SELECT block, min(place), key, id, count(*) AS rows, CAST(group_concat(printf('%08d,', scope), '') AS blob) AS scopes
  FROM (SELECT place / 48 AS block, * FROM (SELECT row_number() OVER (ORDER BY key, id) - 1 AS place, * FROM (
    SELECT subject_id AS key, place AS id, project_set_id AS scope
    FROM procedures)))
  GROUP BY block);
--> statement-breakpoint
INSERT INTO list_blocks (list, key, id, row_count, scopes)
SELECT 'procedures.id', iif(block = 0, '', key), iif(block = 0, '', id), rows, scopes FROM (
  SELECT block, min(place), key, id, count(*) AS rows, CAST(group_concat(printf('%08d,', scope), '') AS blob) AS scopes
  FROM (SELECT place / 48 AS block, * FROM (SELECT row_number() OVER (ORDER BY key, id) - 1 AS place, * FROM (
    SELECT id AS key, '' AS id, project_set_id AS scope
    FROM procedures)))
  GROUP BY block);
--> statement-breakpoint
INSERT INTO list_blocks (list, key, id, row_count, scopes)
SELECT 'procedures.date_time', iif(block = 0, '', key), iif(block = 0, '', id), rows, scopes FROM (
  SELECT block, min(place), key, id, count(*) AS rows, CAST(group_concat(printf('%08d,', scope), '') AS blob) AS scopes
  FROM (SELECT place / 48 AS block, * FROM (SELECT row_number() OVER (ORDER BY key, id) - 1 AS place, * FROM (
    SELECT coalesce(date_time, '') AS key, id AS id, project_set_id AS scope
    FROM procedures)))
  GROUP BY block);
--> statement-breakpoint
INSERT INTO list_blocks (list, key, id, row_count, scopes)
SELECT 'procedures.created_date', iif(block = 0, '', key), iif(block = 0, '', id), rows, scopes FROM (
  SELECT block, min(place), key, id, count(*) AS rows, CAST(group_concat(printf('%08d,', scope), '') AS blob) AS scopes
  FROM (SELECT place / 48 AS block, * FROM (SELECT row_number() OVER (ORDER BY key, id) - 1 AS place, * FROM (
    SELECT created_date AS key, id AS id, project_set_id AS scope
    FROM procedures)))
  GROUP BY block);
--> statement-breakpoint
INSERT INTO list_blocks (list, key, id, row_count, scopes)
SELECT 'procedures.updated_date', iif(block = 0, '', key), iif(block = 0, '', id), rows, scopes FROM (
  SELECT block, min(place), key, id, count(*) AS rows, CAST(group_concat(printf('%08d,', scope), '') AS blob) AS scopes
  FROM (SELECT place / 48 AS block, * FROM (SELECT row_number() OVER (ORDER BY key, id) - 1 AS place, * FROM (
    SELECT updated_date AS key, id AS id, project_set_id AS scope
    FROM procedures)))
  GROUP BY block);
--> statement-breakpoint
INSERT INTO list_blocks (list, key, id, row_count, scopes)
SELECT 'subject_logs.place', iif(block = 0, '', key), iif(block = 0, '', id), rows, scopes FROM (
  SELECT block, min(place), key, id, count(*) AS rows, CAST(group_concat(printf('%08d,', scope), '') AS blob) AS scopes
  FROM (SELECT place / 48 AS block, * FROM (SELECT row_number() OVER (ORDER BY key, id) - 1 AS place, * FROM (
    SELECT subject_id AS key, place AS id, project_set_id AS scope
    FROM subject_logs)))
  GROUP BY block);
--> statement-breakpoint
INSERT INTO list_blocks (list, key, id, row_count, scopes)
SELECT 'subject_logs.id', iif(block = 0, '', key), iif(block = 0, '', id), rows, scopes FROM (
  SELECT block, min(place), key, id, count(*) AS rows, CAST(group_concat(printf('%08d,', scope), '') AS blob) AS scopes
  FROM (SELECT place / 48 AS block, * FROM (SELECT row_number() OVER (ORDER BY key, id) - 1 AS place, * FROM (
    SELECT id AS key, '' AS id, project_set_id AS scope
    FROM subject_logs)))
  GROUP BY block);
--> statement-breakpoint
INSERT INTO list_blocks (list, key, id, row_count, scopes)
SELECT 'subject_logs.created_date', iif(block = 0, '', key), iif(block = 0, '', id), rows, scopes FROM (
  SELECT block, min(place), key, id, count(*) AS rows, CAST(group_concat(printf('%08d,', scope), '') AS blob) AS scopes
  FROM (SELECT place / 48 AS block, * FROM (SELECT row_number() OVER (ORDER BY key, id) - 1 AS place, * FROM (
    SELECT created_date AS key, id AS id, project_set_id AS scope
    FROM subject_logs)))
  GROUP BY block);
--> statement-breakpoint
INSERT INTO list_blocks (list, key, id, row_count, scopes)
SELECT 'subject_logs.updated_date', iif(block = 0, '', key), iif(block = 0, '', id), rows, scopes FROM (
  SELECT block, min(place), key, id, count(*) AS rows, CAST(group_concat(printf('%08d,', scope), '') AS blob) AS scopes
  FROM (SELECT place / 48 AS block, * FROM (SELECT row_number() OVER (ORDER BY key, id) - 1 AS place, * FROM (
    SELECT updated_date AS key, id AS id, project_set_id AS scope
    FROM subject_logs)))
  GROUP BY block);
--> statement-breakpoint
INSERT INTO list_blocks (list, key, id, row_count, scopes)
SELECT 'procedure_logs.place', iif(block = 0, '', key), iif(block = 0, '', id), rows, scopes FROM (
  SELECT block, min(place), key, id, count(*) AS rows, CAST(group_concat(printf('%08d,', scope), '') AS blob) AS scopes
  FROM (SELECT place / 48 AS block, * FROM (SELECT row_number() OVER (ORDER BY key, id) - 1 AS place, * FROM (
    SELECT procedure_id AS key, place AS id, project_set_id AS scope
    FROM procedure_logs)))
  GROUP BY block);
--> statement-breakpoint
INSERT INTO list_blocks (list, key, id, row_count, scopes)
SELECT 'procedure_logs.id', iif(block = 0, '', key), iif(block = 0, '', id), rows, scopes FROM (
  SELECT block, min(place), key, id, count(*) AS rows, CAST(group_concat(printf('%08d,', scope), '') AS blob) AS scopes
  FROM (SELECT place / 48 AS block, * FROM (SELECT row_number() OVER (ORDER BY key, id) - 1 AS place, * FROM (
    SELECT id AS key, '' AS id, project_set_id AS scope
    FROM procedure_logs)))
  GROUP BY block);
--> statement-breakpoint
INSERT INTO list_blocks (list, key, id, row_count, scopes)
SELECT 'procedure_logs.created_date', iif(block = 0, '', key), iif(block = 0, '', id), rows, scopes FROM (
  SELECT block, min(place), key, id, count(*) AS rows, CAST(group_concat(printf('%08d,', scope), '') AS blob) AS scopes
  FROM (SELECT place / 48 AS block, * FROM (SELECT row_number() OVER (ORDER BY key, id) - 1 AS place, * FROM (
    SELECT created_date AS key, id AS id, project_set_id AS scope
    FROM procedure_logs)))
  GROUP BY block);
--> statement-breakpoint
INSERT INTO list_blocks (list, key, id, row_count, scopes)
SELECT 'procedure_logs.updated_date', iif(block = 0, '', key), iif(block = 0, '', id), rows, scopes FROM (
  SELECT block, min(place), key, id, count(*) AS rows, CAST(group_concat(printf('%08d,', scope), '') AS blob) AS scopes
  FROM (SELECT place / 48 AS block, * FROM (SELECT row_number() OVER (ORDER BY key, id) - 1 AS place, * FROM (
    SELECT updated_date AS key, id AS id, project_set_id AS scope
    FROM procedure_logs)))
  GROUP BY block);
--> statement-breakpoint
INSERT OR IGNORE INTO list_blocks (list, key, id, row_count, scopes) VALUES
  ('session_data_storages.place', '', '', 0, x''),
  ('session_data_storages.id', '', '', 0, x''),
  ('epochs.place', '', '', 0, x''),
  ('epochs.id', '', '', 0, x''),
  ('epochs.created_date', '', '', 0, x''),
  ('epochs.updated_date', '', '', 0, x''),
  ('data_acquisitions.place', '', '', 0, x''),
  ('data_acquisitions.id', '', '', 0, x''),
  ('data_acquisitions.created_date', '', '', 0, x''),
  ('data_acquisitions.updated_date', '', '', 0, x''),
  ('behaviors.place', '', '', 0, x''),
  ('behaviors.id', '', '', 0, x''),
  ('behaviors.created_date', '', '', 0, x''),
  ('behaviors.updated_date', '', '', 0, x''),
  ('manipulations.place', '', '', 0, x''),
  ('manipulations.id', '', '', 0, x''),
  ('manipulations.created_date', '', '', 0, x''),
  ('manipulations.updated_date', '', '', 0, x''),
  ('subjects.name', '', '', 0, x''),
  ('subjects.id', '', '', 0, x''),
  ('subjects.birth_date', '', '', 0, x''),
  ('subjects.created_date', '', '', 0, x''),
  ('subjects.updated_date', '', '', 0, x''),
  ('procedures.place', '', '', 0, x''),
  ('procedures.id', '', '', 0, x''),
  ('procedures.date_time', '', '', 0, x''),
  ('procedures.created_date', '', '', 0, x''),
  ('procedures.updated_date', '', '', 0, x''),
  ('subject_logs.place', '', '', 0, x''),
  ('subject_logs.id', '', '', 0, x''),
  ('subject_logs.created_date', '', '', 0, x''),
  ('subject_logs.updated_date', '', '', 0, x''),
  ('procedure_logs.place', '', '', 0, x''),
  ('procedure_logs.id', '', '', 0, x''),
  ('procedure_logs.created_date', '', '', 0, x''),
  ('procedure_logs.updated_date', '', '', 0, x'');
--> statement-breakpoint
-- The blocks that a change left too large. This index has a row only while a trigger divides one.
CREATE INDEX list_blocks_too_large ON list_blocks (row_count) WHERE row_count > 64;
--> statement-breakpoint
-- `INSERT INTO list_block_moves` moves a row of a list from an old place and scope to a new one. A row that comes has
-- no old scope, and a row that goes has no new one.
CREATE VIEW list_block_moves AS SELECT '' AS list, '' AS old_key, '' AS old_id, 0 AS old_scope, '' AS key, '' AS id, 0 AS scope WHERE 0;
--> statement-breakpoint
CREATE TRIGGER list_block_move INSTEAD OF INSERT ON list_block_moves
WHEN (NEW.old_key, NEW.old_id, NEW.old_scope) IS NOT (NEW.key, NEW.id, NEW.scope)
BEGIN
  UPDATE list_blocks SET row_count = row_count - 1,
    scopes = CAST(substr(scopes, 1, instr(scopes, printf('%08d,', NEW.old_scope)) - 1)
      || substr(scopes, instr(scopes, printf('%08d,', NEW.old_scope)) + 9) AS blob)
  WHERE (list, key, id) = (SELECT list, key, id FROM list_blocks
    WHERE NEW.old_scope IS NOT NULL AND list = NEW.list AND (key, id) <= (NEW.old_key, NEW.old_id)
    ORDER BY key DESC, id DESC LIMIT 1);
  UPDATE list_blocks SET row_count = row_count + 1, scopes = CAST(scopes || printf('%08d,', NEW.scope) AS blob)
  WHERE (list, key, id) = (SELECT list, key, id FROM list_blocks
    WHERE NEW.scope IS NOT NULL AND list = NEW.list AND (key, id) <= (NEW.key, NEW.id)
    ORDER BY key DESC, id DESC LIMIT 1);
END;
--> statement-breakpoint
CREATE TRIGGER list_blocks_end AFTER UPDATE OF row_count ON list_blocks
WHEN NEW.row_count = 0 AND (NEW.key <> '' OR NEW.id <> '')
BEGIN
  DELETE FROM list_blocks WHERE list = NEW.list AND key = NEW.key AND id = NEW.id;
END;
--> statement-breakpoint
-- A block of 65 rows keeps half of them. The last block of a list keeps 64: records that come in the order of a list
-- then fill its blocks.
CREATE VIEW list_blocks_to_divide AS SELECT list, key, id, row_count, iif(EXISTS (
  SELECT 1 FROM list_blocks AS later WHERE later.list = block.list AND (later.key, later.id) > (block.key, +block.id)
), 32, 64) AS kept FROM list_blocks AS block WHERE row_count > 64;
--> statement-breakpoint
-- `INSERT INTO list_block_divisions` divides a block. `rows` are its rows in their order: `[[key, id, scope], ...]`.
CREATE VIEW list_block_divisions AS SELECT '' AS list, '' AS key, '' AS id, 0 AS kept, '' AS rows WHERE 0;
--> statement-breakpoint
CREATE TRIGGER list_block_division INSTEAD OF INSERT ON list_block_divisions
BEGIN
  INSERT INTO list_blocks (list, key, id, row_count, scopes)
  SELECT NEW.list, first ->> 0, first ->> 1, count(*), CAST(group_concat(printf('%08d,', value ->> 2), '') AS blob)
  FROM (SELECT NEW.rows -> NEW.kept AS first) CROSS JOIN json_each(NEW.rows) AS listed WHERE listed.key >= NEW.kept;
  UPDATE list_blocks SET row_count = NEW.kept, scopes = (
    SELECT CAST(group_concat(printf('%08d,', value ->> 2), '') AS blob)
    FROM json_each(NEW.rows) AS listed WHERE listed.key < NEW.kept)
  WHERE list = NEW.list AND key = NEW.key AND id = NEW.id;
END;
--> statement-breakpoint
-- The blocks of the lists of `sessions`.
CREATE VIEW sessions_block_divisions AS SELECT * FROM list_blocks_to_divide WHERE 0;
--> statement-breakpoint
CREATE TRIGGER sessions_block_division INSTEAD OF INSERT ON sessions_block_divisions
BEGIN
  INSERT INTO list_block_divisions (list, key, id, kept, rows)
  SELECT NEW.list, NEW.key, NEW.id, NEW.kept, CASE NEW.list
    WHEN 'sessions.name' THEN (SELECT json_group_array(json_array(row_key, row_id, project_set_id)) FROM (
      SELECT name AS row_key, '' AS row_id, project_set_id FROM sessions
      WHERE name >= NEW.key ORDER BY name LIMIT NEW.row_count))
    WHEN 'sessions.id' THEN (SELECT json_group_array(json_array(row_key, row_id, project_set_id)) FROM (
      SELECT id AS row_key, '' AS row_id, project_set_id FROM sessions
      WHERE id >= NEW.key ORDER BY id LIMIT NEW.row_count))
    WHEN 'sessions.date_time' THEN (SELECT json_group_array(json_array(row_key, row_id, project_set_id)) FROM (
      SELECT * FROM (
        SELECT coalesce(date_time, '') AS row_key, id AS row_id, project_set_id FROM sessions
        WHERE NEW.key = '' AND date_time IS NULL AND id >= NEW.id
        ORDER BY date_time, id LIMIT NEW.row_count)
      UNION ALL SELECT * FROM (
        SELECT coalesce(date_time, '') AS row_key, id AS row_id, project_set_id FROM sessions
        WHERE (date_time, id) >= (NEW.key, +NEW.id)
        ORDER BY date_time, id LIMIT NEW.row_count)
      LIMIT NEW.row_count))
    WHEN 'sessions.created_date' THEN (SELECT json_group_array(json_array(row_key, row_id, project_set_id)) FROM (
      SELECT created_date AS row_key, id AS row_id, project_set_id FROM sessions
      WHERE (created_date, id) >= (NEW.key, +NEW.id) ORDER BY created_date, id LIMIT NEW.row_count))
    WHEN 'sessions.updated_date' THEN (SELECT json_group_array(json_array(row_key, row_id, project_set_id)) FROM (
      SELECT updated_date AS row_key, id AS row_id, project_set_id FROM sessions
      WHERE (updated_date, id) >= (NEW.key, +NEW.id) ORDER BY updated_date, id LIMIT NEW.row_count))
  END;
END;
--> statement-breakpoint
CREATE TRIGGER sessions_blocks_insert AFTER INSERT ON sessions
BEGIN
  INSERT INTO list_block_moves (list, old_key, old_id, old_scope, key, id, scope) VALUES
    ('sessions.name', NULL, NULL, NULL, NEW.name, '', NEW.project_set_id),
    ('sessions.id', NULL, NULL, NULL, NEW.id, '', NEW.project_set_id),
    ('sessions.date_time', NULL, NULL, NULL, coalesce(NEW.date_time, ''), NEW.id, NEW.project_set_id),
    ('sessions.created_date', NULL, NULL, NULL, NEW.created_date, NEW.id, NEW.project_set_id),
    ('sessions.updated_date', NULL, NULL, NULL, NEW.updated_date, NEW.id, NEW.project_set_id);
  INSERT INTO sessions_block_divisions SELECT * FROM list_blocks_to_divide;
END;
--> statement-breakpoint
CREATE TRIGGER sessions_blocks_update AFTER UPDATE OF project_set_id, name, date_time, created_date, updated_date ON sessions
BEGIN
  INSERT INTO list_block_moves (list, old_key, old_id, old_scope, key, id, scope) VALUES
    ('sessions.name', OLD.name, '', OLD.project_set_id, NEW.name, '', NEW.project_set_id),
    ('sessions.id', OLD.id, '', OLD.project_set_id, NEW.id, '', NEW.project_set_id),
    ('sessions.date_time', coalesce(OLD.date_time, ''), OLD.id, OLD.project_set_id, coalesce(NEW.date_time, ''), NEW.id, NEW.project_set_id),
    ('sessions.created_date', OLD.created_date, OLD.id, OLD.project_set_id, NEW.created_date, NEW.id, NEW.project_set_id),
    ('sessions.updated_date', OLD.updated_date, OLD.id, OLD.project_set_id, NEW.updated_date, NEW.id, NEW.project_set_id);
  INSERT INTO sessions_block_divisions SELECT * FROM list_blocks_to_divide;
END;
--> statement-breakpoint
CREATE TRIGGER sessions_blocks_delete AFTER DELETE ON sessions
BEGIN
  INSERT INTO list_block_moves (list, old_key, old_id, old_scope, key, id, scope) VALUES
    ('sessions.name', OLD.name, '', OLD.project_set_id, NULL, NULL, NULL),
    ('sessions.id', OLD.id, '', OLD.project_set_id, NULL, NULL, NULL),
    ('sessions.date_time', coalesce(OLD.date_time, ''), OLD.id, OLD.project_set_id, NULL, NULL, NULL),
    ('sessions.created_date', OLD.created_date, OLD.id, OLD.project_set_id, NULL, NULL, NULL),
    ('sessions.updated_date', OLD.updated_date, OLD.id, OLD.project_set_id, NULL, NULL, NULL);
END;
--> statement-breakpoint
-- The blocks of the lists of `session_data_storages`.
CREATE VIEW session_data_storages_block_divisions AS SELECT * FROM list_blocks_to_divide WHERE 0;
--> statement-breakpoint
CREATE TRIGGER session_data_storages_block_division INSTEAD OF INSERT ON session_data_storages_block_divisions
BEGIN
  INSERT INTO list_block_divisions (list, key, id, kept, rows)
  SELECT NEW.list, NEW.key, NEW.id, NEW.kept, CASE NEW.list
    WHEN 'session_data_storages.place' THEN (SELECT json_group_array(json_array(row_key, row_id, project_set_id)) FROM (
      SELECT * FROM (
        SELECT session_id AS row_key, printf('%020d %s', position, id) AS row_id, project_set_id FROM session_data_storages
        WHERE session_id = NEW.key AND printf('%020d %s', position, id) >= NEW.id
        ORDER BY session_id, position, id LIMIT NEW.row_count)
      UNION ALL SELECT * FROM (
        SELECT session_id AS row_key, printf('%020d %s', position, id) AS row_id, project_set_id FROM session_data_storages
        WHERE session_id > NEW.key
        ORDER BY session_id, position, id LIMIT NEW.row_count)
      LIMIT NEW.row_count))
    WHEN 'session_data_storages.id' THEN (SELECT json_group_array(json_array(row_key, row_id, project_set_id)) FROM (
      SELECT id AS row_key, '' AS row_id, project_set_id FROM session_data_storages
      WHERE id >= NEW.key ORDER BY id LIMIT NEW.row_count))
  END;
END;
--> statement-breakpoint
CREATE TRIGGER session_data_storages_blocks_insert AFTER INSERT ON session_data_storages
WHEN NEW.project_set_id IS NOT NULL
BEGIN
  INSERT INTO list_block_moves (list, old_key, old_id, old_scope, key, id, scope) VALUES
    ('session_data_storages.place', NULL, NULL, NULL, NEW.session_id, printf('%020d %s', NEW.position, NEW.id), NEW.project_set_id),
    ('session_data_storages.id', NULL, NULL, NULL, NEW.id, '', NEW.project_set_id);
  INSERT INTO session_data_storages_block_divisions SELECT * FROM list_blocks_to_divide;
END;
--> statement-breakpoint
CREATE TRIGGER session_data_storages_blocks_update AFTER UPDATE OF project_set_id, session_id, position ON session_data_storages
BEGIN
  INSERT INTO list_block_moves (list, old_key, old_id, old_scope, key, id, scope) VALUES
    ('session_data_storages.place', OLD.session_id, printf('%020d %s', OLD.position, OLD.id), OLD.project_set_id, NEW.session_id, printf('%020d %s', NEW.position, NEW.id), NEW.project_set_id),
    ('session_data_storages.id', OLD.id, '', OLD.project_set_id, NEW.id, '', NEW.project_set_id);
  INSERT INTO session_data_storages_block_divisions SELECT * FROM list_blocks_to_divide;
END;
--> statement-breakpoint
CREATE TRIGGER session_data_storages_blocks_delete AFTER DELETE ON session_data_storages
BEGIN
  INSERT INTO list_block_moves (list, old_key, old_id, old_scope, key, id, scope) VALUES
    ('session_data_storages.place', OLD.session_id, printf('%020d %s', OLD.position, OLD.id), OLD.project_set_id, NULL, NULL, NULL),
    ('session_data_storages.id', OLD.id, '', OLD.project_set_id, NULL, NULL, NULL);
END;
--> statement-breakpoint
-- The blocks of the lists of `epochs`.
CREATE VIEW epochs_block_divisions AS SELECT * FROM list_blocks_to_divide WHERE 0;
--> statement-breakpoint
CREATE TRIGGER epochs_block_division INSTEAD OF INSERT ON epochs_block_divisions
BEGIN
  INSERT INTO list_block_divisions (list, key, id, kept, rows)
  SELECT NEW.list, NEW.key, NEW.id, NEW.kept, CASE NEW.list
    WHEN 'epochs.place' THEN (SELECT json_group_array(json_array(row_key, row_id, project_set_id)) FROM (
      SELECT session_id AS row_key, place AS row_id, project_set_id FROM epochs
      WHERE (session_id, place) >= (NEW.key, +NEW.id) ORDER BY session_id, place LIMIT NEW.row_count))
    WHEN 'epochs.id' THEN (SELECT json_group_array(json_array(row_key, row_id, project_set_id)) FROM (
      SELECT id AS row_key, '' AS row_id, project_set_id FROM epochs
      WHERE id >= NEW.key ORDER BY id LIMIT NEW.row_count))
    WHEN 'epochs.created_date' THEN (SELECT json_group_array(json_array(row_key, row_id, project_set_id)) FROM (
      SELECT created_date AS row_key, id AS row_id, project_set_id FROM epochs
      WHERE (created_date, id) >= (NEW.key, +NEW.id) ORDER BY created_date, id LIMIT NEW.row_count))
    WHEN 'epochs.updated_date' THEN (SELECT json_group_array(json_array(row_key, row_id, project_set_id)) FROM (
      SELECT updated_date AS row_key, id AS row_id, project_set_id FROM epochs
      WHERE (updated_date, id) >= (NEW.key, +NEW.id) ORDER BY updated_date, id LIMIT NEW.row_count))
  END;
END;
--> statement-breakpoint
CREATE TRIGGER epochs_blocks_insert AFTER INSERT ON epochs
WHEN NEW.project_set_id IS NOT NULL
BEGIN
  INSERT INTO list_block_moves (list, old_key, old_id, old_scope, key, id, scope) VALUES
    ('epochs.place', NULL, NULL, NULL, NEW.session_id, NEW.place, NEW.project_set_id),
    ('epochs.id', NULL, NULL, NULL, NEW.id, '', NEW.project_set_id),
    ('epochs.created_date', NULL, NULL, NULL, NEW.created_date, NEW.id, NEW.project_set_id),
    ('epochs.updated_date', NULL, NULL, NULL, NEW.updated_date, NEW.id, NEW.project_set_id);
  INSERT INTO epochs_block_divisions SELECT * FROM list_blocks_to_divide;
END;
--> statement-breakpoint
CREATE TRIGGER epochs_blocks_update AFTER UPDATE OF project_set_id, session_id, position, created_date, updated_date ON epochs
BEGIN
  INSERT INTO list_block_moves (list, old_key, old_id, old_scope, key, id, scope) VALUES
    ('epochs.place', OLD.session_id, OLD.place, OLD.project_set_id, NEW.session_id, NEW.place, NEW.project_set_id),
    ('epochs.id', OLD.id, '', OLD.project_set_id, NEW.id, '', NEW.project_set_id),
    ('epochs.created_date', OLD.created_date, OLD.id, OLD.project_set_id, NEW.created_date, NEW.id, NEW.project_set_id),
    ('epochs.updated_date', OLD.updated_date, OLD.id, OLD.project_set_id, NEW.updated_date, NEW.id, NEW.project_set_id);
  INSERT INTO epochs_block_divisions SELECT * FROM list_blocks_to_divide;
END;
--> statement-breakpoint
CREATE TRIGGER epochs_blocks_delete AFTER DELETE ON epochs
BEGIN
  INSERT INTO list_block_moves (list, old_key, old_id, old_scope, key, id, scope) VALUES
    ('epochs.place', OLD.session_id, OLD.place, OLD.project_set_id, NULL, NULL, NULL),
    ('epochs.id', OLD.id, '', OLD.project_set_id, NULL, NULL, NULL),
    ('epochs.created_date', OLD.created_date, OLD.id, OLD.project_set_id, NULL, NULL, NULL),
    ('epochs.updated_date', OLD.updated_date, OLD.id, OLD.project_set_id, NULL, NULL, NULL);
END;
--> statement-breakpoint
-- The blocks of the lists of `data_acquisitions`.
CREATE VIEW data_acquisitions_block_divisions AS SELECT * FROM list_blocks_to_divide WHERE 0;
--> statement-breakpoint
CREATE TRIGGER data_acquisitions_block_division INSTEAD OF INSERT ON data_acquisitions_block_divisions
BEGIN
  INSERT INTO list_block_divisions (list, key, id, kept, rows)
  SELECT NEW.list, NEW.key, NEW.id, NEW.kept, CASE NEW.list
    WHEN 'data_acquisitions.place' THEN (SELECT json_group_array(json_array(row_key, row_id, project_set_id)) FROM (
      SELECT session_id AS row_key, place AS row_id, project_set_id FROM data_acquisitions
      WHERE (session_id, place) >= (NEW.key, +NEW.id) ORDER BY session_id, place LIMIT NEW.row_count))
    WHEN 'data_acquisitions.id' THEN (SELECT json_group_array(json_array(row_key, row_id, project_set_id)) FROM (
      SELECT id AS row_key, '' AS row_id, project_set_id FROM data_acquisitions
      WHERE id >= NEW.key ORDER BY id LIMIT NEW.row_count))
    WHEN 'data_acquisitions.created_date' THEN (SELECT json_group_array(json_array(row_key, row_id, project_set_id)) FROM (
      SELECT created_date AS row_key, id AS row_id, project_set_id FROM data_acquisitions
      WHERE (created_date, id) >= (NEW.key, +NEW.id) ORDER BY created_date, id LIMIT NEW.row_count))
    WHEN 'data_acquisitions.updated_date' THEN (SELECT json_group_array(json_array(row_key, row_id, project_set_id)) FROM (
      SELECT updated_date AS row_key, id AS row_id, project_set_id FROM data_acquisitions
      WHERE (updated_date, id) >= (NEW.key, +NEW.id) ORDER BY updated_date, id LIMIT NEW.row_count))
  END;
END;
--> statement-breakpoint
CREATE TRIGGER data_acquisitions_blocks_insert AFTER INSERT ON data_acquisitions
WHEN NEW.project_set_id IS NOT NULL
BEGIN
  INSERT INTO list_block_moves (list, old_key, old_id, old_scope, key, id, scope) VALUES
    ('data_acquisitions.place', NULL, NULL, NULL, NEW.session_id, NEW.place, NEW.project_set_id),
    ('data_acquisitions.id', NULL, NULL, NULL, NEW.id, '', NEW.project_set_id),
    ('data_acquisitions.created_date', NULL, NULL, NULL, NEW.created_date, NEW.id, NEW.project_set_id),
    ('data_acquisitions.updated_date', NULL, NULL, NULL, NEW.updated_date, NEW.id, NEW.project_set_id);
  INSERT INTO data_acquisitions_block_divisions SELECT * FROM list_blocks_to_divide;
END;
--> statement-breakpoint
CREATE TRIGGER data_acquisitions_blocks_update AFTER UPDATE OF project_set_id, session_id, position, created_date, updated_date ON data_acquisitions
BEGIN
  INSERT INTO list_block_moves (list, old_key, old_id, old_scope, key, id, scope) VALUES
    ('data_acquisitions.place', OLD.session_id, OLD.place, OLD.project_set_id, NEW.session_id, NEW.place, NEW.project_set_id),
    ('data_acquisitions.id', OLD.id, '', OLD.project_set_id, NEW.id, '', NEW.project_set_id),
    ('data_acquisitions.created_date', OLD.created_date, OLD.id, OLD.project_set_id, NEW.created_date, NEW.id, NEW.project_set_id),
    ('data_acquisitions.updated_date', OLD.updated_date, OLD.id, OLD.project_set_id, NEW.updated_date, NEW.id, NEW.project_set_id);
  INSERT INTO data_acquisitions_block_divisions SELECT * FROM list_blocks_to_divide;
END;
--> statement-breakpoint
CREATE TRIGGER data_acquisitions_blocks_delete AFTER DELETE ON data_acquisitions
BEGIN
  INSERT INTO list_block_moves (list, old_key, old_id, old_scope, key, id, scope) VALUES
    ('data_acquisitions.place', OLD.session_id, OLD.place, OLD.project_set_id, NULL, NULL, NULL),
    ('data_acquisitions.id', OLD.id, '', OLD.project_set_id, NULL, NULL, NULL),
    ('data_acquisitions.created_date', OLD.created_date, OLD.id, OLD.project_set_id, NULL, NULL, NULL),
    ('data_acquisitions.updated_date', OLD.updated_date, OLD.id, OLD.project_set_id, NULL, NULL, NULL);
END;
--> statement-breakpoint
-- The blocks of the lists of `behaviors`.
CREATE VIEW behaviors_block_divisions AS SELECT * FROM list_blocks_to_divide WHERE 0;
--> statement-breakpoint
CREATE TRIGGER behaviors_block_division INSTEAD OF INSERT ON behaviors_block_divisions
BEGIN
  INSERT INTO list_block_divisions (list, key, id, kept, rows)
  SELECT NEW.list, NEW.key, NEW.id, NEW.kept, CASE NEW.list
    WHEN 'behaviors.place' THEN (SELECT json_group_array(json_array(row_key, row_id, project_set_id)) FROM (
      SELECT session_id AS row_key, place AS row_id, project_set_id FROM behaviors
      WHERE (session_id, place) >= (NEW.key, +NEW.id) ORDER BY session_id, place LIMIT NEW.row_count))
    WHEN 'behaviors.id' THEN (SELECT json_group_array(json_array(row_key, row_id, project_set_id)) FROM (
      SELECT id AS row_key, '' AS row_id, project_set_id FROM behaviors
      WHERE id >= NEW.key ORDER BY id LIMIT NEW.row_count))
    WHEN 'behaviors.created_date' THEN (SELECT json_group_array(json_array(row_key, row_id, project_set_id)) FROM (
      SELECT created_date AS row_key, id AS row_id, project_set_id FROM behaviors
      WHERE (created_date, id) >= (NEW.key, +NEW.id) ORDER BY created_date, id LIMIT NEW.row_count))
    WHEN 'behaviors.updated_date' THEN (SELECT json_group_array(json_array(row_key, row_id, project_set_id)) FROM (
      SELECT updated_date AS row_key, id AS row_id, project_set_id FROM behaviors
      WHERE (updated_date, id) >= (NEW.key, +NEW.id) ORDER BY updated_date, id LIMIT NEW.row_count))
  END;
END;
--> statement-breakpoint
CREATE TRIGGER behaviors_blocks_insert AFTER INSERT ON behaviors
WHEN NEW.project_set_id IS NOT NULL
BEGIN
  INSERT INTO list_block_moves (list, old_key, old_id, old_scope, key, id, scope) VALUES
    ('behaviors.place', NULL, NULL, NULL, NEW.session_id, NEW.place, NEW.project_set_id),
    ('behaviors.id', NULL, NULL, NULL, NEW.id, '', NEW.project_set_id),
    ('behaviors.created_date', NULL, NULL, NULL, NEW.created_date, NEW.id, NEW.project_set_id),
    ('behaviors.updated_date', NULL, NULL, NULL, NEW.updated_date, NEW.id, NEW.project_set_id);
  INSERT INTO behaviors_block_divisions SELECT * FROM list_blocks_to_divide;
END;
--> statement-breakpoint
CREATE TRIGGER behaviors_blocks_update AFTER UPDATE OF project_set_id, session_id, position, created_date, updated_date ON behaviors
BEGIN
  INSERT INTO list_block_moves (list, old_key, old_id, old_scope, key, id, scope) VALUES
    ('behaviors.place', OLD.session_id, OLD.place, OLD.project_set_id, NEW.session_id, NEW.place, NEW.project_set_id),
    ('behaviors.id', OLD.id, '', OLD.project_set_id, NEW.id, '', NEW.project_set_id),
    ('behaviors.created_date', OLD.created_date, OLD.id, OLD.project_set_id, NEW.created_date, NEW.id, NEW.project_set_id),
    ('behaviors.updated_date', OLD.updated_date, OLD.id, OLD.project_set_id, NEW.updated_date, NEW.id, NEW.project_set_id);
  INSERT INTO behaviors_block_divisions SELECT * FROM list_blocks_to_divide;
END;
--> statement-breakpoint
CREATE TRIGGER behaviors_blocks_delete AFTER DELETE ON behaviors
BEGIN
  INSERT INTO list_block_moves (list, old_key, old_id, old_scope, key, id, scope) VALUES
    ('behaviors.place', OLD.session_id, OLD.place, OLD.project_set_id, NULL, NULL, NULL),
    ('behaviors.id', OLD.id, '', OLD.project_set_id, NULL, NULL, NULL),
    ('behaviors.created_date', OLD.created_date, OLD.id, OLD.project_set_id, NULL, NULL, NULL),
    ('behaviors.updated_date', OLD.updated_date, OLD.id, OLD.project_set_id, NULL, NULL, NULL);
END;
--> statement-breakpoint
-- The blocks of the lists of `manipulations`.
CREATE VIEW manipulations_block_divisions AS SELECT * FROM list_blocks_to_divide WHERE 0;
--> statement-breakpoint
CREATE TRIGGER manipulations_block_division INSTEAD OF INSERT ON manipulations_block_divisions
BEGIN
  INSERT INTO list_block_divisions (list, key, id, kept, rows)
  SELECT NEW.list, NEW.key, NEW.id, NEW.kept, CASE NEW.list
    WHEN 'manipulations.place' THEN (SELECT json_group_array(json_array(row_key, row_id, project_set_id)) FROM (
      SELECT session_id AS row_key, place AS row_id, project_set_id FROM manipulations
      WHERE (session_id, place) >= (NEW.key, +NEW.id) ORDER BY session_id, place LIMIT NEW.row_count))
    WHEN 'manipulations.id' THEN (SELECT json_group_array(json_array(row_key, row_id, project_set_id)) FROM (
      SELECT id AS row_key, '' AS row_id, project_set_id FROM manipulations
      WHERE id >= NEW.key ORDER BY id LIMIT NEW.row_count))
    WHEN 'manipulations.created_date' THEN (SELECT json_group_array(json_array(row_key, row_id, project_set_id)) FROM (
      SELECT created_date AS row_key, id AS row_id, project_set_id FROM manipulations
      WHERE (created_date, id) >= (NEW.key, +NEW.id) ORDER BY created_date, id LIMIT NEW.row_count))
    WHEN 'manipulations.updated_date' THEN (SELECT json_group_array(json_array(row_key, row_id, project_set_id)) FROM (
      SELECT updated_date AS row_key, id AS row_id, project_set_id FROM manipulations
      WHERE (updated_date, id) >= (NEW.key, +NEW.id) ORDER BY updated_date, id LIMIT NEW.row_count))
  END;
END;
--> statement-breakpoint
CREATE TRIGGER manipulations_blocks_insert AFTER INSERT ON manipulations
WHEN NEW.project_set_id IS NOT NULL
BEGIN
  INSERT INTO list_block_moves (list, old_key, old_id, old_scope, key, id, scope) VALUES
    ('manipulations.place', NULL, NULL, NULL, NEW.session_id, NEW.place, NEW.project_set_id),
    ('manipulations.id', NULL, NULL, NULL, NEW.id, '', NEW.project_set_id),
    ('manipulations.created_date', NULL, NULL, NULL, NEW.created_date, NEW.id, NEW.project_set_id),
    ('manipulations.updated_date', NULL, NULL, NULL, NEW.updated_date, NEW.id, NEW.project_set_id);
  INSERT INTO manipulations_block_divisions SELECT * FROM list_blocks_to_divide;
END;
--> statement-breakpoint
CREATE TRIGGER manipulations_blocks_update AFTER UPDATE OF project_set_id, session_id, position, created_date, updated_date ON manipulations
BEGIN
  INSERT INTO list_block_moves (list, old_key, old_id, old_scope, key, id, scope) VALUES
    ('manipulations.place', OLD.session_id, OLD.place, OLD.project_set_id, NEW.session_id, NEW.place, NEW.project_set_id),
    ('manipulations.id', OLD.id, '', OLD.project_set_id, NEW.id, '', NEW.project_set_id),
    ('manipulations.created_date', OLD.created_date, OLD.id, OLD.project_set_id, NEW.created_date, NEW.id, NEW.project_set_id),
    ('manipulations.updated_date', OLD.updated_date, OLD.id, OLD.project_set_id, NEW.updated_date, NEW.id, NEW.project_set_id);
  INSERT INTO manipulations_block_divisions SELECT * FROM list_blocks_to_divide;
END;
--> statement-breakpoint
CREATE TRIGGER manipulations_blocks_delete AFTER DELETE ON manipulations
BEGIN
  INSERT INTO list_block_moves (list, old_key, old_id, old_scope, key, id, scope) VALUES
    ('manipulations.place', OLD.session_id, OLD.place, OLD.project_set_id, NULL, NULL, NULL),
    ('manipulations.id', OLD.id, '', OLD.project_set_id, NULL, NULL, NULL),
    ('manipulations.created_date', OLD.created_date, OLD.id, OLD.project_set_id, NULL, NULL, NULL),
    ('manipulations.updated_date', OLD.updated_date, OLD.id, OLD.project_set_id, NULL, NULL, NULL);
END;
--> statement-breakpoint
-- The blocks of the lists of `subjects`.
CREATE VIEW subjects_block_divisions AS SELECT * FROM list_blocks_to_divide WHERE 0;
--> statement-breakpoint
CREATE TRIGGER subjects_block_division INSTEAD OF INSERT ON subjects_block_divisions
BEGIN
  INSERT INTO list_block_divisions (list, key, id, kept, rows)
  SELECT NEW.list, NEW.key, NEW.id, NEW.kept, CASE NEW.list
    WHEN 'subjects.name' THEN (SELECT json_group_array(json_array(row_key, row_id, project_set_id)) FROM (
      SELECT name AS row_key, '' AS row_id, project_set_id FROM subjects
      WHERE name >= NEW.key ORDER BY name LIMIT NEW.row_count))
    WHEN 'subjects.id' THEN (SELECT json_group_array(json_array(row_key, row_id, project_set_id)) FROM (
      SELECT id AS row_key, '' AS row_id, project_set_id FROM subjects
      WHERE id >= NEW.key ORDER BY id LIMIT NEW.row_count))
    WHEN 'subjects.birth_date' THEN (SELECT json_group_array(json_array(row_key, row_id, project_set_id)) FROM (
      SELECT * FROM (
        SELECT coalesce(birth_date, '') AS row_key, id AS row_id, project_set_id FROM subjects
        WHERE NEW.key = '' AND birth_date IS NULL AND id >= NEW.id
        ORDER BY birth_date, id LIMIT NEW.row_count)
      UNION ALL SELECT * FROM (
        SELECT coalesce(birth_date, '') AS row_key, id AS row_id, project_set_id FROM subjects
        WHERE (birth_date, id) >= (NEW.key, +NEW.id)
        ORDER BY birth_date, id LIMIT NEW.row_count)
      LIMIT NEW.row_count))
    WHEN 'subjects.created_date' THEN (SELECT json_group_array(json_array(row_key, row_id, project_set_id)) FROM (
      SELECT created_date AS row_key, id AS row_id, project_set_id FROM subjects
      WHERE (created_date, id) >= (NEW.key, +NEW.id) ORDER BY created_date, id LIMIT NEW.row_count))
    WHEN 'subjects.updated_date' THEN (SELECT json_group_array(json_array(row_key, row_id, project_set_id)) FROM (
      SELECT updated_date AS row_key, id AS row_id, project_set_id FROM subjects
      WHERE (updated_date, id) >= (NEW.key, +NEW.id) ORDER BY updated_date, id LIMIT NEW.row_count))
  END;
END;
--> statement-breakpoint
CREATE TRIGGER subjects_blocks_insert AFTER INSERT ON subjects
BEGIN
  INSERT INTO list_block_moves (list, old_key, old_id, old_scope, key, id, scope) VALUES
    ('subjects.name', NULL, NULL, NULL, NEW.name, '', NEW.project_set_id),
    ('subjects.id', NULL, NULL, NULL, NEW.id, '', NEW.project_set_id),
    ('subjects.birth_date', NULL, NULL, NULL, coalesce(NEW.birth_date, ''), NEW.id, NEW.project_set_id),
    ('subjects.created_date', NULL, NULL, NULL, NEW.created_date, NEW.id, NEW.project_set_id),
    ('subjects.updated_date', NULL, NULL, NULL, NEW.updated_date, NEW.id, NEW.project_set_id);
  INSERT INTO subjects_block_divisions SELECT * FROM list_blocks_to_divide;
END;
--> statement-breakpoint
CREATE TRIGGER subjects_blocks_update AFTER UPDATE OF project_set_id, name, birth_date, created_date, updated_date ON subjects
BEGIN
  INSERT INTO list_block_moves (list, old_key, old_id, old_scope, key, id, scope) VALUES
    ('subjects.name', OLD.name, '', OLD.project_set_id, NEW.name, '', NEW.project_set_id),
    ('subjects.id', OLD.id, '', OLD.project_set_id, NEW.id, '', NEW.project_set_id),
    ('subjects.birth_date', coalesce(OLD.birth_date, ''), OLD.id, OLD.project_set_id, coalesce(NEW.birth_date, ''), NEW.id, NEW.project_set_id),
    ('subjects.created_date', OLD.created_date, OLD.id, OLD.project_set_id, NEW.created_date, NEW.id, NEW.project_set_id),
    ('subjects.updated_date', OLD.updated_date, OLD.id, OLD.project_set_id, NEW.updated_date, NEW.id, NEW.project_set_id);
  INSERT INTO subjects_block_divisions SELECT * FROM list_blocks_to_divide;
END;
--> statement-breakpoint
CREATE TRIGGER subjects_blocks_delete AFTER DELETE ON subjects
BEGIN
  INSERT INTO list_block_moves (list, old_key, old_id, old_scope, key, id, scope) VALUES
    ('subjects.name', OLD.name, '', OLD.project_set_id, NULL, NULL, NULL),
    ('subjects.id', OLD.id, '', OLD.project_set_id, NULL, NULL, NULL),
    ('subjects.birth_date', coalesce(OLD.birth_date, ''), OLD.id, OLD.project_set_id, NULL, NULL, NULL),
    ('subjects.created_date', OLD.created_date, OLD.id, OLD.project_set_id, NULL, NULL, NULL),
    ('subjects.updated_date', OLD.updated_date, OLD.id, OLD.project_set_id, NULL, NULL, NULL);
END;
--> statement-breakpoint
-- The blocks of the lists of `procedures`.
CREATE VIEW procedures_block_divisions AS SELECT * FROM list_blocks_to_divide WHERE 0;
--> statement-breakpoint
CREATE TRIGGER procedures_block_division INSTEAD OF INSERT ON procedures_block_divisions
BEGIN
  INSERT INTO list_block_divisions (list, key, id, kept, rows)
  SELECT NEW.list, NEW.key, NEW.id, NEW.kept, CASE NEW.list
    WHEN 'procedures.place' THEN (SELECT json_group_array(json_array(row_key, row_id, project_set_id)) FROM (
      SELECT subject_id AS row_key, place AS row_id, project_set_id FROM procedures
      WHERE (subject_id, place) >= (NEW.key, +NEW.id) ORDER BY subject_id, place LIMIT NEW.row_count))
    WHEN 'procedures.id' THEN (SELECT json_group_array(json_array(row_key, row_id, project_set_id)) FROM (
      SELECT id AS row_key, '' AS row_id, project_set_id FROM procedures
      WHERE id >= NEW.key ORDER BY id LIMIT NEW.row_count))
    WHEN 'procedures.date_time' THEN (SELECT json_group_array(json_array(row_key, row_id, project_set_id)) FROM (
      SELECT * FROM (
        SELECT coalesce(date_time, '') AS row_key, id AS row_id, project_set_id FROM procedures
        WHERE NEW.key = '' AND date_time IS NULL AND id >= NEW.id
        ORDER BY date_time, id LIMIT NEW.row_count)
      UNION ALL SELECT * FROM (
        SELECT coalesce(date_time, '') AS row_key, id AS row_id, project_set_id FROM procedures
        WHERE (date_time, id) >= (NEW.key, +NEW.id)
        ORDER BY date_time, id LIMIT NEW.row_count)
      LIMIT NEW.row_count))
    WHEN 'procedures.created_date' THEN (SELECT json_group_array(json_array(row_key, row_id, project_set_id)) FROM (
      SELECT created_date AS row_key, id AS row_id, project_set_id FROM procedures
      WHERE (created_date, id) >= (NEW.key, +NEW.id) ORDER BY created_date, id LIMIT NEW.row_count))
    WHEN 'procedures.updated_date' THEN (SELECT json_group_array(json_array(row_key, row_id, project_set_id)) FROM (
      SELECT updated_date AS row_key, id AS row_id, project_set_id FROM procedures
      WHERE (updated_date, id) >= (NEW.key, +NEW.id) ORDER BY updated_date, id LIMIT NEW.row_count))
  END;
END;
--> statement-breakpoint
CREATE TRIGGER procedures_blocks_insert AFTER INSERT ON procedures
WHEN NEW.project_set_id IS NOT NULL
BEGIN
  INSERT INTO list_block_moves (list, old_key, old_id, old_scope, key, id, scope) VALUES
    ('procedures.place', NULL, NULL, NULL, NEW.subject_id, NEW.place, NEW.project_set_id),
    ('procedures.id', NULL, NULL, NULL, NEW.id, '', NEW.project_set_id),
    ('procedures.date_time', NULL, NULL, NULL, coalesce(NEW.date_time, ''), NEW.id, NEW.project_set_id),
    ('procedures.created_date', NULL, NULL, NULL, NEW.created_date, NEW.id, NEW.project_set_id),
    ('procedures.updated_date', NULL, NULL, NULL, NEW.updated_date, NEW.id, NEW.project_set_id);
  INSERT INTO procedures_block_divisions SELECT * FROM list_blocks_to_divide;
END;
--> statement-breakpoint
CREATE TRIGGER procedures_blocks_update AFTER UPDATE OF project_set_id, subject_id, created_date, date_time, updated_date ON procedures
BEGIN
  INSERT INTO list_block_moves (list, old_key, old_id, old_scope, key, id, scope) VALUES
    ('procedures.place', OLD.subject_id, OLD.place, OLD.project_set_id, NEW.subject_id, NEW.place, NEW.project_set_id),
    ('procedures.id', OLD.id, '', OLD.project_set_id, NEW.id, '', NEW.project_set_id),
    ('procedures.date_time', coalesce(OLD.date_time, ''), OLD.id, OLD.project_set_id, coalesce(NEW.date_time, ''), NEW.id, NEW.project_set_id),
    ('procedures.created_date', OLD.created_date, OLD.id, OLD.project_set_id, NEW.created_date, NEW.id, NEW.project_set_id),
    ('procedures.updated_date', OLD.updated_date, OLD.id, OLD.project_set_id, NEW.updated_date, NEW.id, NEW.project_set_id);
  INSERT INTO procedures_block_divisions SELECT * FROM list_blocks_to_divide;
END;
--> statement-breakpoint
CREATE TRIGGER procedures_blocks_delete AFTER DELETE ON procedures
BEGIN
  INSERT INTO list_block_moves (list, old_key, old_id, old_scope, key, id, scope) VALUES
    ('procedures.place', OLD.subject_id, OLD.place, OLD.project_set_id, NULL, NULL, NULL),
    ('procedures.id', OLD.id, '', OLD.project_set_id, NULL, NULL, NULL),
    ('procedures.date_time', coalesce(OLD.date_time, ''), OLD.id, OLD.project_set_id, NULL, NULL, NULL),
    ('procedures.created_date', OLD.created_date, OLD.id, OLD.project_set_id, NULL, NULL, NULL),
    ('procedures.updated_date', OLD.updated_date, OLD.id, OLD.project_set_id, NULL, NULL, NULL);
END;
--> statement-breakpoint
-- The blocks of the lists of `subject_logs`.
CREATE VIEW subject_logs_block_divisions AS SELECT * FROM list_blocks_to_divide WHERE 0;
--> statement-breakpoint
CREATE TRIGGER subject_logs_block_division INSTEAD OF INSERT ON subject_logs_block_divisions
BEGIN
  INSERT INTO list_block_divisions (list, key, id, kept, rows)
  SELECT NEW.list, NEW.key, NEW.id, NEW.kept, CASE NEW.list
    WHEN 'subject_logs.place' THEN (SELECT json_group_array(json_array(row_key, row_id, project_set_id)) FROM (
      SELECT subject_id AS row_key, place AS row_id, project_set_id FROM subject_logs
      WHERE (subject_id, place) >= (NEW.key, +NEW.id) ORDER BY subject_id, place LIMIT NEW.row_count))
    WHEN 'subject_logs.id' THEN (SELECT json_group_array(json_array(row_key, row_id, project_set_id)) FROM (
      SELECT id AS row_key, '' AS row_id, project_set_id FROM subject_logs
      WHERE id >= NEW.key ORDER BY id LIMIT NEW.row_count))
    WHEN 'subject_logs.created_date' THEN (SELECT json_group_array(json_array(row_key, row_id, project_set_id)) FROM (
      SELECT created_date AS row_key, id AS row_id, project_set_id FROM subject_logs
      WHERE (created_date, id) >= (NEW.key, +NEW.id) ORDER BY created_date, id LIMIT NEW.row_count))
    WHEN 'subject_logs.updated_date' THEN (SELECT json_group_array(json_array(row_key, row_id, project_set_id)) FROM (
      SELECT updated_date AS row_key, id AS row_id, project_set_id FROM subject_logs
      WHERE (updated_date, id) >= (NEW.key, +NEW.id) ORDER BY updated_date, id LIMIT NEW.row_count))
  END;
END;
--> statement-breakpoint
CREATE TRIGGER subject_logs_blocks_insert AFTER INSERT ON subject_logs
WHEN NEW.project_set_id IS NOT NULL
BEGIN
  INSERT INTO list_block_moves (list, old_key, old_id, old_scope, key, id, scope) VALUES
    ('subject_logs.place', NULL, NULL, NULL, NEW.subject_id, NEW.place, NEW.project_set_id),
    ('subject_logs.id', NULL, NULL, NULL, NEW.id, '', NEW.project_set_id),
    ('subject_logs.created_date', NULL, NULL, NULL, NEW.created_date, NEW.id, NEW.project_set_id),
    ('subject_logs.updated_date', NULL, NULL, NULL, NEW.updated_date, NEW.id, NEW.project_set_id);
  INSERT INTO subject_logs_block_divisions SELECT * FROM list_blocks_to_divide;
END;
--> statement-breakpoint
CREATE TRIGGER subject_logs_blocks_update AFTER UPDATE OF project_set_id, subject_id, created_date, updated_date ON subject_logs
BEGIN
  INSERT INTO list_block_moves (list, old_key, old_id, old_scope, key, id, scope) VALUES
    ('subject_logs.place', OLD.subject_id, OLD.place, OLD.project_set_id, NEW.subject_id, NEW.place, NEW.project_set_id),
    ('subject_logs.id', OLD.id, '', OLD.project_set_id, NEW.id, '', NEW.project_set_id),
    ('subject_logs.created_date', OLD.created_date, OLD.id, OLD.project_set_id, NEW.created_date, NEW.id, NEW.project_set_id),
    ('subject_logs.updated_date', OLD.updated_date, OLD.id, OLD.project_set_id, NEW.updated_date, NEW.id, NEW.project_set_id);
  INSERT INTO subject_logs_block_divisions SELECT * FROM list_blocks_to_divide;
END;
--> statement-breakpoint
CREATE TRIGGER subject_logs_blocks_delete AFTER DELETE ON subject_logs
BEGIN
  INSERT INTO list_block_moves (list, old_key, old_id, old_scope, key, id, scope) VALUES
    ('subject_logs.place', OLD.subject_id, OLD.place, OLD.project_set_id, NULL, NULL, NULL),
    ('subject_logs.id', OLD.id, '', OLD.project_set_id, NULL, NULL, NULL),
    ('subject_logs.created_date', OLD.created_date, OLD.id, OLD.project_set_id, NULL, NULL, NULL),
    ('subject_logs.updated_date', OLD.updated_date, OLD.id, OLD.project_set_id, NULL, NULL, NULL);
END;
--> statement-breakpoint
-- The blocks of the lists of `procedure_logs`.
CREATE VIEW procedure_logs_block_divisions AS SELECT * FROM list_blocks_to_divide WHERE 0;
--> statement-breakpoint
CREATE TRIGGER procedure_logs_block_division INSTEAD OF INSERT ON procedure_logs_block_divisions
BEGIN
  INSERT INTO list_block_divisions (list, key, id, kept, rows)
  SELECT NEW.list, NEW.key, NEW.id, NEW.kept, CASE NEW.list
    WHEN 'procedure_logs.place' THEN (SELECT json_group_array(json_array(row_key, row_id, project_set_id)) FROM (
      SELECT procedure_id AS row_key, place AS row_id, project_set_id FROM procedure_logs
      WHERE (procedure_id, place) >= (NEW.key, +NEW.id) ORDER BY procedure_id, place LIMIT NEW.row_count))
    WHEN 'procedure_logs.id' THEN (SELECT json_group_array(json_array(row_key, row_id, project_set_id)) FROM (
      SELECT id AS row_key, '' AS row_id, project_set_id FROM procedure_logs
      WHERE id >= NEW.key ORDER BY id LIMIT NEW.row_count))
    WHEN 'procedure_logs.created_date' THEN (SELECT json_group_array(json_array(row_key, row_id, project_set_id)) FROM (
      SELECT created_date AS row_key, id AS row_id, project_set_id FROM procedure_logs
      WHERE (created_date, id) >= (NEW.key, +NEW.id) ORDER BY created_date, id LIMIT NEW.row_count))
    WHEN 'procedure_logs.updated_date' THEN (SELECT json_group_array(json_array(row_key, row_id, project_set_id)) FROM (
      SELECT updated_date AS row_key, id AS row_id, project_set_id FROM procedure_logs
      WHERE (updated_date, id) >= (NEW.key, +NEW.id) ORDER BY updated_date, id LIMIT NEW.row_count))
  END;
END;
--> statement-breakpoint
CREATE TRIGGER procedure_logs_blocks_insert AFTER INSERT ON procedure_logs
WHEN NEW.project_set_id IS NOT NULL
BEGIN
  INSERT INTO list_block_moves (list, old_key, old_id, old_scope, key, id, scope) VALUES
    ('procedure_logs.place', NULL, NULL, NULL, NEW.procedure_id, NEW.place, NEW.project_set_id),
    ('procedure_logs.id', NULL, NULL, NULL, NEW.id, '', NEW.project_set_id),
    ('procedure_logs.created_date', NULL, NULL, NULL, NEW.created_date, NEW.id, NEW.project_set_id),
    ('procedure_logs.updated_date', NULL, NULL, NULL, NEW.updated_date, NEW.id, NEW.project_set_id);
  INSERT INTO procedure_logs_block_divisions SELECT * FROM list_blocks_to_divide;
END;
--> statement-breakpoint
CREATE TRIGGER procedure_logs_blocks_update AFTER UPDATE OF project_set_id, procedure_id, created_date, updated_date ON procedure_logs
BEGIN
  INSERT INTO list_block_moves (list, old_key, old_id, old_scope, key, id, scope) VALUES
    ('procedure_logs.place', OLD.procedure_id, OLD.place, OLD.project_set_id, NEW.procedure_id, NEW.place, NEW.project_set_id),
    ('procedure_logs.id', OLD.id, '', OLD.project_set_id, NEW.id, '', NEW.project_set_id),
    ('procedure_logs.created_date', OLD.created_date, OLD.id, OLD.project_set_id, NEW.created_date, NEW.id, NEW.project_set_id),
    ('procedure_logs.updated_date', OLD.updated_date, OLD.id, OLD.project_set_id, NEW.updated_date, NEW.id, NEW.project_set_id);
  INSERT INTO procedure_logs_block_divisions SELECT * FROM list_blocks_to_divide;
END;
--> statement-breakpoint
CREATE TRIGGER procedure_logs_blocks_delete AFTER DELETE ON procedure_logs
BEGIN
  INSERT INTO list_block_moves (list, old_key, old_id, old_scope, key, id, scope) VALUES
    ('procedure_logs.place', OLD.procedure_id, OLD.place, OLD.project_set_id, NULL, NULL, NULL),
    ('procedure_logs.id', OLD.id, '', OLD.project_set_id, NULL, NULL, NULL),
    ('procedure_logs.created_date', OLD.created_date, OLD.id, OLD.project_set_id, NULL, NULL, NULL),
    ('procedure_logs.updated_date', OLD.updated_date, OLD.id, OLD.project_set_id, NULL, NULL, NULL);
END;
