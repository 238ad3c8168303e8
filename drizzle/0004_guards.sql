-- A session's date is an instant in the stored form: a day and a time that exist, in UTC without a
-- zone, with six digits of a second's fraction where there is one.
CREATE TRIGGER sessions_date_time_insert BEFORE INSERT ON sessions
WHEN NEW.date_time IS NOT NULL AND (
  typeof(NEW.date_time) <> 'text'
  OR strftime('%Y-%m-%dT%H:%M:%S', substr(NEW.date_time, 1, 19)) IS NOT substr(NEW.date_time, 1, 19)
  OR substr(NEW.date_time, 12, 2) = '24'
  OR substr(NEW.date_time, 20) NOT GLOB '.[0-9][0-9][0-9][0-9][0-9][0-9]' AND length(NEW.date_time) <> 19
  OR substr(NEW.date_time, 20) = '.000000'
)
BEGIN
  SELECT RAISE(ABORT, 'a date_time reads YYYY-MM-DDThh:mm:ss[.ffffff], in UTC');
END;
--> statement-breakpoint
CREATE TRIGGER sessions_date_time_update BEFORE UPDATE OF date_time ON sessions
WHEN NEW.date_time IS NOT NULL AND (
  typeof(NEW.date_time) <> 'text'
  OR strftime('%Y-%m-%dT%H:%M:%S', substr(NEW.date_time, 1, 19)) IS NOT substr(NEW.date_time, 1, 19)
  OR substr(NEW.date_time, 12, 2) = '24'
  OR substr(NEW.date_time, 20) NOT GLOB '.[0-9][0-9][0-9][0-9][0-9][0-9]' AND length(NEW.date_time) <> 19
  OR substr(NEW.date_time, 20) = '.000000'
)
BEGIN
  SELECT RAISE(ABORT, 'a date_time reads YYYY-MM-DDThh:mm:ss[.ffffff], in UTC');
END;
--> statement-breakpoint
-- REPLACE takes a row away without the triggers that count it. The message is that of the constraint
-- which would fail without REPLACE.
CREATE TRIGGER sessions_insert_no_replace BEFORE INSERT ON sessions
WHEN EXISTS (SELECT 1 FROM sessions WHERE id = NEW.id OR name = NEW.name)
BEGIN
  SELECT RAISE(ABORT, 'UNIQUE constraint failed: sessions.name');
END;
--> statement-breakpoint
CREATE TRIGGER sessions_update_no_replace BEFORE UPDATE OF id, name ON sessions
WHEN EXISTS (SELECT 1 FROM sessions WHERE (id = NEW.id OR name = NEW.name) AND id <> OLD.id)
BEGIN
  SELECT RAISE(ABORT, 'UNIQUE constraint failed: sessions.name');
END;
--> statement-breakpoint
-- A set begins without sessions. An id that is not given is -1 here.
CREATE TRIGGER project_sets_begin BEFORE INSERT ON project_sets
WHEN NEW.session_count <> 0 OR EXISTS (SELECT 1 FROM project_sets WHERE id = NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'a project set begins without sessions, and is not replaced');
END;
--> statement-breakpoint
-- Replacing a record would move it to another session, away from the epochs that refer to it.
CREATE TRIGGER data_acquisitions_no_replace BEFORE INSERT ON data_acquisitions
WHEN EXISTS (SELECT 1 FROM data_acquisitions WHERE id = NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'UNIQUE constraint failed: data_acquisitions.id');
END;
--> statement-breakpoint
CREATE TRIGGER behaviors_no_replace BEFORE INSERT ON behaviors
WHEN EXISTS (SELECT 1 FROM behaviors WHERE id = NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'UNIQUE constraint failed: behaviors.id');
END;
--> statement-breakpoint
CREATE TRIGGER manipulations_no_replace BEFORE INSERT ON manipulations
WHEN EXISTS (SELECT 1 FROM manipulations WHERE id = NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'UNIQUE constraint failed: manipulations.id');
END;
--> statement-breakpoint
-- As on insert: an epoch refers to records of its own session only.
CREATE TRIGGER epoch_data_acquisitions_same_session_update BEFORE UPDATE OF epoch_id, data_acquisition_id ON epoch_data_acquisitions
WHEN (SELECT session_id FROM epochs WHERE id = NEW.epoch_id)
  <> (SELECT session_id FROM data_acquisitions WHERE id = NEW.data_acquisition_id)
BEGIN
  SELECT RAISE(ABORT, 'an epoch refers to data acquisitions of its own session');
END;
--> statement-breakpoint
CREATE TRIGGER epoch_behaviors_same_session_update BEFORE UPDATE OF epoch_id, behavior_id ON epoch_behaviors
WHEN (SELECT session_id FROM epochs WHERE id = NEW.epoch_id)
  <> (SELECT session_id FROM behaviors WHERE id = NEW.behavior_id)
BEGIN
  SELECT RAISE(ABORT, 'an epoch refers to behaviors of its own session');
END;
--> statement-breakpoint
CREATE TRIGGER epoch_manipulations_same_session_update BEFORE UPDATE OF epoch_id, manipulation_id ON epoch_manipulations
WHEN (SELECT session_id FROM epochs WHERE id = NEW.epoch_id)
  <> (SELECT session_id FROM manipulations WHERE id = NEW.manipulation_id)
BEGIN
  SELECT RAISE(ABORT, 'an epoch refers to manipulations of its own session');
END;
