CREATE TABLE `history` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`date_time` text NOT NULL,
	`user_id` text,
	`action` text NOT NULL,
	`model` text NOT NULL,
	`record_id` text NOT NULL,
	`projects` text DEFAULT '[]' NOT NULL,
	`changes` text NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "history_action" CHECK("history"."action" IN ('create', 'change', 'delete')),
	CONSTRAINT "history_projects_is_array" CHECK(json_valid("history"."projects") AND json_type("history"."projects") = 'array'),
	CONSTRAINT "history_changes_is_object" CHECK(json_valid("history"."changes") AND json_type("history"."changes") = 'object')
);
--> statement-breakpoint
CREATE INDEX `history_record` ON `history` (`record_id`,`id`);--> statement-breakpoint
CREATE TABLE `idempotency_keys` (
	`user_id` text NOT NULL,
	`key` text NOT NULL,
	`request_hash` text NOT NULL,
	`answer` text NOT NULL,
	`created_date` text DEFAULT (strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000') NOT NULL,
	PRIMARY KEY(`user_id`, `key`),
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `idempotency_keys_created_date` ON `idempotency_keys` (`created_date`);