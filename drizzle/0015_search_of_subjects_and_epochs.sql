-- The text that describes a subject and an epoch, as `session_search` has that of a session (see the migration
-- `search`, which explains each part). `finish-migrations` adds the records that are there already.
CREATE VIRTUAL TABLE subject_search USING fts5(
  name, tags, subject_identifier, name_used_in_storage, genotype, genetic_line, description, refs,
  content = '', contentless_delete = 1, tokenize = 'trigram case_sensitive 1'
);
--> statement-breakpoint
CREATE VIEW subject_search_documents AS SELECT
  subjects.rowid AS document,
  subjects.id AS id,
  char(10) || name_folded || char(10) AS name,
  (SELECT char(10) || group_concat(tag_folded, char(10)) || char(10)
    FROM subject_tags WHERE subject_id = subjects.id) AS tags,
  char(10) || subject_identifier_folded || char(10) AS subject_identifier,
  char(10) || name_used_in_storage_folded || char(10) AS name_used_in_storage,
  char(10) || genotype_folded || char(10) AS genotype,
  char(10) || genetic_line_folded || char(10) AS genetic_line,
  char(10) || description_folded || char(10) AS description,
  coalesce((SELECT group_concat('p' || char(19968 + projects.rowid / 20000, 19968 + projects.rowid % 20000), '')
    FROM session_projects CROSS JOIN projects ON projects.id = project_id
    WHERE session_projects.project_set_id = subjects.project_set_id), '') AS refs
FROM subjects;
--> statement-breakpoint
CREATE TABLE subject_search_deferred (id text PRIMARY KEY NOT NULL) WITHOUT ROWID;
--> statement-breakpoint
CREATE TRIGGER subject_search_catch_up AFTER DELETE ON subject_search_deferred
BEGIN
  INSERT OR REPLACE INTO subject_search (rowid, name, tags, subject_identifier, name_used_in_storage, genotype, genetic_line, description, refs)
  SELECT document, name, tags, subject_identifier, name_used_in_storage, genotype, genetic_line, description, refs FROM subject_search_documents WHERE id = OLD.id;
END;
--> statement-breakpoint
CREATE VIEW subject_search_changes AS SELECT '' AS id WHERE 0;
--> statement-breakpoint
CREATE TRIGGER subject_search_change INSTEAD OF INSERT ON subject_search_changes
WHEN NOT EXISTS (SELECT 1 FROM subject_search_deferred WHERE id = NEW.id)
  AND NOT EXISTS (SELECT 1 FROM imports)
BEGIN
  UPDATE subject_search SET (name, tags, subject_identifier, name_used_in_storage, genotype, genetic_line, description, refs) = (
    SELECT name, tags, subject_identifier, name_used_in_storage, genotype, genetic_line, description, refs FROM subject_search_documents WHERE id = NEW.id)
  WHERE rowid = (SELECT rowid FROM subjects WHERE id = NEW.id);
END;
--> statement-breakpoint
CREATE TRIGGER subject_search_insert AFTER INSERT ON subjects
WHEN NOT EXISTS (SELECT 1 FROM subject_search_deferred WHERE id = NEW.id)
  AND NOT EXISTS (SELECT 1 FROM imports)
BEGIN
  INSERT INTO subject_search (rowid, name, tags, subject_identifier, name_used_in_storage, genotype, genetic_line, description, refs)
  SELECT document, name, tags, subject_identifier, name_used_in_storage, genotype, genetic_line, description, refs FROM subject_search_documents WHERE id = NEW.id;
END;
--> statement-breakpoint
CREATE TRIGGER subject_search_update AFTER UPDATE
  OF name_folded, subject_identifier_folded, name_used_in_storage_folded, genotype_folded, genetic_line_folded, description_folded, project_set_id ON subjects
WHEN (OLD.name_folded, OLD.subject_identifier_folded, OLD.name_used_in_storage_folded, OLD.genotype_folded, OLD.genetic_line_folded, OLD.description_folded, OLD.project_set_id)
  IS NOT (NEW.name_folded, NEW.subject_identifier_folded, NEW.name_used_in_storage_folded, NEW.genotype_folded, NEW.genetic_line_folded, NEW.description_folded, NEW.project_set_id)
