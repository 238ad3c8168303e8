ALTER TABLE `users` ADD `sign_in_orcid` text CONSTRAINT "users_sign_in_orcid_length" CHECK(length("sign_in_orcid") BETWEEN 19 AND 19);--> statement-breakpoint
CREATE UNIQUE INDEX `users_sign_in_orcid_unique` ON `users` (`sign_in_orcid`);
