CREATE TABLE `cohort_subjects` (
	`cohort_id` text NOT NULL,
	`subject_id` text NOT NULL,
	`position` integer NOT NULL,
	PRIMARY KEY(`cohort_id`, `subject_id`),
	FOREIGN KEY (`cohort_id`) REFERENCES `cohorts`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`subject_id`) REFERENCES `subjects`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `cohort_subjects_subject_id` ON `cohort_subjects` (`subject_id`,`cohort_id`);
--> statement-breakpoint
CREATE INDEX `cohort_subjects_place` ON `cohort_subjects` (`cohort_id`,`position`,`subject_id`);
--> statement-breakpoint
CREATE TABLE `cohort_tags` (
	`cohort_id` text NOT NULL,
	`tag` text NOT NULL,
	`tag_folded` text NOT NULL,
	`position` integer NOT NULL,
	PRIMARY KEY(`cohort_id`, `tag`),
	FOREIGN KEY (`cohort_id`) REFERENCES `cohorts`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "cohort_tags_tag_length" CHECK(length("cohort_tags"."tag") BETWEEN 1 AND 100)
);
--> statement-breakpoint
CREATE INDEX `cohort_tags_tag` ON `cohort_tags` (`tag`,`cohort_id`);
--> statement-breakpoint
CREATE TABLE `cohorts` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`name_folded` text NOT NULL,
	`description` text DEFAULT '' NOT NULL,
	`description_folded` text DEFAULT '' NOT NULL,
	`project_id` text NOT NULL,
	`created_date` text DEFAULT (strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000') NOT NULL,
	`updated_date` text DEFAULT (strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000') NOT NULL,
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "cohorts_id_is_uuid" CHECK(length("cohorts"."id") = 36 AND "cohorts"."id" = lower("cohorts"."id")),
	CONSTRAINT "cohorts_name_length" CHECK(length("cohorts"."name") BETWEEN 1 AND 100)
);
--> statement-breakpoint
CREATE INDEX `cohorts_parent_name` ON `cohorts` (`project_id`,`name`,`id`);
--> statement-breakpoint
CREATE INDEX `cohorts_name` ON `cohorts` (`name`,`id`);
--> statement-breakpoint
CREATE INDEX `cohorts_parent_id` ON `cohorts` (`project_id`,`id`);
--> statement-breakpoint
CREATE INDEX `cohorts_parent_created_date` ON `cohorts` (`project_id`,`created_date`,`id`);
--> statement-breakpoint
CREATE INDEX `cohorts_created_date` ON `cohorts` (`created_date`,`id`);
--> statement-breakpoint
CREATE INDEX `cohorts_parent_updated_date` ON `cohorts` (`project_id`,`updated_date`,`id`);
--> statement-breakpoint
CREATE INDEX `cohorts_updated_date` ON `cohorts` (`updated_date`,`id`);
--> statement-breakpoint
CREATE TABLE `collection_sessions` (
	`collection_id` text NOT NULL,
	`session_id` text NOT NULL,
	`position` integer NOT NULL,
	PRIMARY KEY(`collection_id`, `session_id`),
	FOREIGN KEY (`collection_id`) REFERENCES `collections`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`session_id`) REFERENCES `sessions`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `collection_sessions_session_id` ON `collection_sessions` (`session_id`,`collection_id`);
--> statement-breakpoint
CREATE INDEX `collection_sessions_place` ON `collection_sessions` (`collection_id`,`position`,`session_id`);
--> statement-breakpoint
CREATE TABLE `collection_tags` (
	`collection_id` text NOT NULL,
	`tag` text NOT NULL,
	`tag_folded` text NOT NULL,
	`position` integer NOT NULL,
	PRIMARY KEY(`collection_id`, `tag`),
	FOREIGN KEY (`collection_id`) REFERENCES `collections`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "collection_tags_tag_length" CHECK(length("collection_tags"."tag") BETWEEN 1 AND 100)
);
--> statement-breakpoint
CREATE INDEX `collection_tags_tag` ON `collection_tags` (`tag`,`collection_id`);
--> statement-breakpoint
CREATE TABLE `collections` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`name_folded` text NOT NULL,
	`description` text DEFAULT '' NOT NULL,
	`description_folded` text DEFAULT '' NOT NULL,
	`project_id` text NOT NULL,
	`created_date` text DEFAULT (strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000') NOT NULL,
	`updated_date` text DEFAULT (strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000') NOT NULL,
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "collections_id_is_uuid" CHECK(length("collections"."id") = 36 AND "collections"."id" = lower("collections"."id")),
	CONSTRAINT "collections_name_length" CHECK(length("collections"."name") BETWEEN 1 AND 100)
);
--> statement-breakpoint
CREATE INDEX `collections_parent_name` ON `collections` (`project_id`,`name`,`id`);
--> statement-breakpoint
CREATE INDEX `collections_name` ON `collections` (`name`,`id`);
--> statement-breakpoint
CREATE INDEX `collections_parent_id` ON `collections` (`project_id`,`id`);
--> statement-breakpoint
CREATE INDEX `collections_parent_created_date` ON `collections` (`project_id`,`created_date`,`id`);
--> statement-breakpoint
CREATE INDEX `collections_created_date` ON `collections` (`created_date`,`id`);
--> statement-breakpoint
CREATE INDEX `collections_parent_updated_date` ON `collections` (`project_id`,`updated_date`,`id`);
--> statement-breakpoint
CREATE INDEX `collections_updated_date` ON `collections` (`updated_date`,`id`);
--> statement-breakpoint
CREATE TABLE `data_storage_tags` (
	`data_storage_id` text NOT NULL,
	`tag` text NOT NULL,
	`tag_folded` text NOT NULL,
	`position` integer NOT NULL,
	PRIMARY KEY(`data_storage_id`, `tag`),
	FOREIGN KEY (`data_storage_id`) REFERENCES `data_storages`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "data_storage_tags_tag_length" CHECK(length("data_storage_tags"."tag") BETWEEN 1 AND 100)
);
--> statement-breakpoint
CREATE INDEX `data_storage_tags_tag` ON `data_storage_tags` (`tag`,`data_storage_id`);
--> statement-breakpoint
CREATE TABLE `behavior_subjects` (
	`record_id` text NOT NULL,
	`mentioned_id` text NOT NULL,
	PRIMARY KEY(`record_id`, `mentioned_id`),
	FOREIGN KEY (`record_id`) REFERENCES `behaviors`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `behavior_subjects_mentioned_id` ON `behavior_subjects` (`mentioned_id`,`record_id`);
--> statement-breakpoint
CREATE TABLE `behavior_tags` (
	`behavior_id` text NOT NULL,
	`tag` text NOT NULL,
	`tag_folded` text NOT NULL,
	`position` integer NOT NULL,
	PRIMARY KEY(`behavior_id`, `tag`),
	FOREIGN KEY (`behavior_id`) REFERENCES `behaviors`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "behavior_tags_tag_length" CHECK(length("behavior_tags"."tag") BETWEEN 1 AND 100)
);
--> statement-breakpoint
CREATE INDEX `behavior_tags_tag` ON `behavior_tags` (`tag`,`behavior_id`);
--> statement-breakpoint
CREATE TABLE `data_acquisition_equipment` (
	`record_id` text NOT NULL,
	`mentioned_id` text NOT NULL,
	PRIMARY KEY(`record_id`, `mentioned_id`),
	FOREIGN KEY (`record_id`) REFERENCES `data_acquisitions`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `data_acquisition_equipment_mentioned_id` ON `data_acquisition_equipment` (`mentioned_id`,`record_id`);
--> statement-breakpoint
CREATE TABLE `data_acquisition_procedures` (
	`record_id` text NOT NULL,
	`mentioned_id` text NOT NULL,
	PRIMARY KEY(`record_id`, `mentioned_id`),
	FOREIGN KEY (`record_id`) REFERENCES `data_acquisitions`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `data_acquisition_procedures_mentioned_id` ON `data_acquisition_procedures` (`mentioned_id`,`record_id`);
--> statement-breakpoint
CREATE TABLE `data_acquisition_tags` (
	`data_acquisition_id` text NOT NULL,
	`tag` text NOT NULL,
	`tag_folded` text NOT NULL,
	`position` integer NOT NULL,
	PRIMARY KEY(`data_acquisition_id`, `tag`),
	FOREIGN KEY (`data_acquisition_id`) REFERENCES `data_acquisitions`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "data_acquisition_tags_tag_length" CHECK(length("data_acquisition_tags"."tag") BETWEEN 1 AND 100)
);
--> statement-breakpoint
CREATE INDEX `data_acquisition_tags_tag` ON `data_acquisition_tags` (`tag`,`data_acquisition_id`);
--> statement-breakpoint
CREATE TABLE `manipulation_equipment` (
	`record_id` text NOT NULL,
	`mentioned_id` text NOT NULL,
	PRIMARY KEY(`record_id`, `mentioned_id`),
	FOREIGN KEY (`record_id`) REFERENCES `manipulations`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `manipulation_equipment_mentioned_id` ON `manipulation_equipment` (`mentioned_id`,`record_id`);
--> statement-breakpoint
CREATE TABLE `manipulation_procedures` (
	`record_id` text NOT NULL,
	`mentioned_id` text NOT NULL,
	PRIMARY KEY(`record_id`, `mentioned_id`),
	FOREIGN KEY (`record_id`) REFERENCES `manipulations`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `manipulation_procedures_mentioned_id` ON `manipulation_procedures` (`mentioned_id`,`record_id`);
--> statement-breakpoint
CREATE TABLE `manipulation_tags` (
	`manipulation_id` text NOT NULL,
	`tag` text NOT NULL,
	`tag_folded` text NOT NULL,
	`position` integer NOT NULL,
	PRIMARY KEY(`manipulation_id`, `tag`),
	FOREIGN KEY (`manipulation_id`) REFERENCES `manipulations`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "manipulation_tags_tag_length" CHECK(length("manipulation_tags"."tag") BETWEEN 1 AND 100)
);
--> statement-breakpoint
CREATE INDEX `manipulation_tags_tag` ON `manipulation_tags` (`tag`,`manipulation_id`);
--> statement-breakpoint
CREATE TABLE `behavioral_assay_groups` (
	`behavioral_assay_id` text NOT NULL,
	`group_id` text NOT NULL,
	`level` integer NOT NULL,
	PRIMARY KEY(`behavioral_assay_id`, `group_id`),
	FOREIGN KEY (`behavioral_assay_id`) REFERENCES `behavioral_assays`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`group_id`) REFERENCES `groups`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "behavioral_assay_groups_level" CHECK("behavioral_assay_groups"."level" IN (1, 2, 3, 4))
);
--> statement-breakpoint
CREATE INDEX `behavioral_assay_groups_group_id` ON `behavioral_assay_groups` (`group_id`,`behavioral_assay_id`,`level`);
--> statement-breakpoint
CREATE TABLE `behavioral_assay_tags` (
	`behavioral_assay_id` text NOT NULL,
	`tag` text NOT NULL,
	`tag_folded` text NOT NULL,
	`position` integer NOT NULL,
	PRIMARY KEY(`behavioral_assay_id`, `tag`),
	FOREIGN KEY (`behavioral_assay_id`) REFERENCES `behavioral_assays`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "behavioral_assay_tags_tag_length" CHECK(length("behavioral_assay_tags"."tag") BETWEEN 1 AND 100)
);
--> statement-breakpoint
CREATE INDEX `behavioral_assay_tags_tag` ON `behavioral_assay_tags` (`tag`,`behavioral_assay_id`);
--> statement-breakpoint
CREATE TABLE `behavioral_assay_users` (
	`behavioral_assay_id` text NOT NULL,
	`user_id` text NOT NULL,
	`level` integer NOT NULL,
	PRIMARY KEY(`behavioral_assay_id`, `user_id`),
	FOREIGN KEY (`behavioral_assay_id`) REFERENCES `behavioral_assays`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "behavioral_assay_users_level" CHECK("behavioral_assay_users"."level" IN (1, 2, 3, 4))
);
--> statement-breakpoint
CREATE INDEX `behavioral_assay_users_user_id` ON `behavioral_assay_users` (`user_id`,`behavioral_assay_id`,`level`);
--> statement-breakpoint
CREATE TABLE `behavioral_assays` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`name_folded` text NOT NULL,
	`description` text DEFAULT '' NOT NULL,
	`description_folded` text DEFAULT '' NOT NULL,
	`setup_type` text NOT NULL,
	`behavioral_paradigm` text NOT NULL,
	`licenses` text DEFAULT '[]' NOT NULL,
	`is_public` integer DEFAULT false NOT NULL,
	`created_date` text DEFAULT (strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000') NOT NULL,
	`updated_date` text DEFAULT (strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000') NOT NULL,
	CONSTRAINT "behavioral_assays_id_is_uuid" CHECK(length("behavioral_assays"."id") = 36 AND "behavioral_assays"."id" = lower("behavioral_assays"."id")),
	CONSTRAINT "behavioral_assays_name_length" CHECK(length("behavioral_assays"."name") BETWEEN 1 AND 50),
	CONSTRAINT "behavioral_assays_licenses_is_array" CHECK(json_valid("behavioral_assays"."licenses") AND json_type("behavioral_assays"."licenses") = 'array'),
	CONSTRAINT "behavioral_assays_is_public_is_flag" CHECK("behavioral_assays"."is_public" IN (0, 1))
);
--> statement-breakpoint
CREATE INDEX `behavioral_assays_name` ON `behavioral_assays` (`name`,`id`);
--> statement-breakpoint
CREATE INDEX `behavioral_assays_is_public` ON `behavioral_assays` (`is_public`);
--> statement-breakpoint
CREATE TABLE `consumable_stock_tags` (
	`consumable_stock_id` text NOT NULL,
	`tag` text NOT NULL,
	`tag_folded` text NOT NULL,
	`position` integer NOT NULL,
	PRIMARY KEY(`consumable_stock_id`, `tag`),
	FOREIGN KEY (`consumable_stock_id`) REFERENCES `consumable_stocks`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "consumable_stock_tags_tag_length" CHECK(length("consumable_stock_tags"."tag") BETWEEN 1 AND 100)
);
--> statement-breakpoint
CREATE INDEX `consumable_stock_tags_tag` ON `consumable_stock_tags` (`tag`,`consumable_stock_id`);
--> statement-breakpoint
CREATE TABLE `consumable_stocks` (
	`id` text PRIMARY KEY NOT NULL,
	`type` text NOT NULL,
	`status` text NOT NULL,
	`notes` text DEFAULT '' NOT NULL,
	`notes_folded` text DEFAULT '' NOT NULL,
	`inventory_id` text NOT NULL,
	`acquisition_date` text,
	`expiration_date` text,
	`storage_location` text DEFAULT '' NOT NULL,
	`storage_location_folded` text DEFAULT '' NOT NULL,
	`storage_conditions` text DEFAULT '' NOT NULL,
	`storage_conditions_folded` text DEFAULT '' NOT NULL,
	`intended_use` text DEFAULT '' NOT NULL,
	`intended_use_folded` text DEFAULT '' NOT NULL,
	`cost` text DEFAULT '' NOT NULL,
	`cost_folded` text DEFAULT '' NOT NULL,
	`consumable` text,
	`details` text DEFAULT '{}' NOT NULL,
	`type_schema_version` text DEFAULT '' NOT NULL,
	`created_date` text DEFAULT (strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000') NOT NULL,
	`updated_date` text DEFAULT (strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000') NOT NULL,
	FOREIGN KEY (`inventory_id`) REFERENCES `inventories`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "consumable_stocks_id_is_uuid" CHECK(length("consumable_stocks"."id") = 36 AND "consumable_stocks"."id" = lower("consumable_stocks"."id")),
	CONSTRAINT "consumable_stocks_notes_length" CHECK(length("consumable_stocks"."notes") BETWEEN 0 AND 500),
	CONSTRAINT "consumable_stocks_details_is_object" CHECK(json_valid("consumable_stocks"."details") AND json_type("consumable_stocks"."details") = 'object')
);
--> statement-breakpoint
CREATE INDEX `consumable_stocks_parent_id` ON `consumable_stocks` (`inventory_id`,`id`);
--> statement-breakpoint
CREATE INDEX `consumable_stocks_parent_created_date` ON `consumable_stocks` (`inventory_id`,`created_date`,`id`);
--> statement-breakpoint
CREATE INDEX `consumable_stocks_created_date` ON `consumable_stocks` (`created_date`,`id`);
--> statement-breakpoint
CREATE INDEX `consumable_stocks_parent_updated_date` ON `consumable_stocks` (`inventory_id`,`updated_date`,`id`);
--> statement-breakpoint
CREATE INDEX `consumable_stocks_updated_date` ON `consumable_stocks` (`updated_date`,`id`);
--> statement-breakpoint
CREATE TABLE `equipment` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text DEFAULT '' NOT NULL,
	`name_folded` text DEFAULT '' NOT NULL,
	`type` text NOT NULL,
	`notes` text DEFAULT '' NOT NULL,
	`notes_folded` text DEFAULT '' NOT NULL,
	`setup_id` text NOT NULL,
	`date_time` text,
	`consumable` text,
	`hardwaredevice` text,
	`details` text DEFAULT '{}' NOT NULL,
	`type_schema_version` text DEFAULT '' NOT NULL,
	`coordinates_system` text NOT NULL,
	`coordinates_details` text DEFAULT '{}' NOT NULL,
	`coordinates_schema_version` text DEFAULT '' NOT NULL,
	`created_date` text DEFAULT (strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000') NOT NULL,
	`updated_date` text DEFAULT (strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000') NOT NULL,
	FOREIGN KEY (`setup_id`) REFERENCES `setups`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "equipment_id_is_uuid" CHECK(length("equipment"."id") = 36 AND "equipment"."id" = lower("equipment"."id")),
	CONSTRAINT "equipment_name_length" CHECK(length("equipment"."name") BETWEEN 0 AND 100),
	CONSTRAINT "equipment_notes_length" CHECK(length("equipment"."notes") BETWEEN 0 AND 500),
	CONSTRAINT "equipment_details_is_object" CHECK(json_valid("equipment"."details") AND json_type("equipment"."details") = 'object'),
	CONSTRAINT "equipment_coordinates_details_is_object" CHECK(json_valid("equipment"."coordinates_details") AND json_type("equipment"."coordinates_details") = 'object')
);
--> statement-breakpoint
CREATE INDEX `equipment_parent_id` ON `equipment` (`setup_id`,`id`);
--> statement-breakpoint
CREATE INDEX `equipment_parent_created_date` ON `equipment` (`setup_id`,`created_date`,`id`);
--> statement-breakpoint
CREATE INDEX `equipment_created_date` ON `equipment` (`created_date`,`id`);
--> statement-breakpoint
CREATE INDEX `equipment_parent_updated_date` ON `equipment` (`setup_id`,`updated_date`,`id`);
--> statement-breakpoint
CREATE INDEX `equipment_updated_date` ON `equipment` (`updated_date`,`id`);
--> statement-breakpoint
CREATE TABLE `equipment_tags` (
	`equipment_id` text NOT NULL,
	`tag` text NOT NULL,
	`tag_folded` text NOT NULL,
	`position` integer NOT NULL,
	PRIMARY KEY(`equipment_id`, `tag`),
	FOREIGN KEY (`equipment_id`) REFERENCES `equipment`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "equipment_tags_tag_length" CHECK(length("equipment_tags"."tag") BETWEEN 1 AND 100)
);
--> statement-breakpoint
CREATE INDEX `equipment_tags_tag` ON `equipment_tags` (`tag`,`equipment_id`);
--> statement-breakpoint
CREATE TABLE `inventories` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`name_folded` text NOT NULL,
	`location` text DEFAULT '' NOT NULL,
	`location_folded` text DEFAULT '' NOT NULL,
	`description` text DEFAULT '' NOT NULL,
	`description_folded` text DEFAULT '' NOT NULL,
	`is_public` integer DEFAULT false NOT NULL,
	`consumable_stock_count` integer DEFAULT 0 NOT NULL,
	`created_date` text DEFAULT (strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000') NOT NULL,
	`updated_date` text DEFAULT (strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000') NOT NULL,
	CONSTRAINT "inventories_id_is_uuid" CHECK(length("inventories"."id") = 36 AND "inventories"."id" = lower("inventories"."id")),
	CONSTRAINT "inventories_name_length" CHECK(length("inventories"."name") BETWEEN 1 AND 50),
	CONSTRAINT "inventories_is_public_is_flag" CHECK("inventories"."is_public" IN (0, 1))
);
--> statement-breakpoint
CREATE INDEX `inventories_name` ON `inventories` (`name`,`id`);
--> statement-breakpoint
CREATE INDEX `inventories_is_public` ON `inventories` (`is_public`);
--> statement-breakpoint
CREATE TABLE `inventory_groups` (
	`inventory_id` text NOT NULL,
	`group_id` text NOT NULL,
	`level` integer NOT NULL,
	PRIMARY KEY(`inventory_id`, `group_id`),
	FOREIGN KEY (`inventory_id`) REFERENCES `inventories`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`group_id`) REFERENCES `groups`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "inventory_groups_level" CHECK("inventory_groups"."level" IN (1, 2, 3, 4))
);
--> statement-breakpoint
CREATE INDEX `inventory_groups_group_id` ON `inventory_groups` (`group_id`,`inventory_id`,`level`);
--> statement-breakpoint
CREATE TABLE `inventory_tags` (
	`inventory_id` text NOT NULL,
	`tag` text NOT NULL,
	`tag_folded` text NOT NULL,
	`position` integer NOT NULL,
	PRIMARY KEY(`inventory_id`, `tag`),
	FOREIGN KEY (`inventory_id`) REFERENCES `inventories`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "inventory_tags_tag_length" CHECK(length("inventory_tags"."tag") BETWEEN 1 AND 100)
);
--> statement-breakpoint
CREATE INDEX `inventory_tags_tag` ON `inventory_tags` (`tag`,`inventory_id`);
--> statement-breakpoint
CREATE TABLE `inventory_users` (
	`inventory_id` text NOT NULL,
	`user_id` text NOT NULL,
	`level` integer NOT NULL,
	PRIMARY KEY(`inventory_id`, `user_id`),
	FOREIGN KEY (`inventory_id`) REFERENCES `inventories`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "inventory_users_level" CHECK("inventory_users"."level" IN (1, 2, 3, 4))
);
--> statement-breakpoint
CREATE INDEX `inventory_users_user_id` ON `inventory_users` (`user_id`,`inventory_id`,`level`);
--> statement-breakpoint
CREATE TABLE `setup_groups` (
	`setup_id` text NOT NULL,
	`group_id` text NOT NULL,
	`level` integer NOT NULL,
	PRIMARY KEY(`setup_id`, `group_id`),
	FOREIGN KEY (`setup_id`) REFERENCES `setups`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`group_id`) REFERENCES `groups`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "setup_groups_level" CHECK("setup_groups"."level" IN (1, 2, 3, 4))
);
--> statement-breakpoint
CREATE INDEX `setup_groups_group_id` ON `setup_groups` (`group_id`,`setup_id`,`level`);
--> statement-breakpoint
CREATE TABLE `setup_tags` (
	`setup_id` text NOT NULL,
	`tag` text NOT NULL,
	`tag_folded` text NOT NULL,
	`position` integer NOT NULL,
	PRIMARY KEY(`setup_id`, `tag`),
	FOREIGN KEY (`setup_id`) REFERENCES `setups`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "setup_tags_tag_length" CHECK(length("setup_tags"."tag") BETWEEN 1 AND 100)
);
--> statement-breakpoint
CREATE INDEX `setup_tags_tag` ON `setup_tags` (`tag`,`setup_id`);
--> statement-breakpoint
CREATE TABLE `setup_users` (
	`setup_id` text NOT NULL,
	`user_id` text NOT NULL,
	`level` integer NOT NULL,
	PRIMARY KEY(`setup_id`, `user_id`),
	FOREIGN KEY (`setup_id`) REFERENCES `setups`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "setup_users_level" CHECK("setup_users"."level" IN (1, 2, 3, 4))
);
--> statement-breakpoint
CREATE INDEX `setup_users_user_id` ON `setup_users` (`user_id`,`setup_id`,`level`);
--> statement-breakpoint
CREATE TABLE `setups` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`name_folded` text NOT NULL,
	`location` text DEFAULT '' NOT NULL,
	`location_folded` text DEFAULT '' NOT NULL,
	`description` text DEFAULT '' NOT NULL,
	`description_folded` text DEFAULT '' NOT NULL,
	`setup_type` text NOT NULL,
	`specifications` text DEFAULT '[]' NOT NULL,
	`image` text,
	`is_public` integer DEFAULT false NOT NULL,
	`equipment_count` integer DEFAULT 0 NOT NULL,
	`created_date` text DEFAULT (strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000') NOT NULL,
	`updated_date` text DEFAULT (strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000') NOT NULL,
	CONSTRAINT "setups_id_is_uuid" CHECK(length("setups"."id") = 36 AND "setups"."id" = lower("setups"."id")),
	CONSTRAINT "setups_name_length" CHECK(length("setups"."name") BETWEEN 1 AND 50),
	CONSTRAINT "setups_specifications_is_json" CHECK(json_valid("setups"."specifications") AND json_type("setups"."specifications") IN ('object', 'array')),
	CONSTRAINT "setups_is_public_is_flag" CHECK("setups"."is_public" IN (0, 1))
);
--> statement-breakpoint
CREATE INDEX `setups_name` ON `setups` (`name`,`id`);
--> statement-breakpoint
CREATE INDEX `setups_is_public` ON `setups` (`is_public`);
--> statement-breakpoint
CREATE TABLE `procedure_equipment` (
	`record_id` text NOT NULL,
	`mentioned_id` text NOT NULL,
	PRIMARY KEY(`record_id`, `mentioned_id`),
	FOREIGN KEY (`record_id`) REFERENCES `procedures`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `procedure_equipment_mentioned_id` ON `procedure_equipment` (`mentioned_id`,`record_id`);
--> statement-breakpoint
CREATE TABLE `procedure_log_entries` (
	`procedure_log_id` text NOT NULL,
	`date_time` text NOT NULL,
	`notes` text,
	`details` text DEFAULT '{}' NOT NULL,
	PRIMARY KEY(`procedure_log_id`, `date_time`),
	FOREIGN KEY (`procedure_log_id`) REFERENCES `procedure_logs`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "procedure_log_entries_details_is_object" CHECK(json_valid("procedure_log_entries"."details") AND json_type("procedure_log_entries"."details") = 'object')
);
--> statement-breakpoint
CREATE TABLE `procedure_log_tags` (
	`procedure_log_id` text NOT NULL,
	`tag` text NOT NULL,
	`tag_folded` text NOT NULL,
	`position` integer NOT NULL,
	PRIMARY KEY(`procedure_log_id`, `tag`),
	FOREIGN KEY (`procedure_log_id`) REFERENCES `procedure_logs`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "procedure_log_tags_tag_length" CHECK(length("procedure_log_tags"."tag") BETWEEN 1 AND 100)
);
--> statement-breakpoint
CREATE INDEX `procedure_log_tags_tag` ON `procedure_log_tags` (`tag`,`procedure_log_id`);
--> statement-breakpoint
CREATE TABLE `procedure_logs` (
	`id` text PRIMARY KEY NOT NULL,
	`type` text NOT NULL,
	`description` text DEFAULT '' NOT NULL,
	`description_folded` text DEFAULT '' NOT NULL,
	`procedure_id` text NOT NULL,
	`project_set_id` integer,
	`created_date` text DEFAULT (strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000') NOT NULL,
	`updated_date` text DEFAULT (strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000') NOT NULL,
	FOREIGN KEY (`procedure_id`) REFERENCES `procedures`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "procedure_logs_id_is_uuid" CHECK(length("procedure_logs"."id") = 36 AND "procedure_logs"."id" = lower("procedure_logs"."id")),
	CONSTRAINT "procedure_logs_description_length" CHECK(length("procedure_logs"."description") BETWEEN 0 AND 500)
);
--> statement-breakpoint
CREATE INDEX `procedure_logs_place` ON `procedure_logs` (`procedure_id`,`created_date`,`id`);
--> statement-breakpoint
CREATE INDEX `procedure_logs_project_set_place` ON `procedure_logs` (`project_set_id`,`procedure_id`,`created_date`,`id`);
--> statement-breakpoint
CREATE INDEX `procedure_logs_project_set_id` ON `procedure_logs` (`project_set_id`,`id`);
--> statement-breakpoint
CREATE INDEX `procedure_logs_project_set_created_date` ON `procedure_logs` (`project_set_id`,`created_date`,`id`);
--> statement-breakpoint
CREATE INDEX `procedure_logs_created_date` ON `procedure_logs` (`created_date`,`id`);
--> statement-breakpoint
CREATE INDEX `procedure_logs_project_set_updated_date` ON `procedure_logs` (`project_set_id`,`updated_date`,`id`);
--> statement-breakpoint
CREATE INDEX `procedure_logs_updated_date` ON `procedure_logs` (`updated_date`,`id`);
--> statement-breakpoint
CREATE TABLE `procedure_tags` (
	`procedure_id` text NOT NULL,
	`tag` text NOT NULL,
	`tag_folded` text NOT NULL,
	`position` integer NOT NULL,
	PRIMARY KEY(`procedure_id`, `tag`),
	FOREIGN KEY (`procedure_id`) REFERENCES `procedures`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "procedure_tags_tag_length" CHECK(length("procedure_tags"."tag") BETWEEN 1 AND 100)
);
--> statement-breakpoint
CREATE INDEX `procedure_tags_tag` ON `procedure_tags` (`tag`,`procedure_id`);
--> statement-breakpoint
CREATE TABLE `procedures` (
	`id` text PRIMARY KEY NOT NULL,
	`type` text NOT NULL,
	`notes` text DEFAULT '' NOT NULL,
	`notes_folded` text DEFAULT '' NOT NULL,
	`subject_id` text NOT NULL,
	`date_time` text,
	`consumablestock` text,
	`equipment` text DEFAULT '[]' NOT NULL,
	`brain_region` text,
	`licenses` text DEFAULT '[]' NOT NULL,
	`details` text DEFAULT '{}' NOT NULL,
	`type_schema_version` text DEFAULT '' NOT NULL,
	`coordinates_system` text NOT NULL,
	`coordinates_details` text DEFAULT '{}' NOT NULL,
	`coordinates_schema_version` text DEFAULT '' NOT NULL,
	`project_set_id` integer,
	`created_date` text DEFAULT (strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000') NOT NULL,
	`updated_date` text DEFAULT (strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000') NOT NULL,
	FOREIGN KEY (`subject_id`) REFERENCES `subjects`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "procedures_id_is_uuid" CHECK(length("procedures"."id") = 36 AND "procedures"."id" = lower("procedures"."id")),
	CONSTRAINT "procedures_notes_length" CHECK(length("procedures"."notes") BETWEEN 0 AND 500),
	CONSTRAINT "procedures_equipment_is_array" CHECK(json_valid("procedures"."equipment") AND json_type("procedures"."equipment") = 'array'),
	CONSTRAINT "procedures_licenses_is_array" CHECK(json_valid("procedures"."licenses") AND json_type("procedures"."licenses") = 'array'),
	CONSTRAINT "procedures_details_is_object" CHECK(json_valid("procedures"."details") AND json_type("procedures"."details") = 'object'),
	CONSTRAINT "procedures_coordinates_details_is_object" CHECK(json_valid("procedures"."coordinates_details") AND json_type("procedures"."coordinates_details") = 'object')
);
--> statement-breakpoint
CREATE INDEX `procedures_place` ON `procedures` (`subject_id`,`created_date`,`id`);
--> statement-breakpoint
CREATE INDEX `procedures_project_set_place` ON `procedures` (`project_set_id`,`subject_id`,`created_date`,`id`);
--> statement-breakpoint
CREATE INDEX `procedures_project_set_id` ON `procedures` (`project_set_id`,`id`);
--> statement-breakpoint
CREATE INDEX `procedures_project_set_created_date` ON `procedures` (`project_set_id`,`created_date`,`id`);
--> statement-breakpoint
CREATE INDEX `procedures_created_date` ON `procedures` (`created_date`,`id`);
--> statement-breakpoint
CREATE INDEX `procedures_project_set_updated_date` ON `procedures` (`project_set_id`,`updated_date`,`id`);
--> statement-breakpoint
CREATE INDEX `procedures_updated_date` ON `procedures` (`updated_date`,`id`);
--> statement-breakpoint
CREATE INDEX `procedures_project_set_date_time` ON `procedures` (`project_set_id`,`date_time`,`id`);
--> statement-breakpoint
CREATE INDEX `procedures_date_time` ON `procedures` (`date_time`,`id`);
--> statement-breakpoint
CREATE INDEX `procedures_consumablestock` ON `procedures` (`consumablestock`);
--> statement-breakpoint
CREATE TABLE `subject_log_entries` (
	`subject_log_id` text NOT NULL,
	`date_time` text NOT NULL,
	`end_date_time` text,
	`notes` text,
	`details` text DEFAULT '{}' NOT NULL,
	PRIMARY KEY(`subject_log_id`, `date_time`),
	FOREIGN KEY (`subject_log_id`) REFERENCES `subject_logs`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "subject_log_entries_details_is_object" CHECK(json_valid("subject_log_entries"."details") AND json_type("subject_log_entries"."details") = 'object')
);
--> statement-breakpoint
CREATE TABLE `subject_log_tags` (
	`subject_log_id` text NOT NULL,
	`tag` text NOT NULL,
	`tag_folded` text NOT NULL,
	`position` integer NOT NULL,
	PRIMARY KEY(`subject_log_id`, `tag`),
	FOREIGN KEY (`subject_log_id`) REFERENCES `subject_logs`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "subject_log_tags_tag_length" CHECK(length("subject_log_tags"."tag") BETWEEN 1 AND 100)
);
--> statement-breakpoint
CREATE INDEX `subject_log_tags_tag` ON `subject_log_tags` (`tag`,`subject_log_id`);
--> statement-breakpoint
CREATE TABLE `subject_logs` (
	`id` text PRIMARY KEY NOT NULL,
	`type` text NOT NULL,
	`description` text DEFAULT '' NOT NULL,
	`description_folded` text DEFAULT '' NOT NULL,
	`subject_id` text NOT NULL,
	`user_id` text,
	`project_set_id` integer,
	`created_date` text DEFAULT (strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000') NOT NULL,
	`updated_date` text DEFAULT (strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000') NOT NULL,
	FOREIGN KEY (`subject_id`) REFERENCES `subjects`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE set null,
	CONSTRAINT "subject_logs_id_is_uuid" CHECK(length("subject_logs"."id") = 36 AND "subject_logs"."id" = lower("subject_logs"."id")),
	CONSTRAINT "subject_logs_description_length" CHECK(length("subject_logs"."description") BETWEEN 0 AND 500)
);
--> statement-breakpoint
CREATE INDEX `subject_logs_place` ON `subject_logs` (`subject_id`,`created_date`,`id`);
--> statement-breakpoint
CREATE INDEX `subject_logs_project_set_place` ON `subject_logs` (`project_set_id`,`subject_id`,`created_date`,`id`);
--> statement-breakpoint
CREATE INDEX `subject_logs_project_set_id` ON `subject_logs` (`project_set_id`,`id`);
--> statement-breakpoint
CREATE INDEX `subject_logs_project_set_created_date` ON `subject_logs` (`project_set_id`,`created_date`,`id`);
--> statement-breakpoint
CREATE INDEX `subject_logs_created_date` ON `subject_logs` (`created_date`,`id`);
--> statement-breakpoint
CREATE INDEX `subject_logs_project_set_updated_date` ON `subject_logs` (`project_set_id`,`updated_date`,`id`);
--> statement-breakpoint
CREATE INDEX `subject_logs_updated_date` ON `subject_logs` (`updated_date`,`id`);
--> statement-breakpoint
CREATE INDEX `subject_logs_user_id` ON `subject_logs` (`user_id`);
--> statement-breakpoint
CREATE TABLE `subject_tags` (
	`subject_id` text NOT NULL,
	`tag` text NOT NULL,
	`tag_folded` text NOT NULL,
	`position` integer NOT NULL,
	PRIMARY KEY(`subject_id`, `tag`),
	FOREIGN KEY (`subject_id`) REFERENCES `subjects`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "subject_tags_tag_length" CHECK(length("subject_tags"."tag") BETWEEN 1 AND 100)
);
--> statement-breakpoint
CREATE INDEX `subject_tags_tag` ON `subject_tags` (`tag`,`subject_id`);
--> statement-breakpoint
CREATE TABLE `subjects` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`name_folded` text NOT NULL,
	`description` text DEFAULT '' NOT NULL,
	`description_folded` text DEFAULT '' NOT NULL,
	`project_set_id` integer NOT NULL,
	`licenses` text DEFAULT '[]' NOT NULL,
	`strain` text NOT NULL,
	`sex` text NOT NULL,
	`genetic_line` text DEFAULT '' NOT NULL,
	`genetic_line_folded` text DEFAULT '' NOT NULL,
	`genotype` text DEFAULT '' NOT NULL,
	`genotype_folded` text DEFAULT '' NOT NULL,
	`subject_identifier` text DEFAULT '' NOT NULL,
	`subject_identifier_folded` text DEFAULT '' NOT NULL,
	`supplier` text,
	`breeding` text,
	`birth_date` text,
	`death_date` text,
	`status` text NOT NULL,
	`extra_fields` text DEFAULT '{}' NOT NULL,
	`extra_fields_folded` text DEFAULT '{}' NOT NULL,
	`name_used_in_storage` text DEFAULT '' NOT NULL,
	`name_used_in_storage_folded` text DEFAULT '' NOT NULL,
	`created_date` text DEFAULT (strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000') NOT NULL,
	`updated_date` text DEFAULT (strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000') NOT NULL,
	FOREIGN KEY (`project_set_id`) REFERENCES `project_sets`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "subjects_id_is_uuid" CHECK(length("subjects"."id") = 36 AND "subjects"."id" = lower("subjects"."id")),
	CONSTRAINT "subjects_name_length" CHECK(length("subjects"."name") BETWEEN 1 AND 100),
	CONSTRAINT "subjects_genetic_line_length" CHECK(length("subjects"."genetic_line") BETWEEN 0 AND 100),
	CONSTRAINT "subjects_genotype_length" CHECK(length("subjects"."genotype") BETWEEN 0 AND 200),
	CONSTRAINT "subjects_subject_identifier_length" CHECK(length("subjects"."subject_identifier") BETWEEN 0 AND 100),
	CONSTRAINT "subjects_name_used_in_storage_length" CHECK(length("subjects"."name_used_in_storage") BETWEEN 0 AND 200),
	CONSTRAINT "subjects_licenses_is_array" CHECK(json_valid("subjects"."licenses") AND json_type("subjects"."licenses") = 'array'),
	CONSTRAINT "subjects_extra_fields_is_object" CHECK(json_valid("subjects"."extra_fields") AND json_type("subjects"."extra_fields") = 'object')
);
--> statement-breakpoint
CREATE UNIQUE INDEX `subjects_name_unique` ON `subjects` (`name`);
--> statement-breakpoint
CREATE INDEX `subjects_project_set_name` ON `subjects` (`project_set_id`,`name`);
--> statement-breakpoint
CREATE INDEX `subjects_name_project_set` ON `subjects` (`name`,`project_set_id`);
--> statement-breakpoint
CREATE INDEX `subjects_project_set_id` ON `subjects` (`project_set_id`,`id`);
--> statement-breakpoint
CREATE INDEX `subjects_project_set_birth_date` ON `subjects` (`project_set_id`,`birth_date`,`id`);
--> statement-breakpoint
CREATE INDEX `subjects_birth_date` ON `subjects` (`birth_date`,`id`);
--> statement-breakpoint
CREATE INDEX `subjects_project_set_created_date` ON `subjects` (`project_set_id`,`created_date`,`id`);
--> statement-breakpoint
CREATE INDEX `subjects_created_date` ON `subjects` (`created_date`,`id`);
--> statement-breakpoint
CREATE INDEX `subjects_project_set_updated_date` ON `subjects` (`project_set_id`,`updated_date`,`id`);
--> statement-breakpoint
CREATE INDEX `subjects_updated_date` ON `subjects` (`updated_date`,`id`);
--> statement-breakpoint
ALTER TABLE `projects` ADD `subject_count` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `projects` ADD `collection_count` integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE `projects` ADD `cohort_count` integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE `project_sets` ADD `subject_count` integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE `session_projects` ADD `subject_count` integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE `session_projects` ADD `procedure_count` integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE `session_projects` ADD `subject_log_count` integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE `session_projects` ADD `procedure_log_count` integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
CREATE INDEX `behaviors_setup` ON `behaviors` (`setup`);
--> statement-breakpoint
CREATE INDEX `behaviors_behavioralassay` ON `behaviors` (`behavioralassay`);
--> statement-breakpoint
-- Which records name which others: from the lists that are there, and from now on with each list.
INSERT OR IGNORE INTO behavior_subjects (record_id, mentioned_id) SELECT behaviors.id, value FROM behaviors, json_each(behaviors.subjects);
--> statement-breakpoint
INSERT OR IGNORE INTO data_acquisition_procedures (record_id, mentioned_id) SELECT data_acquisitions.id, value FROM data_acquisitions, json_each(data_acquisitions.procedures);
--> statement-breakpoint
INSERT OR IGNORE INTO data_acquisition_equipment (record_id, mentioned_id) SELECT data_acquisitions.id, value FROM data_acquisitions, json_each(data_acquisitions.equipment);
--> statement-breakpoint
INSERT OR IGNORE INTO manipulation_procedures (record_id, mentioned_id) SELECT manipulations.id, value FROM manipulations, json_each(manipulations.procedures);
--> statement-breakpoint
INSERT OR IGNORE INTO manipulation_equipment (record_id, mentioned_id) SELECT manipulations.id, value FROM manipulations, json_each(manipulations.equipment);
--> statement-breakpoint
CREATE TRIGGER behavior_subjects_insert AFTER INSERT ON behaviors
WHEN NEW.subjects <> '[]'
BEGIN
  INSERT OR IGNORE INTO behavior_subjects (record_id, mentioned_id) SELECT NEW.id, value FROM json_each(NEW.subjects);
END;
--> statement-breakpoint
CREATE TRIGGER behavior_subjects_update AFTER UPDATE OF subjects ON behaviors
WHEN OLD.subjects <> NEW.subjects
BEGIN
  DELETE FROM behavior_subjects WHERE record_id = NEW.id;
  INSERT OR IGNORE INTO behavior_subjects (record_id, mentioned_id) SELECT NEW.id, value FROM json_each(NEW.subjects);
END;
--> statement-breakpoint
CREATE TRIGGER data_acquisition_procedures_insert AFTER INSERT ON data_acquisitions
WHEN NEW.procedures <> '[]'
BEGIN
  INSERT OR IGNORE INTO data_acquisition_procedures (record_id, mentioned_id) SELECT NEW.id, value FROM json_each(NEW.procedures);
END;
--> statement-breakpoint
CREATE TRIGGER data_acquisition_procedures_update AFTER UPDATE OF procedures ON data_acquisitions
WHEN OLD.procedures <> NEW.procedures
BEGIN
  DELETE FROM data_acquisition_procedures WHERE record_id = NEW.id;
  INSERT OR IGNORE INTO data_acquisition_procedures (record_id, mentioned_id) SELECT NEW.id, value FROM json_each(NEW.procedures);
END;
--> statement-breakpoint
CREATE TRIGGER data_acquisition_equipment_insert AFTER INSERT ON data_acquisitions
WHEN NEW.equipment <> '[]'
BEGIN
  INSERT OR IGNORE INTO data_acquisition_equipment (record_id, mentioned_id) SELECT NEW.id, value FROM json_each(NEW.equipment);
END;
--> statement-breakpoint
CREATE TRIGGER data_acquisition_equipment_update AFTER UPDATE OF equipment ON data_acquisitions
WHEN OLD.equipment <> NEW.equipment
BEGIN
  DELETE FROM data_acquisition_equipment WHERE record_id = NEW.id;
  INSERT OR IGNORE INTO data_acquisition_equipment (record_id, mentioned_id) SELECT NEW.id, value FROM json_each(NEW.equipment);
END;
--> statement-breakpoint
CREATE TRIGGER manipulation_procedures_insert AFTER INSERT ON manipulations
WHEN NEW.procedures <> '[]'
BEGIN
  INSERT OR IGNORE INTO manipulation_procedures (record_id, mentioned_id) SELECT NEW.id, value FROM json_each(NEW.procedures);
END;
--> statement-breakpoint
CREATE TRIGGER manipulation_procedures_update AFTER UPDATE OF procedures ON manipulations
WHEN OLD.procedures <> NEW.procedures
BEGIN
  DELETE FROM manipulation_procedures WHERE record_id = NEW.id;
  INSERT OR IGNORE INTO manipulation_procedures (record_id, mentioned_id) SELECT NEW.id, value FROM json_each(NEW.procedures);
END;
--> statement-breakpoint
CREATE TRIGGER manipulation_equipment_insert AFTER INSERT ON manipulations
WHEN NEW.equipment <> '[]'
BEGIN
  INSERT OR IGNORE INTO manipulation_equipment (record_id, mentioned_id) SELECT NEW.id, value FROM json_each(NEW.equipment);
END;
--> statement-breakpoint
CREATE TRIGGER manipulation_equipment_update AFTER UPDATE OF equipment ON manipulations
WHEN OLD.equipment <> NEW.equipment
BEGIN
  DELETE FROM manipulation_equipment WHERE record_id = NEW.id;
  INSERT OR IGNORE INTO manipulation_equipment (record_id, mentioned_id) SELECT NEW.id, value FROM json_each(NEW.equipment);
END;
--> statement-breakpoint
CREATE TRIGGER procedure_equipment_insert AFTER INSERT ON procedures
WHEN NEW.equipment <> '[]'
BEGIN
  INSERT OR IGNORE INTO procedure_equipment (record_id, mentioned_id) SELECT NEW.id, value FROM json_each(NEW.equipment);
END;
--> statement-breakpoint
CREATE TRIGGER procedure_equipment_update AFTER UPDATE OF equipment ON procedures
WHEN OLD.equipment <> NEW.equipment
BEGIN
  DELETE FROM procedure_equipment WHERE record_id = NEW.id;
  INSERT OR IGNORE INTO procedure_equipment (record_id, mentioned_id) SELECT NEW.id, value FROM json_each(NEW.equipment);
END;
--> statement-breakpoint
-- Subjects share the project sets of the sessions: a set goes with the last of both. A project counts its subjects
-- itself, so that it need not look through its sets for them.
DROP TRIGGER project_sets_drop;
--> statement-breakpoint
CREATE TRIGGER project_sets_drop AFTER UPDATE OF session_count, subject_count ON project_sets
WHEN NEW.session_count = 0 AND NEW.subject_count = 0
BEGIN
  DELETE FROM project_sets WHERE id = NEW.id;
END;
--> statement-breakpoint
CREATE TRIGGER subjects_count_insert AFTER INSERT ON subjects
BEGIN
  UPDATE projects SET subject_count = subject_count + 1 WHERE id IN (SELECT project_id FROM session_projects WHERE project_set_id = NEW.project_set_id);
  UPDATE project_sets SET subject_count = subject_count + 1 WHERE id = NEW.project_set_id;
  UPDATE session_projects SET subject_count = subject_count + 1 WHERE project_set_id = NEW.project_set_id;
END;
--> statement-breakpoint
-- The records of a subject move with it, and their own triggers count them.
CREATE TRIGGER subjects_count_move AFTER UPDATE OF project_set_id ON subjects
WHEN OLD.project_set_id <> NEW.project_set_id
BEGIN
  UPDATE projects SET subject_count = subject_count - 1 WHERE id IN (SELECT project_id FROM session_projects WHERE project_set_id = OLD.project_set_id);
  UPDATE projects SET subject_count = subject_count + 1 WHERE id IN (SELECT project_id FROM session_projects WHERE project_set_id = NEW.project_set_id);
  UPDATE procedures SET project_set_id = NEW.project_set_id WHERE subject_id = NEW.id;
  UPDATE subject_logs SET project_set_id = NEW.project_set_id WHERE subject_id = NEW.id;
  UPDATE session_projects SET subject_count = subject_count + 1 WHERE project_set_id = NEW.project_set_id;
  UPDATE session_projects SET subject_count = subject_count - 1 WHERE project_set_id = OLD.project_set_id;
  UPDATE project_sets SET subject_count = subject_count + 1 WHERE id = NEW.project_set_id;
  UPDATE project_sets SET subject_count = subject_count - 1 WHERE id = OLD.project_set_id;
END;
--> statement-breakpoint
CREATE TRIGGER subjects_count_delete AFTER DELETE ON subjects
BEGIN
  UPDATE projects SET subject_count = subject_count - 1 WHERE id IN (SELECT project_id FROM session_projects WHERE project_set_id = OLD.project_set_id);
  UPDATE session_projects SET subject_count = subject_count - 1 WHERE project_set_id = OLD.project_set_id;
  UPDATE project_sets SET subject_count = subject_count - 1 WHERE id = OLD.project_set_id;
END;
--> statement-breakpoint
CREATE TRIGGER procedures_stay BEFORE UPDATE OF subject_id ON procedures
WHEN OLD.subject_id <> NEW.subject_id
BEGIN
  SELECT RAISE(ABORT, 'a procedure stays with its subject');
END;
--> statement-breakpoint
CREATE TRIGGER procedures_project_set_insert BEFORE INSERT ON procedures
WHEN NEW.project_set_id IS NOT NULL AND NEW.project_set_id IS NOT (SELECT project_set_id FROM subjects WHERE id = NEW.subject_id)
BEGIN
  SELECT RAISE(ABORT, 'a procedure has the project set of its subject');
END;
--> statement-breakpoint
CREATE TRIGGER procedures_project_set_update BEFORE UPDATE OF project_set_id ON procedures
WHEN NEW.project_set_id IS NOT (SELECT project_set_id FROM subjects WHERE id = NEW.subject_id)
BEGIN
  SELECT RAISE(ABORT, 'a procedure has the project set of its subject');
END;
--> statement-breakpoint
CREATE TRIGGER procedures_project_set_fill AFTER INSERT ON procedures
WHEN NEW.project_set_id IS NULL
BEGIN
  UPDATE procedures SET project_set_id = (SELECT project_set_id FROM subjects WHERE id = NEW.subject_id) WHERE id = NEW.id;
END;
--> statement-breakpoint
CREATE TRIGGER procedures_count_insert AFTER INSERT ON procedures
WHEN NEW.project_set_id IS NOT NULL
BEGIN
  UPDATE session_projects SET procedure_count = procedure_count + 1 WHERE project_set_id = NEW.project_set_id;
END;
--> statement-breakpoint
CREATE TRIGGER procedures_count_move AFTER UPDATE OF project_set_id ON procedures
WHEN OLD.project_set_id IS NOT NEW.project_set_id
BEGIN
  UPDATE procedure_logs SET project_set_id = NEW.project_set_id WHERE procedure_id = NEW.id;
  UPDATE session_projects SET procedure_count = procedure_count - 1 WHERE project_set_id = OLD.project_set_id;
  UPDATE session_projects SET procedure_count = procedure_count + 1 WHERE project_set_id = NEW.project_set_id;
END;
--> statement-breakpoint
CREATE TRIGGER procedures_count_delete AFTER DELETE ON procedures
BEGIN
  UPDATE session_projects SET procedure_count = procedure_count - 1 WHERE project_set_id = OLD.project_set_id;
END;
--> statement-breakpoint
CREATE TRIGGER subject_logs_stay BEFORE UPDATE OF subject_id ON subject_logs
WHEN OLD.subject_id <> NEW.subject_id
BEGIN
  SELECT RAISE(ABORT, 'a subject log stays with its subject');
END;
--> statement-breakpoint
CREATE TRIGGER subject_logs_project_set_insert BEFORE INSERT ON subject_logs
WHEN NEW.project_set_id IS NOT NULL AND NEW.project_set_id IS NOT (SELECT project_set_id FROM subjects WHERE id = NEW.subject_id)
BEGIN
  SELECT RAISE(ABORT, 'a subject log has the project set of its subject');
END;
--> statement-breakpoint
CREATE TRIGGER subject_logs_project_set_update BEFORE UPDATE OF project_set_id ON subject_logs
WHEN NEW.project_set_id IS NOT (SELECT project_set_id FROM subjects WHERE id = NEW.subject_id)
BEGIN
  SELECT RAISE(ABORT, 'a subject log has the project set of its subject');
END;
--> statement-breakpoint
CREATE TRIGGER subject_logs_project_set_fill AFTER INSERT ON subject_logs
WHEN NEW.project_set_id IS NULL
BEGIN
  UPDATE subject_logs SET project_set_id = (SELECT project_set_id FROM subjects WHERE id = NEW.subject_id) WHERE id = NEW.id;
END;
--> statement-breakpoint
CREATE TRIGGER subject_logs_count_insert AFTER INSERT ON subject_logs
WHEN NEW.project_set_id IS NOT NULL
BEGIN
  UPDATE session_projects SET subject_log_count = subject_log_count + 1 WHERE project_set_id = NEW.project_set_id;
END;
--> statement-breakpoint
CREATE TRIGGER subject_logs_count_move AFTER UPDATE OF project_set_id ON subject_logs
WHEN OLD.project_set_id IS NOT NEW.project_set_id
BEGIN
  UPDATE session_projects SET subject_log_count = subject_log_count - 1 WHERE project_set_id = OLD.project_set_id;
  UPDATE session_projects SET subject_log_count = subject_log_count + 1 WHERE project_set_id = NEW.project_set_id;
END;
--> statement-breakpoint
CREATE TRIGGER subject_logs_count_delete AFTER DELETE ON subject_logs
BEGIN
  UPDATE session_projects SET subject_log_count = subject_log_count - 1 WHERE project_set_id = OLD.project_set_id;
END;
--> statement-breakpoint
CREATE TRIGGER procedure_logs_stay BEFORE UPDATE OF procedure_id ON procedure_logs
WHEN OLD.procedure_id <> NEW.procedure_id
BEGIN
  SELECT RAISE(ABORT, 'a procedure log stays with its procedure');
END;
--> statement-breakpoint
CREATE TRIGGER procedure_logs_project_set_insert BEFORE INSERT ON procedure_logs
WHEN NEW.project_set_id IS NOT NULL AND NEW.project_set_id IS NOT (SELECT project_set_id FROM procedures WHERE id = NEW.procedure_id)
BEGIN
  SELECT RAISE(ABORT, 'a procedure log has the project set of its procedure');
END;
--> statement-breakpoint
CREATE TRIGGER procedure_logs_project_set_update BEFORE UPDATE OF project_set_id ON procedure_logs
WHEN NEW.project_set_id IS NOT (SELECT project_set_id FROM procedures WHERE id = NEW.procedure_id)
BEGIN
  SELECT RAISE(ABORT, 'a procedure log has the project set of its procedure');
END;
--> statement-breakpoint
CREATE TRIGGER procedure_logs_project_set_fill AFTER INSERT ON procedure_logs
WHEN NEW.project_set_id IS NULL
BEGIN
  UPDATE procedure_logs SET project_set_id = (SELECT project_set_id FROM procedures WHERE id = NEW.procedure_id) WHERE id = NEW.id;
END;
--> statement-breakpoint
CREATE TRIGGER procedure_logs_count_insert AFTER INSERT ON procedure_logs
WHEN NEW.project_set_id IS NOT NULL
BEGIN
  UPDATE session_projects SET procedure_log_count = procedure_log_count + 1 WHERE project_set_id = NEW.project_set_id;
END;
--> statement-breakpoint
CREATE TRIGGER procedure_logs_count_move AFTER UPDATE OF project_set_id ON procedure_logs
WHEN OLD.project_set_id IS NOT NEW.project_set_id
BEGIN
  UPDATE session_projects SET procedure_log_count = procedure_log_count - 1 WHERE project_set_id = OLD.project_set_id;
  UPDATE session_projects SET procedure_log_count = procedure_log_count + 1 WHERE project_set_id = NEW.project_set_id;
END;
--> statement-breakpoint
CREATE TRIGGER procedure_logs_count_delete AFTER DELETE ON procedure_logs
BEGIN
  UPDATE session_projects SET procedure_log_count = procedure_log_count - 1 WHERE project_set_id = OLD.project_set_id;
END;
--> statement-breakpoint
-- A project counts its collections and cohorts, a setup its equipment, and an inventory its stocks.
CREATE TRIGGER collections_count_insert AFTER INSERT ON collections
BEGIN
  UPDATE projects SET collection_count = collection_count + 1 WHERE id = NEW.project_id;
END;
--> statement-breakpoint
CREATE TRIGGER collections_count_move AFTER UPDATE OF project_id ON collections
WHEN OLD.project_id <> NEW.project_id
BEGIN
  UPDATE projects SET collection_count = collection_count - 1 WHERE id = OLD.project_id;
  UPDATE projects SET collection_count = collection_count + 1 WHERE id = NEW.project_id;
END;
--> statement-breakpoint
CREATE TRIGGER collections_count_delete AFTER DELETE ON collections
BEGIN
  UPDATE projects SET collection_count = collection_count - 1 WHERE id = OLD.project_id;
END;
--> statement-breakpoint
CREATE TRIGGER cohorts_count_insert AFTER INSERT ON cohorts
BEGIN
  UPDATE projects SET cohort_count = cohort_count + 1 WHERE id = NEW.project_id;
END;
--> statement-breakpoint
CREATE TRIGGER cohorts_count_move AFTER UPDATE OF project_id ON cohorts
WHEN OLD.project_id <> NEW.project_id
BEGIN
  UPDATE projects SET cohort_count = cohort_count - 1 WHERE id = OLD.project_id;
  UPDATE projects SET cohort_count = cohort_count + 1 WHERE id = NEW.project_id;
END;
--> statement-breakpoint
CREATE TRIGGER cohorts_count_delete AFTER DELETE ON cohorts
BEGIN
  UPDATE projects SET cohort_count = cohort_count - 1 WHERE id = OLD.project_id;
END;
--> statement-breakpoint
CREATE TRIGGER equipment_count_insert AFTER INSERT ON equipment
BEGIN
  UPDATE setups SET equipment_count = equipment_count + 1 WHERE id = NEW.setup_id;
END;
--> statement-breakpoint
CREATE TRIGGER equipment_count_move AFTER UPDATE OF setup_id ON equipment
WHEN OLD.setup_id <> NEW.setup_id
BEGIN
  UPDATE setups SET equipment_count = equipment_count - 1 WHERE id = OLD.setup_id;
  UPDATE setups SET equipment_count = equipment_count + 1 WHERE id = NEW.setup_id;
END;
--> statement-breakpoint
CREATE TRIGGER equipment_count_delete AFTER DELETE ON equipment
BEGIN
  UPDATE setups SET equipment_count = equipment_count - 1 WHERE id = OLD.setup_id;
END;
--> statement-breakpoint
CREATE TRIGGER consumable_stocks_count_insert AFTER INSERT ON consumable_stocks
BEGIN
  UPDATE inventories SET consumable_stock_count = consumable_stock_count + 1 WHERE id = NEW.inventory_id;
END;
--> statement-breakpoint
CREATE TRIGGER consumable_stocks_count_move AFTER UPDATE OF inventory_id ON consumable_stocks
WHEN OLD.inventory_id <> NEW.inventory_id
BEGIN
  UPDATE inventories SET consumable_stock_count = consumable_stock_count - 1 WHERE id = OLD.inventory_id;
  UPDATE inventories SET consumable_stock_count = consumable_stock_count + 1 WHERE id = NEW.inventory_id;
END;
--> statement-breakpoint
CREATE TRIGGER consumable_stocks_count_delete AFTER DELETE ON consumable_stocks
BEGIN
  UPDATE inventories SET consumable_stock_count = consumable_stock_count - 1 WHERE id = OLD.inventory_id;
END;
