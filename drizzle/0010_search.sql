-- The text that describes a session, its case folded, as an index of all parts of three characters. `refs` has
-- one word of three characters for each project and data storage of the session: `p` or `d`, and the number of
-- its row in two characters. So a search also decides who may see a session, and finds the name of a project
-- without storing it: a project that is renamed changes nothing here.
--
-- The row of a session has the rowid of the session. Only VACUUM could give a session another rowid, and D1 does
-- not run it.
CREATE VIRTUAL TABLE session_search USING fts5(
  name, tags, name_used_in_storage, extra_fields, description, refs,
  content = '', contentless_delete = 1, tokenize = 'trigram case_sensitive 1'
);
--> statement-breakpoint
-- Each value stands on lines of its own, also the only one of a field: the text `line break, value, line break`
-- then finds a whole value, and `line break, start` its beginning. No word of a search has a line break.
CREATE VIEW session_search_documents AS SELECT
  sessions.rowid AS document,
  sessions.id AS id,
  char(10) || name_folded || char(10) AS name,
  (SELECT char(10) || group_concat(tag_folded, char(10)) || char(10)
    FROM session_tags WHERE session_id = sessions.id) AS tags,
  char(10) || name_used_in_storage_folded || char(10) AS name_used_in_storage,
  -- A number as clients read it.
  (SELECT char(10) || group_concat(
      lower(key) || char(10) || iif(type = 'text', value, extra_fields_folded -> fullkey), char(10)) || char(10)
    FROM json_each(extra_fields_folded)) AS extra_fields,
  char(10) || description_folded || char(10) AS description,
  coalesce((SELECT group_concat('p' || char(19968 + projects.rowid / 20000, 19968 + projects.rowid % 20000), '')
    FROM session_projects CROSS JOIN projects ON projects.id = project_id
    WHERE session_projects.project_set_id = sessions.project_set_id), '') ||
  coalesce((SELECT group_concat('d' || char(19968 + data_storages.rowid / 20000, 19968 + data_storages.rowid % 20000), '')
    FROM session_data_storages CROSS JOIN data_storages ON data_storages.id = data_storage_id
    WHERE session_data_storages.session_id = sessions.id), '') AS refs
FROM sessions;
--> statement-breakpoint
-- A session named here is indexed when its name is taken out again, and not before. A transaction that writes a
-- session with a hundred tags so indexes it once. Both statements are in that transaction, so that the table is
-- empty otherwise.
CREATE TABLE session_search_deferred (id text PRIMARY KEY NOT NULL) WITHOUT ROWID;
--> statement-breakpoint
CREATE TRIGGER session_search_catch_up AFTER DELETE ON session_search_deferred
BEGIN
  INSERT OR REPLACE INTO session_search (rowid, name, tags, name_used_in_storage, extra_fields, description, refs)
  SELECT document, name, tags, name_used_in_storage, extra_fields, description, refs
  FROM session_search_documents WHERE id = OLD.id;
END;
--> statement-breakpoint
-- `INSERT INTO session_search_changes VALUES (<id>)` indexes a session again. While an import fills the database
-- nothing is indexed: its last step indexes all. There, and for a session that is gone, this does nothing.
CREATE VIEW session_search_changes AS SELECT '' AS id WHERE 0;
--> statement-breakpoint
CREATE TRIGGER session_search_change INSTEAD OF INSERT ON session_search_changes
WHEN NOT EXISTS (SELECT 1 FROM session_search_deferred WHERE id = NEW.id)
  AND NOT EXISTS (SELECT 1 FROM imports)
BEGIN
  UPDATE session_search
  SET (name, tags, name_used_in_storage, extra_fields, description, refs) = (
    SELECT name, tags, name_used_in_storage, extra_fields, description, refs
    FROM session_search_documents WHERE id = NEW.id)
  WHERE rowid = (SELECT rowid FROM sessions WHERE id = NEW.id);
END;
--> statement-breakpoint
CREATE TRIGGER session_search_insert AFTER INSERT ON sessions
WHEN NOT EXISTS (SELECT 1 FROM session_search_deferred WHERE id = NEW.id)
  AND NOT EXISTS (SELECT 1 FROM imports)
BEGIN
  INSERT INTO session_search (rowid, name, tags, name_used_in_storage, extra_fields, description, refs)
  SELECT document, name, tags, name_used_in_storage, extra_fields, description, refs
  FROM session_search_documents WHERE id = NEW.id;
END;
--> statement-breakpoint
CREATE TRIGGER session_search_update AFTER UPDATE
  OF name_folded, description_folded, extra_fields_folded, name_used_in_storage_folded, project_set_id ON sessions
WHEN OLD.name_folded <> NEW.name_folded
  OR OLD.description_folded <> NEW.description_folded
  OR OLD.extra_fields_folded <> NEW.extra_fields_folded
  OR OLD.name_used_in_storage_folded <> NEW.name_used_in_storage_folded
  OR OLD.project_set_id <> NEW.project_set_id
BEGIN
  INSERT INTO session_search_changes VALUES (NEW.id);
END;
--> statement-breakpoint
CREATE TRIGGER session_search_delete AFTER DELETE ON sessions
BEGIN
  DELETE FROM session_search WHERE rowid = OLD.rowid;
END;
--> statement-breakpoint
CREATE TRIGGER session_search_tags_insert AFTER INSERT ON session_tags
BEGIN
  INSERT INTO session_search_changes VALUES (NEW.session_id);
END;
--> statement-breakpoint
CREATE TRIGGER session_search_tags_update AFTER UPDATE OF session_id, tag_folded ON session_tags
BEGIN
  INSERT INTO session_search_changes VALUES (OLD.session_id);
  INSERT INTO session_search_changes VALUES (NEW.session_id);
END;
--> statement-breakpoint
CREATE TRIGGER session_search_tags_delete AFTER DELETE ON session_tags
BEGIN
  INSERT INTO session_search_changes VALUES (OLD.session_id);
END;
--> statement-breakpoint
CREATE TRIGGER session_search_storages_insert AFTER INSERT ON session_data_storages
BEGIN
  INSERT INTO session_search_changes VALUES (NEW.session_id);
END;
--> statement-breakpoint
CREATE TRIGGER session_search_storages_update AFTER UPDATE OF session_id, data_storage_id ON session_data_storages
BEGIN
  INSERT INTO session_search_changes VALUES (OLD.session_id);
  INSERT INTO session_search_changes VALUES (NEW.session_id);
END;
--> statement-breakpoint
CREATE TRIGGER session_search_storages_delete AFTER DELETE ON session_data_storages
BEGIN
  INSERT INTO session_search_changes VALUES (OLD.session_id);
END;
--> statement-breakpoint
-- REPLACE would give the project or the data storage another rowid than its sessions are indexed with.
CREATE TRIGGER projects_no_replace BEFORE INSERT ON projects
WHEN EXISTS (SELECT 1 FROM projects WHERE id = NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'UNIQUE constraint failed: projects.id');
END;
--> statement-breakpoint
CREATE TRIGGER data_storages_no_replace BEFORE INSERT ON data_storages
WHEN EXISTS (SELECT 1 FROM data_storages WHERE id = NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'UNIQUE constraint failed: data_storages.id');
END;
