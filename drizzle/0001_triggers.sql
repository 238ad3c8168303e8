-- A row put into this view is a fault found while writing: the trigger raises it as the error's text,
-- and the whole batch is rolled back. `INSERT INTO write_faults SELECT ... WHERE <something is wrong>`
-- is how a batch checks, at the moment of writing, what was true when it was planned.
CREATE VIEW write_faults AS SELECT '' AS fault WHERE 0;
--> statement-breakpoint
CREATE TRIGGER write_faults_raise INSTEAD OF INSERT ON write_faults
BEGIN
  SELECT RAISE(ABORT, NEW.fault);
END;
--> statement-breakpoint
-- The members of a project set are those named in its project_ids, from its first moment to its last.
CREATE TRIGGER project_sets_fill AFTER INSERT ON project_sets
BEGIN
  INSERT INTO session_projects (project_set_id, project_id, position)
  SELECT NEW.id, value, key FROM json_each(NEW.project_ids);
END;
--> statement-breakpoint
CREATE TRIGGER project_sets_are_fixed BEFORE UPDATE OF id, project_ids ON project_sets
BEGIN
  SELECT RAISE(ABORT, 'a project set does not change: point its sessions at another one');
END;
--> statement-breakpoint
CREATE TRIGGER session_projects_insert BEFORE INSERT ON session_projects
WHEN NOT EXISTS (
  SELECT 1 FROM project_sets, json_each(project_ids)
  WHERE project_sets.id = NEW.project_set_id AND value = NEW.project_id AND key = NEW.position
)
BEGIN
  SELECT RAISE(ABORT, 'a project set holds what its project_ids name');
END;
--> statement-breakpoint
CREATE TRIGGER session_projects_update BEFORE UPDATE ON session_projects
BEGIN
  SELECT RAISE(ABORT, 'a project set does not change: point its sessions at another one');
END;
--> statement-breakpoint
CREATE TRIGGER session_projects_delete BEFORE DELETE ON session_projects
WHEN EXISTS (SELECT 1 FROM project_sets WHERE id = OLD.project_set_id)
BEGIN
  SELECT RAISE(ABORT, 'a project set does not change: point its sessions at another one');
END;
--> statement-breakpoint
-- The count of sessions in a set, and the end of a set with its last session.
CREATE TRIGGER sessions_count_insert AFTER INSERT ON sessions
BEGIN
  UPDATE project_sets SET session_count = session_count + 1 WHERE id = NEW.project_set_id;
END;
--> statement-breakpoint
CREATE TRIGGER sessions_count_move AFTER UPDATE OF project_set_id ON sessions
WHEN OLD.project_set_id <> NEW.project_set_id
BEGIN
  UPDATE project_sets SET session_count = session_count + 1 WHERE id = NEW.project_set_id;
  UPDATE project_sets SET session_count = session_count - 1 WHERE id = OLD.project_set_id;
END;
--> statement-breakpoint
CREATE TRIGGER sessions_count_delete AFTER DELETE ON sessions
BEGIN
  UPDATE project_sets SET session_count = session_count - 1 WHERE id = OLD.project_set_id;
END;
--> statement-breakpoint
CREATE TRIGGER project_sets_drop AFTER UPDATE OF session_count ON project_sets
WHEN NEW.session_count = 0
BEGIN
  DELETE FROM project_sets WHERE id = NEW.id;
END;
--> statement-breakpoint
-- A record stays in its session, and an epoch refers to records of its own session only.
CREATE TRIGGER data_acquisitions_stay BEFORE UPDATE OF session_id ON data_acquisitions
WHEN OLD.session_id <> NEW.session_id
BEGIN
  SELECT RAISE(ABORT, 'a data acquisition stays in its session');
END;
--> statement-breakpoint
CREATE TRIGGER behaviors_stay BEFORE UPDATE OF session_id ON behaviors
WHEN OLD.session_id <> NEW.session_id
BEGIN
  SELECT RAISE(ABORT, 'a behavior stays in its session');
END;
--> statement-breakpoint
CREATE TRIGGER manipulations_stay BEFORE UPDATE OF session_id ON manipulations
WHEN OLD.session_id <> NEW.session_id
BEGIN
  SELECT RAISE(ABORT, 'a manipulation stays in its session');
END;
--> statement-breakpoint
CREATE TRIGGER epochs_stay BEFORE UPDATE OF session_id ON epochs
WHEN OLD.session_id <> NEW.session_id
BEGIN
  SELECT RAISE(ABORT, 'an epoch stays in its session');
END;
--> statement-breakpoint
CREATE TRIGGER epoch_data_acquisitions_same_session BEFORE INSERT ON epoch_data_acquisitions
WHEN (SELECT session_id FROM epochs WHERE id = NEW.epoch_id)
  <> (SELECT session_id FROM data_acquisitions WHERE id = NEW.data_acquisition_id)
BEGIN
  SELECT RAISE(ABORT, 'an epoch refers to data acquisitions of its own session');
END;
--> statement-breakpoint
CREATE TRIGGER epoch_behaviors_same_session BEFORE INSERT ON epoch_behaviors
WHEN (SELECT session_id FROM epochs WHERE id = NEW.epoch_id)
  <> (SELECT session_id FROM behaviors WHERE id = NEW.behavior_id)
BEGIN
  SELECT RAISE(ABORT, 'an epoch refers to behaviors of its own session');
END;
--> statement-breakpoint
CREATE TRIGGER epoch_manipulations_same_session BEFORE INSERT ON epoch_manipulations
WHEN (SELECT session_id FROM epochs WHERE id = NEW.epoch_id)
  <> (SELECT session_id FROM manipulations WHERE id = NEW.manipulation_id)
BEGIN
  SELECT RAISE(ABORT, 'an epoch refers to manipulations of its own session');
END;
