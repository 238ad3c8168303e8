CREATE TABLE `browser_sessions` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`secret_hash` text NOT NULL,
	`way` text NOT NULL,
	`created_date` text DEFAULT (strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000') NOT NULL,
	`last_used_date` text NOT NULL,
	`expires_date` text NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "browser_sessions_id_is_uuid" CHECK(length("browser_sessions"."id") = 36 AND "browser_sessions"."id" = lower("browser_sessions"."id")),
	CONSTRAINT "browser_sessions_hash_is_sha256" CHECK(length("browser_sessions"."secret_hash") = 64)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `browser_sessions_secret_hash` ON `browser_sessions` (`secret_hash`);--> statement-breakpoint
CREATE INDEX `browser_sessions_user_id` ON `browser_sessions` (`user_id`,`last_used_date`);--> statement-breakpoint
CREATE INDEX `browser_sessions_expires_date` ON `browser_sessions` (`expires_date`);--> statement-breakpoint
CREATE TABLE `code_guesses` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`address` text NOT NULL,
	`created_date` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `code_guesses_address` ON `code_guesses` (`address`,`created_date`);--> statement-breakpoint
CREATE INDEX `code_guesses_created_date` ON `code_guesses` (`created_date`);--> statement-breakpoint
CREATE TABLE `device_authorizations` (
	`id` text PRIMARY KEY NOT NULL,
	`device_code_hash` text NOT NULL,
	`user_code` text NOT NULL,
	`client_name` text NOT NULL,
	`address` text NOT NULL,
	`status` text DEFAULT 'pending' NOT NULL,
	`user_id` text,
	`created_date` text DEFAULT (strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000') NOT NULL,
	`expires_date` text NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "device_authorizations_id_is_uuid" CHECK(length("device_authorizations"."id") = 36 AND "device_authorizations"."id" = lower("device_authorizations"."id")),
	CONSTRAINT "device_authorizations_hash_is_sha256" CHECK(length("device_authorizations"."device_code_hash") = 64),
	CONSTRAINT "device_authorizations_user_code_length" CHECK(length("device_authorizations"."user_code") BETWEEN 8 AND 8),
	CONSTRAINT "device_authorizations_client_name_length" CHECK(length("device_authorizations"."client_name") BETWEEN 1 AND 100),
	CONSTRAINT "device_authorizations_status" CHECK("device_authorizations"."status" IN ('pending', 'approved', 'denied', 'used')),
	CONSTRAINT "device_authorizations_decided_by_a_user" CHECK(("device_authorizations"."status" = 'pending') = ("device_authorizations"."user_id" IS NULL))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `device_authorizations_device_code_hash` ON `device_authorizations` (`device_code_hash`);--> statement-breakpoint
CREATE UNIQUE INDEX `device_authorizations_user_code` ON `device_authorizations` (`user_code`);--> statement-breakpoint
CREATE INDEX `device_authorizations_address` ON `device_authorizations` (`address`,`expires_date`);--> statement-breakpoint
CREATE INDEX `device_authorizations_expires_date` ON `device_authorizations` (`expires_date`);--> statement-breakpoint
CREATE INDEX `device_authorizations_user_id` ON `device_authorizations` (`user_id`);--> statement-breakpoint
CREATE TABLE `sign_in_links` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`secret_hash` text NOT NULL,
	`created_date` text DEFAULT (strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000') NOT NULL,
	`expires_date` text NOT NULL,
	`used_date` text,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "sign_in_links_id_is_uuid" CHECK(length("sign_in_links"."id") = 36 AND "sign_in_links"."id" = lower("sign_in_links"."id")),
	CONSTRAINT "sign_in_links_hash_is_sha256" CHECK(length("sign_in_links"."secret_hash") = 64)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `sign_in_links_secret_hash` ON `sign_in_links` (`secret_hash`);--> statement-breakpoint
CREATE INDEX `sign_in_links_user_id` ON `sign_in_links` (`user_id`);--> statement-breakpoint
CREATE INDEX `sign_in_links_expires_date` ON `sign_in_links` (`expires_date`);