DROP INDEX `sessions_project_set_name`;--> statement-breakpoint
CREATE INDEX `sessions_name_project_set` ON `sessions` (`name`,`project_set_id`);--> statement-breakpoint
CREATE INDEX `sessions_project_set_date_time_descending` ON `sessions` (`project_set_id`,"date_time" DESC,`id`);--> statement-breakpoint
CREATE INDEX `sessions_project_set_name` ON `sessions` (`project_set_id`,`name`,`name_folded`);