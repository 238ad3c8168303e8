ALTER TABLE `users` ADD `first_name_folded` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `users` ADD `last_name_folded` text DEFAULT '' NOT NULL;