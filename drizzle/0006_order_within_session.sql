DROP INDEX `behaviors_session_id`;--> statement-breakpoint
CREATE INDEX `behaviors_place` ON `behaviors` (`session_id`,"position" IS NULL,`position`,`created_date`,`id`);--> statement-breakpoint
DROP INDEX `data_acquisitions_session_id`;--> statement-breakpoint
CREATE INDEX `data_acquisitions_place` ON `data_acquisitions` (`session_id`,"position" IS NULL,`position`,`created_date`,`id`);--> statement-breakpoint
DROP INDEX `epochs_session_id`;--> statement-breakpoint
CREATE INDEX `epochs_place` ON `epochs` (`session_id`,"position" IS NULL,`position`,`created_date`,`id`);--> statement-breakpoint
DROP INDEX `manipulations_session_id`;--> statement-breakpoint
CREATE INDEX `manipulations_place` ON `manipulations` (`session_id`,"position" IS NULL,`position`,`created_date`,`id`);