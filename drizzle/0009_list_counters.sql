ALTER TABLE `behaviors` ADD `project_set_id` integer;
--> statement-breakpoint
ALTER TABLE `data_acquisitions` ADD `project_set_id` integer;
--> statement-breakpoint
ALTER TABLE `epochs` ADD `project_set_id` integer;
--> statement-breakpoint
ALTER TABLE `manipulations` ADD `project_set_id` integer;
--> statement-breakpoint
ALTER TABLE `session_data_storages` ADD `project_set_id` integer;
--> statement-breakpoint
ALTER TABLE `session_projects` ADD `session_count` integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE `session_projects` ADD `session_data_storage_count` integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE `session_projects` ADD `epoch_count` integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE `session_projects` ADD `data_acquisition_count` integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE `session_projects` ADD `behavior_count` integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE `session_projects` ADD `manipulation_count` integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
-- The rows that are there already take the project set of their session.
UPDATE session_data_storages SET project_set_id = (SELECT project_set_id FROM sessions WHERE id = session_data_storages.session_id);
--> statement-breakpoint
UPDATE epochs SET project_set_id = (SELECT project_set_id FROM sessions WHERE id = epochs.session_id);
--> statement-breakpoint
UPDATE data_acquisitions SET project_set_id = (SELECT project_set_id FROM sessions WHERE id = data_acquisitions.session_id);
--> statement-breakpoint
UPDATE behaviors SET project_set_id = (SELECT project_set_id FROM sessions WHERE id = behaviors.session_id);
--> statement-breakpoint
UPDATE manipulations SET project_set_id = (SELECT project_set_id FROM sessions WHERE id = manipulations.session_id);
--> statement-breakpoint
-- A sort downwards reads the same index backwards.
DROP INDEX `sessions_project_set_date_time_descending`;
--> statement-breakpoint
CREATE INDEX `behaviors_project_set_place` ON `behaviors` (`project_set_id`,`session_id`,"position" IS NULL,`position`,`created_date`,`id`);
--> statement-breakpoint
CREATE INDEX `behaviors_project_set_id` ON `behaviors` (`project_set_id`,`id`);
--> statement-breakpoint
CREATE INDEX `behaviors_project_set_created_date` ON `behaviors` (`project_set_id`,`created_date`,`id`);
--> statement-breakpoint
CREATE INDEX `behaviors_project_set_updated_date` ON `behaviors` (`project_set_id`,`updated_date`,`id`);
--> statement-breakpoint
CREATE INDEX `data_acquisitions_project_set_place` ON `data_acquisitions` (`project_set_id`,`session_id`,"position" IS NULL,`position`,`created_date`,`id`);
--> statement-breakpoint
CREATE INDEX `data_acquisitions_project_set_id` ON `data_acquisitions` (`project_set_id`,`id`);
--> statement-breakpoint
CREATE INDEX `data_acquisitions_project_set_created_date` ON `data_acquisitions` (`project_set_id`,`created_date`,`id`);
--> statement-breakpoint
CREATE INDEX `data_acquisitions_project_set_updated_date` ON `data_acquisitions` (`project_set_id`,`updated_date`,`id`);
--> statement-breakpoint
CREATE INDEX `epochs_project_set_place` ON `epochs` (`project_set_id`,`session_id`,"position" IS NULL,`position`,`created_date`,`id`);
--> statement-breakpoint
CREATE INDEX `epochs_project_set_id` ON `epochs` (`project_set_id`,`id`);
--> statement-breakpoint
CREATE INDEX `epochs_project_set_created_date` ON `epochs` (`project_set_id`,`created_date`,`id`);
--> statement-breakpoint
CREATE INDEX `epochs_project_set_updated_date` ON `epochs` (`project_set_id`,`updated_date`,`id`);
--> statement-breakpoint
CREATE INDEX `manipulations_project_set_place` ON `manipulations` (`project_set_id`,`session_id`,"position" IS NULL,`position`,`created_date`,`id`);
--> statement-breakpoint
CREATE INDEX `manipulations_project_set_id` ON `manipulations` (`project_set_id`,`id`);
--> statement-breakpoint
CREATE INDEX `manipulations_project_set_created_date` ON `manipulations` (`project_set_id`,`created_date`,`id`);
--> statement-breakpoint
CREATE INDEX `manipulations_project_set_updated_date` ON `manipulations` (`project_set_id`,`updated_date`,`id`);
--> statement-breakpoint
CREATE INDEX `session_data_storages_project_set_order` ON `session_data_storages` (`project_set_id`,`session_id`,`position`,`id`);
--> statement-breakpoint
CREATE INDEX `session_data_storages_project_set_id` ON `session_data_storages` (`project_set_id`,`id`);
--> statement-breakpoint
CREATE INDEX `sessions_project_set_id` ON `sessions` (`project_set_id`,`id`);
--> statement-breakpoint
CREATE INDEX `sessions_project_set_created_date` ON `sessions` (`project_set_id`,`created_date`,`id`);
--> statement-breakpoint
CREATE INDEX `sessions_project_set_updated_date` ON `sessions` (`project_set_id`,`updated_date`,`id`);
--> statement-breakpoint
CREATE INDEX `sessions_date_time` ON `sessions` (`date_time`,`id`);
--> statement-breakpoint
CREATE INDEX `sessions_created_date` ON `sessions` (`created_date`,`id`);
--> statement-breakpoint
CREATE INDEX `sessions_updated_date` ON `sessions` (`updated_date`,`id`);
--> statement-breakpoint
CREATE INDEX `behaviors_created_date` ON `behaviors` (`created_date`,`id`);
--> statement-breakpoint
CREATE INDEX `behaviors_updated_date` ON `behaviors` (`updated_date`,`id`);
--> statement-breakpoint
CREATE INDEX `data_acquisitions_created_date` ON `data_acquisitions` (`created_date`,`id`);
--> statement-breakpoint
CREATE INDEX `data_acquisitions_updated_date` ON `data_acquisitions` (`updated_date`,`id`);
--> statement-breakpoint
CREATE INDEX `epochs_created_date` ON `epochs` (`created_date`,`id`);
--> statement-breakpoint
CREATE INDEX `epochs_updated_date` ON `epochs` (`updated_date`,`id`);
--> statement-breakpoint
CREATE INDEX `manipulations_created_date` ON `manipulations` (`created_date`,`id`);
--> statement-breakpoint
CREATE INDEX `manipulations_updated_date` ON `manipulations` (`updated_date`,`id`);
--> statement-breakpoint
-- Only the counters of a project set change, never its members.
DROP TRIGGER session_projects_update;
--> statement-breakpoint
CREATE TRIGGER session_projects_update BEFORE UPDATE OF project_set_id, project_id, position ON session_projects
BEGIN
  SELECT RAISE(ABORT, 'a project set does not change: point its sessions at another one');