BEGIN
  INSERT INTO subject_search_changes VALUES (NEW.id);
END;
--> statement-breakpoint
CREATE TRIGGER subject_search_delete AFTER DELETE ON subjects
BEGIN
  DELETE FROM subject_search WHERE rowid = OLD.rowid;
END;
--> statement-breakpoint
CREATE TRIGGER subject_search_tags_insert AFTER INSERT ON subject_tags
BEGIN
  INSERT INTO subject_search_changes VALUES (NEW.subject_id);
END;
--> statement-breakpoint
CREATE TRIGGER subject_search_tags_update AFTER UPDATE OF subject_id, tag_folded ON subject_tags
BEGIN
  INSERT INTO subject_search_changes VALUES (OLD.subject_id);
  INSERT INTO subject_search_changes VALUES (NEW.subject_id);
END;
--> statement-breakpoint
CREATE TRIGGER subject_search_tags_delete AFTER DELETE ON subject_tags
BEGIN
  INSERT INTO subject_search_changes VALUES (OLD.subject_id);
END;
--> statement-breakpoint
-- The text of an epoch. `refs` has the projects of its session, which say who may see it.
CREATE VIRTUAL TABLE epoch_search USING fts5(
  name, notes, refs,
  content = '', contentless_delete = 1, tokenize = 'trigram case_sensitive 1'
);
--> statement-breakpoint
CREATE VIEW epoch_search_documents AS SELECT
  epochs.rowid AS document,
  epochs.id AS id,
  char(10) || name_folded || char(10) AS name,
  char(10) || notes_folded || char(10) AS notes,
  coalesce((SELECT group_concat('p' || char(19968 + projects.rowid / 20000, 19968 + projects.rowid % 20000), '')
    FROM session_projects CROSS JOIN projects ON projects.id = project_id
    WHERE session_projects.project_set_id = epochs.project_set_id), '') AS refs
FROM epochs;
--> statement-breakpoint
CREATE TABLE epoch_search_deferred (id text PRIMARY KEY NOT NULL) WITHOUT ROWID;
--> statement-breakpoint
CREATE TRIGGER epoch_search_catch_up AFTER DELETE ON epoch_search_deferred
BEGIN
  INSERT OR REPLACE INTO epoch_search (rowid, name, notes, refs)
  SELECT document, name, notes, refs FROM epoch_search_documents WHERE id = OLD.id;
END;
--> statement-breakpoint
CREATE VIEW epoch_search_changes AS SELECT '' AS id WHERE 0;
--> statement-breakpoint
CREATE TRIGGER epoch_search_change INSTEAD OF INSERT ON epoch_search_changes
WHEN NOT EXISTS (SELECT 1 FROM epoch_search_deferred WHERE id = NEW.id)
  AND NOT EXISTS (SELECT 1 FROM imports)
BEGIN
  UPDATE epoch_search SET (name, notes, refs) = (
    SELECT name, notes, refs FROM epoch_search_documents WHERE id = NEW.id)
  WHERE rowid = (SELECT rowid FROM epochs WHERE id = NEW.id);
END;
--> statement-breakpoint
CREATE TRIGGER epoch_search_insert AFTER INSERT ON epochs
WHEN NOT EXISTS (SELECT 1 FROM epoch_search_deferred WHERE id = NEW.id)
  AND NOT EXISTS (SELECT 1 FROM imports)
BEGIN
  INSERT INTO epoch_search (rowid, name, notes, refs)
  SELECT document, name, notes, refs FROM epoch_search_documents WHERE id = NEW.id;
END;
--> statement-breakpoint
CREATE TRIGGER epoch_search_update AFTER UPDATE
  OF name_folded, notes_folded, project_set_id ON epochs
WHEN (OLD.name_folded, OLD.notes_folded, OLD.project_set_id)
  IS NOT (NEW.name_folded, NEW.notes_folded, NEW.project_set_id)
BEGIN
  INSERT INTO epoch_search_changes VALUES (NEW.id);
END;
--> statement-breakpoint
CREATE TRIGGER epoch_search_delete AFTER DELETE ON epochs
BEGIN
  DELETE FROM epoch_search WHERE rowid = OLD.rowid;
END;
