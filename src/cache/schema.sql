CREATE TABLE `archives` (
	`id` text PRIMARY KEY NOT NULL,
	`format` integer NOT NULL,
	`openedAt` text NOT NULL
);

CREATE TABLE `erasures` (
	`sequence` integer PRIMARY KEY NOT NULL,
	`record` integer NOT NULL,
	`hash` text NOT NULL,
	`field` text NOT NULL,
	`why` text NOT NULL,
	`at` text NOT NULL
);

CREATE TABLE `claims` (
	`member` text PRIMARY KEY NOT NULL,
	`invite` text NOT NULL,
	`claimedAt` text NOT NULL,
	`browser` text NOT NULL
);

CREATE INDEX `claims_invite` ON `claims` (`invite`);
CREATE TABLE `invites` (
	`id` text PRIMARY KEY NOT NULL,
	`issuedBy` text NOT NULL,
	`issuedAt` text NOT NULL,
	`token` text NOT NULL,
	`seats` integer NOT NULL,
	`until` text NOT NULL,
	`role` text,
	`isFirst` integer NOT NULL,
	`revokedAt` text
);

CREATE UNIQUE INDEX `invites_token` ON `invites` (`token`);
CREATE TABLE `keys` (
	`key` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`thing` text NOT NULL
);

CREATE TABLE `login_links` (
	`id` text PRIMARY KEY NOT NULL,
	`member` text NOT NULL,
	`token` text NOT NULL,
	`issuedBy` text NOT NULL,
	`issuedAt` text NOT NULL,
	`until` text NOT NULL,
	`usedAt` text,
	`revokedAt` text
);

CREATE UNIQUE INDEX `login_links_token` ON `login_links` (`token`);
CREATE INDEX `login_links_member` ON `login_links` (`member`);
CREATE TABLE `marks` (
	`sequence` integer PRIMARY KEY NOT NULL,
	`prayer` text NOT NULL,
	`member` text NOT NULL,
	`at` text NOT NULL,
	`writtenAt` text NOT NULL
);

CREATE INDEX `marks_prayer_member` ON `marks` (`prayer`,`member`);
CREATE TABLE `prayer_counts` (
	`prayer` text PRIMARY KEY NOT NULL,
	`people` integer NOT NULL,
	`times` integer NOT NULL
);

CREATE TABLE `members` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text,
	`nameKey` text,
	`joinedAt` text NOT NULL,
	`sequence` integer NOT NULL,
	`invite` text,
	`invitedBy` text
);

CREATE INDEX `members_name_key` ON `members` (`nameKey`);
CREATE INDEX `members_invite` ON `members` (`invite`);
CREATE TABLE `prayers` (
	`id` text PRIMARY KEY NOT NULL,
	`sequence` integer NOT NULL,
	`author` text NOT NULL,
	`postedAt` text NOT NULL,
	`sees` text NOT NULL,
	`forWhom` text,
	`request` text
);

CREATE UNIQUE INDEX `prayers_sequence` ON `prayers` (`sequence`);
CREATE INDEX `prayers_author` ON `prayers` (`author`);
CREATE TABLE `accepted_records` (
	`record` integer PRIMARY KEY NOT NULL,
	`hash` text NOT NULL,
	`sequence` integer NOT NULL
);

CREATE TABLE `recovery_history` (
	`sequence` integer PRIMARY KEY NOT NULL,
	`act` text NOT NULL,
	`by` text NOT NULL,
	`at` text NOT NULL,
	`isWell` integer NOT NULL,
	`records` integer,
	`milliseconds` integer,
	`detail` text
);

CREATE TABLE `roles` (
	`id` text PRIMARY KEY NOT NULL,
	`member` text NOT NULL,
	`role` text NOT NULL,
	`grantedBy` text NOT NULL,
	`grantedAt` text NOT NULL
);

CREATE INDEX `roles_member` ON `roles` (`member`);
CREATE INDEX `roles_role` ON `roles` (`role`);
CREATE TABLE `seal_keys` (
	`key` text PRIMARY KEY NOT NULL,
	`addedAt` text NOT NULL
);

CREATE TABLE `sessions` (
	`id` text PRIMARY KEY NOT NULL,
	`member` text NOT NULL,
	`token` text NOT NULL,
	`openedAt` text NOT NULL,
	`renewedAt` text NOT NULL,
	`until` text NOT NULL
);

CREATE UNIQUE INDEX `sessions_token` ON `sessions` (`token`);
CREATE INDEX `sessions_member` ON `sessions` (`member`);
CREATE TABLE `cursors` (
	`id` integer PRIMARY KEY NOT NULL,
	`archive` text NOT NULL,
	`sequence` integer NOT NULL,
	`hash` text NOT NULL,
	`time` text NOT NULL,
	`month` text NOT NULL,
	`offset` integer NOT NULL,
	`erasures` integer NOT NULL,
	`accepted` integer NOT NULL,
	`builtAt` text NOT NULL,
	`buildMilliseconds` integer NOT NULL
);