END;
--> statement-breakpoint
UPDATE session_projects SET
  session_count = (SELECT session_count FROM project_sets WHERE id = project_set_id),
  session_data_storage_count = (SELECT count(*) FROM session_data_storages WHERE project_set_id = session_projects.project_set_id),
  epoch_count = (SELECT count(*) FROM epochs WHERE project_set_id = session_projects.project_set_id),
  data_acquisition_count = (SELECT count(*) FROM data_acquisitions WHERE project_set_id = session_projects.project_set_id),
  behavior_count = (SELECT count(*) FROM behaviors WHERE project_set_id = session_projects.project_set_id),
  manipulation_count = (SELECT count(*) FROM manipulations WHERE project_set_id = session_projects.project_set_id);
--> statement-breakpoint
-- A set counts its sessions twice: in its own row, which goes with the last session, and in the rows of its
-- projects, over which lists count.
DROP TRIGGER sessions_count_insert;
--> statement-breakpoint
CREATE TRIGGER sessions_count_insert AFTER INSERT ON sessions
BEGIN
  UPDATE project_sets SET session_count = session_count + 1 WHERE id = NEW.project_set_id;
  UPDATE session_projects SET session_count = session_count + 1 WHERE project_set_id = NEW.project_set_id;
END;
--> statement-breakpoint
DROP TRIGGER sessions_count_move;
--> statement-breakpoint
-- The records of a session move with it, and their own triggers count them.
CREATE TRIGGER sessions_count_move AFTER UPDATE OF project_set_id ON sessions
WHEN OLD.project_set_id <> NEW.project_set_id
BEGIN
  UPDATE session_data_storages SET project_set_id = NEW.project_set_id WHERE session_id = NEW.id;
  UPDATE epochs SET project_set_id = NEW.project_set_id WHERE session_id = NEW.id;
  UPDATE data_acquisitions SET project_set_id = NEW.project_set_id WHERE session_id = NEW.id;
  UPDATE behaviors SET project_set_id = NEW.project_set_id WHERE session_id = NEW.id;
  UPDATE manipulations SET project_set_id = NEW.project_set_id WHERE session_id = NEW.id;
  UPDATE session_projects SET session_count = session_count + 1 WHERE project_set_id = NEW.project_set_id;
  UPDATE session_projects SET session_count = session_count - 1 WHERE project_set_id = OLD.project_set_id;
  UPDATE project_sets SET session_count = session_count + 1 WHERE id = NEW.project_set_id;
  UPDATE project_sets SET session_count = session_count - 1 WHERE id = OLD.project_set_id;
