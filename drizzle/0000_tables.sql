CREATE TABLE `data_storage_groups` (
	`data_storage_id` text NOT NULL,
	`group_id` text NOT NULL,
	`level` integer NOT NULL,
	PRIMARY KEY(`data_storage_id`, `group_id`),
	FOREIGN KEY (`data_storage_id`) REFERENCES `data_storages`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`group_id`) REFERENCES `groups`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "data_storage_groups_level" CHECK("data_storage_groups"."level" IN (1, 2, 3, 4))
);
--> statement-breakpoint
CREATE INDEX `data_storage_groups_group_id` ON `data_storage_groups` (`group_id`,`data_storage_id`,`level`);--> statement-breakpoint
CREATE TABLE `data_storage_users` (
	`data_storage_id` text NOT NULL,
	`user_id` text NOT NULL,
	`level` integer NOT NULL,
	PRIMARY KEY(`data_storage_id`, `user_id`),
	FOREIGN KEY (`data_storage_id`) REFERENCES `data_storages`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "data_storage_users_level" CHECK("data_storage_users"."level" IN (1, 2, 3, 4))
);
--> statement-breakpoint
CREATE INDEX `data_storage_users_user_id` ON `data_storage_users` (`user_id`,`data_storage_id`,`level`);--> statement-breakpoint
CREATE TABLE `data_storages` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`name_folded` text NOT NULL,
	`location` text DEFAULT '' NOT NULL,
	`location_folded` text DEFAULT '' NOT NULL,
	`description` text DEFAULT '' NOT NULL,
	`description_folded` text DEFAULT '' NOT NULL,
	`data_organization` text DEFAULT '[]' NOT NULL,
	`data_protocols` text DEFAULT '[]' NOT NULL,
	`is_public` integer DEFAULT false NOT NULL,
	`created_date` text DEFAULT (strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000') NOT NULL,
	`updated_date` text DEFAULT (strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000') NOT NULL,
	CONSTRAINT "data_storages_id_is_uuid" CHECK(length("data_storages"."id") = 36 AND "data_storages"."id" = lower("data_storages"."id")),
	CONSTRAINT "data_storages_name_length" CHECK(length("data_storages"."name") BETWEEN 1 AND 100),
	CONSTRAINT "data_storages_organization_is_array" CHECK(json_valid("data_storages"."data_organization") AND json_type("data_storages"."data_organization") = 'array'),
	CONSTRAINT "data_storages_protocols_is_array" CHECK(json_valid("data_storages"."data_protocols") AND json_type("data_storages"."data_protocols") = 'array'),
	CONSTRAINT "data_storages_is_public_is_flag" CHECK("data_storages"."is_public" IN (0, 1))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `data_storages_name_unique` ON `data_storages` (`name`);--> statement-breakpoint
CREATE INDEX `data_storages_is_public` ON `data_storages` (`is_public`);--> statement-breakpoint
CREATE TABLE `group_members` (
	`group_id` text NOT NULL,
	`user_id` text NOT NULL,
	`level` integer NOT NULL,
	PRIMARY KEY(`group_id`, `user_id`),
	FOREIGN KEY (`group_id`) REFERENCES `groups`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "group_members_level" CHECK("group_members"."level" IN (1, 3, 4))
);
--> statement-breakpoint
CREATE INDEX `group_members_user_id` ON `group_members` (`user_id`,`group_id`);--> statement-breakpoint
CREATE TABLE `groups` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`name_folded` text NOT NULL,
	`created_date` text DEFAULT (strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000') NOT NULL,
	`updated_date` text DEFAULT (strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000') NOT NULL,
	CONSTRAINT "groups_id_is_uuid" CHECK(length("groups"."id") = 36 AND "groups"."id" = lower("groups"."id")),
	CONSTRAINT "groups_name_length" CHECK(length("groups"."name") BETWEEN 1 AND 100)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `groups_name_unique` ON `groups` (`name`);--> statement-breakpoint
CREATE TABLE `behaviors` (
	`id` text PRIMARY KEY NOT NULL,
	`session_id` text NOT NULL,
	`subjects` text DEFAULT '[]' NOT NULL,
	`setup` text NOT NULL,
	`behavioralassay` text NOT NULL,
	`notes` text DEFAULT '' NOT NULL,
	`notes_folded` text DEFAULT '' NOT NULL,
	`position` integer,
	`created_date` text DEFAULT (strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000') NOT NULL,
	`updated_date` text DEFAULT (strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000') NOT NULL,
	FOREIGN KEY (`session_id`) REFERENCES `sessions`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "behaviors_id_is_uuid" CHECK(length("behaviors"."id") = 36 AND "behaviors"."id" = lower("behaviors"."id")),
	CONSTRAINT "behaviors_notes_length" CHECK(length("behaviors"."notes") BETWEEN 0 AND 500),
	CONSTRAINT "behaviors_subjects_is_array" CHECK(json_valid("behaviors"."subjects") AND json_type("behaviors"."subjects") = 'array')
);
--> statement-breakpoint
CREATE INDEX `behaviors_session_id` ON `behaviors` (`session_id`,`position`,`id`);--> statement-breakpoint
CREATE TABLE `data_acquisitions` (
	`id` text PRIMARY KEY NOT NULL,
	`session_id` text NOT NULL,
	`type` text NOT NULL,
	`notes` text DEFAULT '' NOT NULL,
	`notes_folded` text DEFAULT '' NOT NULL,
	`procedures` text DEFAULT '[]' NOT NULL,
	`equipment` text DEFAULT '[]' NOT NULL,
	`details` text DEFAULT '{}' NOT NULL,
	`type_schema_version` text DEFAULT '' NOT NULL,
	`image` text,
	`position` integer,
	`created_date` text DEFAULT (strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000') NOT NULL,
	`updated_date` text DEFAULT (strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000') NOT NULL,
	FOREIGN KEY (`session_id`) REFERENCES `sessions`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "data_acquisitions_id_is_uuid" CHECK(length("data_acquisitions"."id") = 36 AND "data_acquisitions"."id" = lower("data_acquisitions"."id")),
	CONSTRAINT "data_acquisitions_notes_length" CHECK(length("data_acquisitions"."notes") BETWEEN 0 AND 500),
	CONSTRAINT "data_acquisitions_procedures_is_array" CHECK(json_valid("data_acquisitions"."procedures") AND json_type("data_acquisitions"."procedures") = 'array'),
	CONSTRAINT "data_acquisitions_equipment_is_array" CHECK(json_valid("data_acquisitions"."equipment") AND json_type("data_acquisitions"."equipment") = 'array'),
	CONSTRAINT "data_acquisitions_details_is_object" CHECK(json_valid("data_acquisitions"."details") AND json_type("data_acquisitions"."details") = 'object')
);
--> statement-breakpoint
CREATE INDEX `data_acquisitions_session_id` ON `data_acquisitions` (`session_id`,`position`,`id`);--> statement-breakpoint
CREATE TABLE `epoch_behaviors` (
	`epoch_id` text NOT NULL,
	`behavior_id` text NOT NULL,
	`position` integer NOT NULL,
	PRIMARY KEY(`epoch_id`, `behavior_id`),
	FOREIGN KEY (`epoch_id`) REFERENCES `epochs`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`behavior_id`) REFERENCES `behaviors`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `epoch_behaviors_record` ON `epoch_behaviors` (`behavior_id`);--> statement-breakpoint
CREATE TABLE `epoch_data_acquisitions` (
	`epoch_id` text NOT NULL,
	`data_acquisition_id` text NOT NULL,
	`position` integer NOT NULL,
	PRIMARY KEY(`epoch_id`, `data_acquisition_id`),
	FOREIGN KEY (`epoch_id`) REFERENCES `epochs`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`data_acquisition_id`) REFERENCES `data_acquisitions`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `epoch_data_acquisitions_record` ON `epoch_data_acquisitions` (`data_acquisition_id`);--> statement-breakpoint
CREATE TABLE `epoch_manipulations` (
	`epoch_id` text NOT NULL,
	`manipulation_id` text NOT NULL,
	`position` integer NOT NULL,
	PRIMARY KEY(`epoch_id`, `manipulation_id`),
	FOREIGN KEY (`epoch_id`) REFERENCES `epochs`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`manipulation_id`) REFERENCES `manipulations`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `epoch_manipulations_record` ON `epoch_manipulations` (`manipulation_id`);--> statement-breakpoint
CREATE TABLE `epochs` (
	`id` text PRIMARY KEY NOT NULL,
	`session_id` text NOT NULL,
	`name` text NOT NULL,
	`name_folded` text NOT NULL,
	`start` real,
	`end` real,
	`notes` text DEFAULT '' NOT NULL,
	`notes_folded` text DEFAULT '' NOT NULL,
	`position` integer,
	`created_date` text DEFAULT (strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000') NOT NULL,
	`updated_date` text DEFAULT (strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000') NOT NULL,
	FOREIGN KEY (`session_id`) REFERENCES `sessions`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "epochs_id_is_uuid" CHECK(length("epochs"."id") = 36 AND "epochs"."id" = lower("epochs"."id")),
	CONSTRAINT "epochs_name_length" CHECK(length("epochs"."name") BETWEEN 1 AND 100),
	CONSTRAINT "epochs_end_is_not_before_start" CHECK("epochs"."end" >= "epochs"."start")
);
--> statement-breakpoint
CREATE INDEX `epochs_session_id` ON `epochs` (`session_id`,`position`,`id`);--> statement-breakpoint
CREATE TABLE `manipulations` (
	`id` text PRIMARY KEY NOT NULL,
	`session_id` text NOT NULL,
	`type` text NOT NULL,
	`notes` text DEFAULT '' NOT NULL,
	`notes_folded` text DEFAULT '' NOT NULL,
	`procedures` text DEFAULT '[]' NOT NULL,
	`equipment` text DEFAULT '[]' NOT NULL,
	`details` text DEFAULT '[]' NOT NULL,
	`type_schema_version` text DEFAULT '' NOT NULL,
	`position` integer,
	`created_date` text DEFAULT (strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000') NOT NULL,
	`updated_date` text DEFAULT (strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000') NOT NULL,
	FOREIGN KEY (`session_id`) REFERENCES `sessions`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "manipulations_id_is_uuid" CHECK(length("manipulations"."id") = 36 AND "manipulations"."id" = lower("manipulations"."id")),
	CONSTRAINT "manipulations_notes_length" CHECK(length("manipulations"."notes") BETWEEN 0 AND 500),
	CONSTRAINT "manipulations_procedures_is_array" CHECK(json_valid("manipulations"."procedures") AND json_type("manipulations"."procedures") = 'array'),
	CONSTRAINT "manipulations_equipment_is_array" CHECK(json_valid("manipulations"."equipment") AND json_type("manipulations"."equipment") = 'array'),
	CONSTRAINT "manipulations_details_is_json" CHECK(json_valid("manipulations"."details") AND json_type("manipulations"."details") IN ('object', 'array'))
);
--> statement-breakpoint
CREATE INDEX `manipulations_session_id` ON `manipulations` (`session_id`,`position`,`id`);--> statement-breakpoint
CREATE TABLE `project_groups` (
	`project_id` text NOT NULL,
	`group_id` text NOT NULL,
	`level` integer NOT NULL,
	PRIMARY KEY(`project_id`, `group_id`),
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`group_id`) REFERENCES `groups`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "project_groups_level" CHECK("project_groups"."level" IN (1, 2, 3, 4))
);
--> statement-breakpoint
CREATE INDEX `project_groups_group_id` ON `project_groups` (`group_id`,`project_id`,`level`);--> statement-breakpoint
CREATE TABLE `project_tags` (
	`project_id` text NOT NULL,
	`tag` text NOT NULL,
	`tag_folded` text NOT NULL,
	`position` integer NOT NULL,
	PRIMARY KEY(`project_id`, `tag`),
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "project_tags_tag_length" CHECK(length("project_tags"."tag") BETWEEN 1 AND 100)
);
--> statement-breakpoint
CREATE TABLE `project_users` (
	`project_id` text NOT NULL,
	`user_id` text NOT NULL,
	`level` integer NOT NULL,
	PRIMARY KEY(`project_id`, `user_id`),
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "project_users_level" CHECK("project_users"."level" IN (1, 2, 3, 4))
);
--> statement-breakpoint
CREATE INDEX `project_users_user_id` ON `project_users` (`user_id`,`project_id`,`level`);--> statement-breakpoint
CREATE TABLE `projects` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`name_folded` text NOT NULL,
	`description` text DEFAULT '' NOT NULL,
	`description_folded` text DEFAULT '' NOT NULL,
	`extra_fields` text DEFAULT '{}' NOT NULL,
	`is_public` integer DEFAULT false NOT NULL,
	`created_date` text DEFAULT (strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000') NOT NULL,
	`updated_date` text DEFAULT (strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000') NOT NULL,
	CONSTRAINT "projects_id_is_uuid" CHECK(length("projects"."id") = 36 AND "projects"."id" = lower("projects"."id")),
	CONSTRAINT "projects_name_length" CHECK(length("projects"."name") BETWEEN 1 AND 200),
	CONSTRAINT "projects_extra_fields_is_object" CHECK(json_valid("projects"."extra_fields") AND json_type("projects"."extra_fields") = 'object'),
	CONSTRAINT "projects_is_public_is_flag" CHECK("projects"."is_public" IN (0, 1))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `projects_name_unique` ON `projects` (`name`);--> statement-breakpoint
CREATE INDEX `projects_is_public` ON `projects` (`is_public`);--> statement-breakpoint
CREATE TABLE `project_sets` (
	`id` integer PRIMARY KEY NOT NULL,
	`project_ids` text NOT NULL,
	`session_count` integer DEFAULT 0 NOT NULL,
	CONSTRAINT "project_sets_project_ids_is_array" CHECK(json_valid("project_sets"."project_ids") AND json_type("project_sets"."project_ids") = 'array'),
	CONSTRAINT "project_sets_project_ids_is_not_empty" CHECK(json_array_length("project_sets"."project_ids") > 0),
	CONSTRAINT "project_sets_session_count_is_not_negative" CHECK("project_sets"."session_count" >= 0)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `project_sets_project_ids_unique` ON `project_sets` (`project_ids`);--> statement-breakpoint
CREATE TABLE `session_data_storages` (
	`id` text PRIMARY KEY NOT NULL,
	`session_id` text NOT NULL,
	`data_storage_id` text NOT NULL,
	`position` integer NOT NULL,
	FOREIGN KEY (`session_id`) REFERENCES `sessions`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`data_storage_id`) REFERENCES `data_storages`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "session_data_storages_id_is_uuid" CHECK(length("session_data_storages"."id") = 36 AND "session_data_storages"."id" = lower("session_data_storages"."id")),
	CONSTRAINT "session_data_storages_position_is_not_negative" CHECK("session_data_storages"."position" >= 0)
);
--> statement-breakpoint
CREATE INDEX `session_data_storages_order` ON `session_data_storages` (`session_id`,`position`,`id`,`data_storage_id`);--> statement-breakpoint
CREATE INDEX `session_data_storages_data_storage_id` ON `session_data_storages` (`data_storage_id`,`session_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `session_data_storages_pair` ON `session_data_storages` (`session_id`,`data_storage_id`);--> statement-breakpoint
CREATE TABLE `session_projects` (
	`project_set_id` integer NOT NULL,
	`project_id` text NOT NULL,
	`position` integer NOT NULL,
	PRIMARY KEY(`project_set_id`, `project_id`),
	FOREIGN KEY (`project_set_id`) REFERENCES `project_sets`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `session_projects_project_id` ON `session_projects` (`project_id`,`project_set_id`);--> statement-breakpoint
CREATE TABLE `session_tags` (
	`session_id` text NOT NULL,
	`tag` text NOT NULL,
	`tag_folded` text NOT NULL,
	`position` integer NOT NULL,
	PRIMARY KEY(`session_id`, `tag`),
	FOREIGN KEY (`session_id`) REFERENCES `sessions`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "session_tags_tag_length" CHECK(length("session_tags"."tag") BETWEEN 1 AND 100)
);
--> statement-breakpoint
CREATE INDEX `session_tags_tag` ON `session_tags` (`tag`,`session_id`);--> statement-breakpoint
CREATE TABLE `sessions` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`name_folded` text NOT NULL,
	`description` text DEFAULT '' NOT NULL,
	`description_folded` text DEFAULT '' NOT NULL,
	`date_time` text,
	`project_set_id` integer NOT NULL,
	`extra_fields` text DEFAULT '{}' NOT NULL,
	`extra_fields_folded` text DEFAULT '{}' NOT NULL,
	`download_links` text DEFAULT '[]' NOT NULL,
	`name_used_in_storage` text DEFAULT '' NOT NULL,
	`name_used_in_storage_folded` text DEFAULT '' NOT NULL,
	`created_date` text DEFAULT (strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000') NOT NULL,
	`updated_date` text DEFAULT (strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000') NOT NULL,
	FOREIGN KEY (`project_set_id`) REFERENCES `project_sets`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "sessions_id_is_uuid" CHECK(length("sessions"."id") = 36 AND "sessions"."id" = lower("sessions"."id")),
	CONSTRAINT "sessions_name_length" CHECK(length("sessions"."name") BETWEEN 1 AND 100),
	CONSTRAINT "sessions_name_used_in_storage_length" CHECK(length("sessions"."name_used_in_storage") BETWEEN 0 AND 200),
	CONSTRAINT "sessions_extra_fields_is_object" CHECK(json_valid("sessions"."extra_fields") AND json_type("sessions"."extra_fields") = 'object'),
	CONSTRAINT "sessions_download_links_is_array" CHECK(json_valid("sessions"."download_links") AND json_type("sessions"."download_links") = 'array')
);
--> statement-breakpoint
CREATE UNIQUE INDEX `sessions_name_unique` ON `sessions` (`name`);--> statement-breakpoint
CREATE INDEX `sessions_project_set_name` ON `sessions` (`project_set_id`,`name`);--> statement-breakpoint
CREATE INDEX `sessions_project_set_date_time` ON `sessions` (`project_set_id`,`date_time`,`id`);--> statement-breakpoint
CREATE TABLE `access_tokens` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`name` text DEFAULT '' NOT NULL,
	`token_hash` text NOT NULL,
	`lifetime_days` integer DEFAULT 365 NOT NULL,
	`created_date` text DEFAULT (strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000') NOT NULL,
	`last_used_date` text,
	`expires_date` text NOT NULL,
	`revoked_date` text,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "access_tokens_id_is_uuid" CHECK(length("access_tokens"."id") = 36 AND "access_tokens"."id" = lower("access_tokens"."id")),
	CONSTRAINT "access_tokens_hash_is_sha256" CHECK(length("access_tokens"."token_hash") = 64),
	CONSTRAINT "access_tokens_lifetime_is_positive" CHECK("access_tokens"."lifetime_days" > 0)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `access_tokens_token_hash` ON `access_tokens` (`token_hash`);--> statement-breakpoint
CREATE INDEX `access_tokens_user_id` ON `access_tokens` (`user_id`);--> statement-breakpoint
CREATE TABLE `users` (
	`id` text PRIMARY KEY NOT NULL,
	`email` text NOT NULL,
	`first_name` text DEFAULT '' NOT NULL,
	`last_name` text DEFAULT '' NOT NULL,
	`website` text DEFAULT '' NOT NULL,
	`google_scholar` text DEFAULT '' NOT NULL,
	`orcid_id` text DEFAULT '' NOT NULL,
	`atlas_preference` text DEFAULT '' NOT NULL,
	`is_active` integer DEFAULT true NOT NULL,
	`created_date` text DEFAULT (strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000') NOT NULL,
	`updated_date` text DEFAULT (strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000') NOT NULL,
	CONSTRAINT "users_id_is_uuid" CHECK(length("users"."id") = 36 AND "users"."id" = lower("users"."id")),
	CONSTRAINT "users_email_is_lower_case" CHECK("users"."email" = lower("users"."email")),
	CONSTRAINT "users_email_has_at" CHECK("users"."email" LIKE '_%@_%'),
	CONSTRAINT "users_is_active_is_flag" CHECK("users"."is_active" IN (0, 1))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `users_email_unique` ON `users` (`email`);