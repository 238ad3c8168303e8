CREATE TABLE `imports` (
	`id` integer PRIMARY KEY NOT NULL,
	`run` text NOT NULL,
	`started_date` text NOT NULL,
	`alive_date` text NOT NULL,
	CONSTRAINT "imports_has_one_row" CHECK("imports"."id" = 1)
);