END;
--> statement-breakpoint
DROP TRIGGER sessions_count_delete;
--> statement-breakpoint
CREATE TRIGGER sessions_count_delete AFTER DELETE ON sessions
BEGIN
  UPDATE session_projects SET session_count = session_count - 1 WHERE project_set_id = OLD.project_set_id;
  UPDATE project_sets SET session_count = session_count - 1 WHERE id = OLD.project_set_id;
END;
--> statement-breakpoint
-- A row has the project set of its session, also when whoever inserts it leaves that out.
CREATE TRIGGER session_data_storages_project_set_insert BEFORE INSERT ON session_data_storages
WHEN NEW.project_set_id IS NOT NULL AND NEW.project_set_id IS NOT (SELECT project_set_id FROM sessions WHERE id = NEW.session_id)
BEGIN
  SELECT RAISE(ABORT, 'an association has the project set of its session');
END;
--> statement-breakpoint
CREATE TRIGGER session_data_storages_project_set_update BEFORE UPDATE OF project_set_id ON session_data_storages
WHEN NEW.project_set_id IS NOT (SELECT project_set_id FROM sessions WHERE id = NEW.session_id)
BEGIN
  SELECT RAISE(ABORT, 'an association has the project set of its session');
END;
--> statement-breakpoint
CREATE TRIGGER session_data_storages_project_set_fill AFTER INSERT ON session_data_storages
WHEN NEW.project_set_id IS NULL
BEGIN
  UPDATE session_data_storages SET project_set_id = (SELECT project_set_id FROM sessions WHERE id = NEW.session_id) WHERE id = NEW.id;
END;
--> statement-breakpoint
CREATE TRIGGER session_data_storages_count_insert AFTER INSERT ON session_data_storages
WHEN NEW.project_set_id IS NOT NULL
BEGIN
  UPDATE session_projects SET session_data_storage_count = session_data_storage_count + 1 WHERE project_set_id = NEW.project_set_id;
END;
--> statement-breakpoint
CREATE TRIGGER session_data_storages_count_move AFTER UPDATE OF project_set_id ON session_data_storages
WHEN OLD.project_set_id IS NOT NEW.project_set_id
BEGIN
  UPDATE session_projects SET session_data_storage_count = session_data_storage_count - 1 WHERE project_set_id = OLD.project_set_id;
  UPDATE session_projects SET session_data_storage_count = session_data_storage_count + 1 WHERE project_set_id = NEW.project_set_id;
END;
--> statement-breakpoint
CREATE TRIGGER session_data_storages_count_delete AFTER DELETE ON session_data_storages
BEGIN
  UPDATE session_projects SET session_data_storage_count = session_data_storage_count - 1 WHERE project_set_id = OLD.project_set_id;
END;
--> statement-breakpoint
CREATE TRIGGER epochs_project_set_insert BEFORE INSERT ON epochs
WHEN NEW.project_set_id IS NOT NULL AND NEW.project_set_id IS NOT (SELECT project_set_id FROM sessions WHERE id = NEW.session_id)
BEGIN
  SELECT RAISE(ABORT, 'an epoch has the project set of its session');
END;
--> statement-breakpoint
CREATE TRIGGER epochs_project_set_update BEFORE UPDATE OF project_set_id ON epochs
WHEN NEW.project_set_id IS NOT (SELECT project_set_id FROM sessions WHERE id = NEW.session_id)
BEGIN
  SELECT RAISE(ABORT, 'an epoch has the project set of its session');
END;
--> statement-breakpoint
CREATE TRIGGER epochs_project_set_fill AFTER INSERT ON epochs
WHEN NEW.project_set_id IS NULL
BEGIN
  UPDATE epochs SET project_set_id = (SELECT project_set_id FROM sessions WHERE id = NEW.session_id) WHERE id = NEW.id;
END;
--> statement-breakpoint
CREATE TRIGGER epochs_count_insert AFTER INSERT ON epochs
WHEN NEW.project_set_id IS NOT NULL
BEGIN
  UPDATE session_projects SET epoch_count = epoch_count + 1 WHERE project_set_id = NEW.project_set_id;
END;
--> statement-breakpoint
CREATE TRIGGER epochs_count_move AFTER UPDATE OF project_set_id ON epochs
WHEN OLD.project_set_id IS NOT NEW.project_set_id
BEGIN
  UPDATE session_projects SET epoch_count = epoch_count - 1 WHERE project_set_id = OLD.project_set_id;
  UPDATE session_projects SET epoch_count = epoch_count + 1 WHERE project_set_id = NEW.project_set_id;
END;
--> statement-breakpoint
CREATE TRIGGER epochs_count_delete AFTER DELETE ON epochs
BEGIN
  UPDATE session_projects SET epoch_count = epoch_count - 1 WHERE project_set_id = OLD.project_set_id;
END;
--> statement-breakpoint
CREATE TRIGGER data_acquisitions_project_set_insert BEFORE INSERT ON data_acquisitions
WHEN NEW.project_set_id IS NOT NULL AND NEW.project_set_id IS NOT (SELECT project_set_id FROM sessions WHERE id = NEW.session_id)
BEGIN
  SELECT RAISE(ABORT, 'a data acquisition has the project set of its session');
END;
--> statement-breakpoint
CREATE TRIGGER data_acquisitions_project_set_update BEFORE UPDATE OF project_set_id ON data_acquisitions
WHEN NEW.project_set_id IS NOT (SELECT project_set_id FROM sessions WHERE id = NEW.session_id)
BEGIN
  SELECT RAISE(ABORT, 'a data acquisition has the project set of its session');
END;
--> statement-breakpoint
CREATE TRIGGER data_acquisitions_project_set_fill AFTER INSERT ON data_acquisitions
WHEN NEW.project_set_id IS NULL
BEGIN
  UPDATE data_acquisitions SET project_set_id = (SELECT project_set_id FROM sessions WHERE id = NEW.session_id) WHERE id = NEW.id;
END;
--> statement-breakpoint
CREATE TRIGGER data_acquisitions_count_insert AFTER INSERT ON data_acquisitions
WHEN NEW.project_set_id IS NOT NULL
BEGIN
  UPDATE session_projects SET data_acquisition_count = data_acquisition_count + 1 WHERE project_set_id = NEW.project_set_id;
END;
--> statement-breakpoint
CREATE TRIGGER data_acquisitions_count_move AFTER UPDATE OF project_set_id ON data_acquisitions
WHEN OLD.project_set_id IS NOT NEW.project_set_id
BEGIN
  UPDATE session_projects SET data_acquisition_count = data_acquisition_count - 1 WHERE project_set_id = OLD.project_set_id;
  UPDATE session_projects SET data_acquisition_count = data_acquisition_count + 1 WHERE project_set_id = NEW.project_set_id;
END;
--> statement-breakpoint
CREATE TRIGGER data_acquisitions_count_delete AFTER DELETE ON data_acquisitions
BEGIN
  UPDATE session_projects SET data_acquisition_count = data_acquisition_count - 1 WHERE project_set_id = OLD.project_set_id;
END;
--> statement-breakpoint
CREATE TRIGGER behaviors_project_set_insert BEFORE INSERT ON behaviors
WHEN NEW.project_set_id IS NOT NULL AND NEW.project_set_id IS NOT (SELECT project_set_id FROM sessions WHERE id = NEW.session_id)
BEGIN
  SELECT RAISE(ABORT, 'a behavior has the project set of its session');
END;
--> statement-breakpoint
CREATE TRIGGER behaviors_project_set_update BEFORE UPDATE OF project_set_id ON behaviors
WHEN NEW.project_set_id IS NOT (SELECT project_set_id FROM sessions WHERE id = NEW.session_id)
BEGIN
  SELECT RAISE(ABORT, 'a behavior has the project set of its session');
END;
--> statement-breakpoint
CREATE TRIGGER behaviors_project_set_fill AFTER INSERT ON behaviors
WHEN NEW.project_set_id IS NULL
BEGIN
  UPDATE behaviors SET project_set_id = (SELECT project_set_id FROM sessions WHERE id = NEW.session_id) WHERE id = NEW.id;
END;
--> statement-breakpoint
CREATE TRIGGER behaviors_count_insert AFTER INSERT ON behaviors
WHEN NEW.project_set_id IS NOT NULL
BEGIN
  UPDATE session_projects SET behavior_count = behavior_count + 1 WHERE project_set_id = NEW.project_set_id;
END;
--> statement-breakpoint
CREATE TRIGGER behaviors_count_move AFTER UPDATE OF project_set_id ON behaviors
WHEN OLD.project_set_id IS NOT NEW.project_set_id
BEGIN
  UPDATE session_projects SET behavior_count = behavior_count - 1 WHERE project_set_id = OLD.project_set_id;
  UPDATE session_projects SET behavior_count = behavior_count + 1 WHERE project_set_id = NEW.project_set_id;
END;
--> statement-breakpoint
CREATE TRIGGER behaviors_count_delete AFTER DELETE ON behaviors
BEGIN
  UPDATE session_projects SET behavior_count = behavior_count - 1 WHERE project_set_id = OLD.project_set_id;
END;
--> statement-breakpoint
CREATE TRIGGER manipulations_project_set_insert BEFORE INSERT ON manipulations
WHEN NEW.project_set_id IS NOT NULL AND NEW.project_set_id IS NOT (SELECT project_set_id FROM sessions WHERE id = NEW.session_id)
BEGIN
  SELECT RAISE(ABORT, 'a manipulation has the project set of its session');
END;
--> statement-breakpoint
CREATE TRIGGER manipulations_project_set_update BEFORE UPDATE OF project_set_id ON manipulations
WHEN NEW.project_set_id IS NOT (SELECT project_set_id FROM sessions WHERE id = NEW.session_id)
BEGIN
  SELECT RAISE(ABORT, 'a manipulation has the project set of its session');
END;
--> statement-breakpoint
CREATE TRIGGER manipulations_project_set_fill AFTER INSERT ON manipulations
WHEN NEW.project_set_id IS NULL
BEGIN
  UPDATE manipulations SET project_set_id = (SELECT project_set_id FROM sessions WHERE id = NEW.session_id) WHERE id = NEW.id;
END;
--> statement-breakpoint
CREATE TRIGGER manipulations_count_insert AFTER INSERT ON manipulations
WHEN NEW.project_set_id IS NOT NULL
BEGIN
  UPDATE session_projects SET manipulation_count = manipulation_count + 1 WHERE project_set_id = NEW.project_set_id;
END;
--> statement-breakpoint
CREATE TRIGGER manipulations_count_move AFTER UPDATE OF project_set_id ON manipulations
WHEN OLD.project_set_id IS NOT NEW.project_set_id
BEGIN
  UPDATE session_projects SET manipulation_count = manipulation_count - 1 WHERE project_set_id = OLD.project_set_id;
  UPDATE session_projects SET manipulation_count = manipulation_count + 1 WHERE project_set_id = NEW.project_set_id;
END;
--> statement-breakpoint
CREATE TRIGGER manipulations_count_delete AFTER DELETE ON manipulations
BEGIN
  UPDATE session_projects SET manipulation_count = manipulation_count - 1 WHERE project_set_id = OLD.project_set_id;
END;
