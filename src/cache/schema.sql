CREATE TABLE `addresses` (
	`member` text PRIMARY KEY NOT NULL,
	`lookUp` text NOT NULL,
	`address` text,
	`addedAt` text NOT NULL
);

CREATE INDEX `addresses_look_up` ON `addresses` (`lookUp`);
CREATE TABLE `applications` (
	`id` text PRIMARY KEY NOT NULL,
	`sequence` integer NOT NULL,
	`hash` text NOT NULL,
	`token` text NOT NULL,
	`name` text,
	`why` text,
	`contact` text,
	`sentAt` text NOT NULL,
	`state` text NOT NULL,
	`decidedAt` text,
	`decidedBy` text,
	`declinedIn` integer,
	`declinedHash` text,
	`reason` text,
	`invite` text
);

CREATE UNIQUE INDEX `applications_token` ON `applications` (`token`);
CREATE INDEX `applications_state` ON `applications` (`state`,`sequence`);
CREATE TABLE `archives` (
	`id` text PRIMARY KEY NOT NULL,
	`format` integer NOT NULL,
	`openedAt` text NOT NULL
);

CREATE TABLE `audit` (
	`sequence` integer PRIMARY KEY NOT NULL,
	`at` text NOT NULL,
	`act` text NOT NULL,
	`by` text NOT NULL,
	`member` text,
	`detail` text
);

CREATE INDEX `audit_member` ON `audit` (`member`,`sequence`);
CREATE INDEX `audit_act` ON `audit` (`act`,`sequence`);
CREATE INDEX `audit_by` ON `audit` (`by`,`sequence`);
CREATE TABLE `author_lookups` (
	`sequence` integer PRIMARY KEY NOT NULL,
	`prayer` text NOT NULL,
	`by` text NOT NULL,
	`at` text NOT NULL,
	`reason` text
);

CREATE INDEX `author_lookups_prayer` ON `author_lookups` (`prayer`);
CREATE TABLE `calls` (
	`member` text PRIMARY KEY NOT NULL,
	`sequence` integer NOT NULL,
	`askedAt` text NOT NULL,
	`takenBy` text,
	`takenAt` text
);

CREATE TABLE `encouragements` (
	`sequence` integer PRIMARY KEY NOT NULL,
	`prayer` text NOT NULL,
	`by` text NOT NULL,
	`at` text NOT NULL,
	`phrase` text
);

CREATE INDEX `encouragements_prayer` ON `encouragements` (`prayer`,`by`);
CREATE TABLE `erasures` (
	`sequence` integer PRIMARY KEY NOT NULL,
	`record` integer NOT NULL,
	`hash` text NOT NULL,
	`field` text NOT NULL,
	`why` text NOT NULL,
	`at` text NOT NULL
);

CREATE TABLE `flags` (
	`sequence` integer PRIMARY KEY NOT NULL,
	`prayer` text NOT NULL,
	`by` text NOT NULL,
	`at` text NOT NULL,
	`reason` text,
	`settledBy` text,
	`settledAt` text
);

CREATE INDEX `flags_prayer` ON `flags` (`prayer`);
CREATE INDEX `flags_settled` ON `flags` (`settledAt`);
CREATE TABLE `focus` (
	`prayer` text PRIMARY KEY NOT NULL,
	`place` integer NOT NULL,
	`until` text NOT NULL,
	`by` text NOT NULL,
	`at` text NOT NULL
);

CREATE TABLE `follows` (
	`id` text PRIMARY KEY NOT NULL,
	`member` text NOT NULL,
	`prayer` text NOT NULL,
	`sequence` integer NOT NULL
);

CREATE INDEX `follows_member` ON `follows` (`member`,`sequence`);
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
	`revokedAt` text,
	`asksAdmin` integer NOT NULL,
	`application` text,
	`note` text
);

CREATE UNIQUE INDEX `invites_token` ON `invites` (`token`);
CREATE INDEX `invites_issued_by` ON `invites` (`issuedBy`,`issuedAt`);
CREATE TABLE `keys` (
	`key` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`thing` text NOT NULL
);

CREATE TABLE `labels` (
	`id` text PRIMARY KEY NOT NULL,
	`member` text NOT NULL,
	`words` text,
	`symbol` text,
	`givenAt` text NOT NULL
);

CREATE INDEX `labels_member` ON `labels` (`member`);
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
CREATE INDEX `marks_member` ON `marks` (`member`);
CREATE TABLE `prayer_counts` (
	`prayer` text PRIMARY KEY NOT NULL,
	`sequence` integer NOT NULL,
	`people` integer NOT NULL,
	`times` integer NOT NULL,
	`last` integer NOT NULL,
	`waits` integer NOT NULL
);

CREATE INDEX `prayer_counts_waiting` ON `prayer_counts` (`waits`,`last`,`sequence`);
CREATE TABLE `declines` (
	`member` text PRIMARY KEY NOT NULL,
	`at` text NOT NULL,
	`by` text NOT NULL,
	`reason` text
);

CREATE TABLE `members` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text,
	`nameKey` text,
	`joinedAt` text NOT NULL,
	`sequence` integer NOT NULL,
	`invite` text,
	`invitedBy` text,
	`standing` text NOT NULL,
	`about` text,
	`praysUnseen` integer NOT NULL,
	`invitingPausedAt` text,
	`welcomedAt` text,
	`rightsChangedAt` text
);

CREATE INDEX `members_name_key` ON `members` (`nameKey`);
CREATE INDEX `members_invite` ON `members` (`invite`);
CREATE INDEX `members_invited_by` ON `members` (`invitedBy`);
CREATE INDEX `members_standing` ON `members` (`standing`,`nameKey`);
CREATE TABLE `names` (
	`sequence` integer PRIMARY KEY NOT NULL,
	`hash` text NOT NULL,
	`member` text NOT NULL,
	`name` text,
	`nameKey` text,
	`at` text NOT NULL
);

CREATE INDEX `names_member` ON `names` (`member`,`sequence`);
CREATE INDEX `names_name_key` ON `names` (`nameKey`);
CREATE TABLE `hushed` (
	`id` text PRIMARY KEY NOT NULL,
	`member` text NOT NULL,
	`kind` text NOT NULL,
	`endedIn` integer
);

CREATE TABLE `notice_readings` (
	`id` text PRIMARY KEY NOT NULL,
	`member` text NOT NULL,
	`notice` text NOT NULL
);

CREATE TABLE `notices_read` (
	`member` text PRIMARY KEY NOT NULL,
	`upTo` integer NOT NULL,
	`place` text
);

CREATE TABLE `paper_keys` (
	`member` text PRIMARY KEY NOT NULL,
	`hash` text NOT NULL,
	`madeAt` text NOT NULL
);

CREATE UNIQUE INDEX `paper_keys_hash` ON `paper_keys` (`hash`);
CREATE TABLE `passkeys` (
	`id` text PRIMARY KEY NOT NULL,
	`member` text NOT NULL,
	`credential` text NOT NULL,
	`publicKey` text NOT NULL,
	`counter` integer NOT NULL,
	`name` text,
	`addedAt` text NOT NULL,
	`usedAt` text
);

CREATE UNIQUE INDEX `passkeys_credential` ON `passkeys` (`credential`);
CREATE INDEX `passkeys_member` ON `passkeys` (`member`);
CREATE TABLE `prayer_changes` (
	`sequence` integer PRIMARY KEY NOT NULL,
	`prayer` text NOT NULL,
	`at` text NOT NULL,
	`forWhom` text,
	`request` text
);

CREATE INDEX `prayer_changes_prayer` ON `prayer_changes` (`prayer`);
CREATE TABLE `prayer_updates` (
	`sequence` integer PRIMARY KEY NOT NULL,
	`prayer` text NOT NULL,
	`at` text NOT NULL,
	`update` text
);

CREATE INDEX `prayer_updates_prayer` ON `prayer_updates` (`prayer`);
CREATE TABLE `prayers` (
	`id` text PRIMARY KEY NOT NULL,
	`sequence` integer NOT NULL,
	`author` text,
	`sealedAuthor` text,
	`postedAt` text NOT NULL,
	`sees` text NOT NULL,
	`forWhom` text,
	`request` text,
	`topic` text NOT NULL,
	`day` text,
	`lapsesAt` text,
	`state` text NOT NULL,
	`stateIn` integer NOT NULL,
	`stateAt` text NOT NULL,
	`outcome` text,
	`ending` text,
	`changedIn` integer,
	`changedAt` text,
	`changedForWhom` text,
	`changedRequest` text,
	`updatedIn` integer,
	`updatedAt` text,
	`update` text
);

CREATE UNIQUE INDEX `prayers_sequence` ON `prayers` (`sequence`);
CREATE INDEX `prayers_author` ON `prayers` (`author`,`sequence`);
CREATE INDEX `prayers_state` ON `prayers` (`state`,`stateIn`);
CREATE INDEX `prayers_open` ON `prayers` (`state`,`sequence`);
CREATE INDEX `prayers_topic` ON `prayers` (`state`,`topic`,`sequence`);
CREATE INDEX `prayers_day` ON `prayers` (`state`,`day`,`sequence`);
CREATE INDEX `prayers_sealed` ON `prayers` (`sequence`) WHERE sees <> 'everyone';
CREATE TABLE `publications` (
	`id` text PRIMARY KEY NOT NULL,
	`prayer` text NOT NULL,
	`isNamed` integer NOT NULL,
	`at` text NOT NULL,
	`endedAt` text
);

CREATE INDEX `publications_prayer` ON `publications` (`prayer`);
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
	`grantedAt` text NOT NULL,
	`until` text
);

CREATE INDEX `roles_member` ON `roles` (`member`);
CREATE INDEX `roles_role` ON `roles` (`role`);
CREATE TABLE `seal_keys` (
	`key` text PRIMARY KEY NOT NULL,
	`addedAt` text NOT NULL
);

CREATE TABLE `sealing_keys` (
	`number` integer PRIMARY KEY NOT NULL,
	`digest` text NOT NULL,
	`madeAt` text NOT NULL
);

CREATE TABLE `separations` (
	`id` text PRIMARY KEY NOT NULL,
	`member` text NOT NULL,
	`other` text NOT NULL,
	`by` text NOT NULL,
	`at` text NOT NULL
);

CREATE INDEX `separations_member` ON `separations` (`member`,`other`);
CREATE TABLE `sessions` (
	`id` text PRIMARY KEY NOT NULL,
	`member` text NOT NULL,
	`token` text NOT NULL,
	`openedAt` text NOT NULL,
	`provedAt` text,
	`renewedAt` text NOT NULL,
	`until` text NOT NULL,
	`tokenAt` text NOT NULL,
	`oldToken` text,
	`how` text,
	`isShared` integer NOT NULL,
	`device` text
);

CREATE UNIQUE INDEX `sessions_token` ON `sessions` (`token`);
CREATE INDEX `sessions_old_token` ON `sessions` (`oldToken`);
CREATE INDEX `sessions_member` ON `sessions` (`member`);
CREATE TABLE `acceptances` (
	`member` text PRIMARY KEY NOT NULL,
	`rules` integer NOT NULL,
	`privacy` integer NOT NULL,
	`at` text NOT NULL
);

CREATE TABLE `settings` (
	`sequence` integer PRIMARY KEY NOT NULL,
	`setting` text NOT NULL,
	`value` text,
	`by` text NOT NULL,
	`at` text NOT NULL
);

CREATE INDEX `settings_setting` ON `settings` (`setting`,`sequence`);
CREATE TABLE `sign_ins` (
	`id` text PRIMARY KEY NOT NULL,
	`member` text NOT NULL,
	`browser` text NOT NULL,
	`askedAt` text NOT NULL,
	`until` text NOT NULL,
	`device` text,
	`state` text NOT NULL,
	`decidedAt` text,
	`decidedBy` text,
	`provedAt` text
);

CREATE INDEX `sign_ins_member` ON `sign_ins` (`member`,`askedAt`);
CREATE INDEX `sign_ins_browser` ON `sign_ins` (`browser`);
CREATE TABLE `vouchings` (
	`id` text PRIMARY KEY NOT NULL,
	`signIn` text NOT NULL,
	`member` text NOT NULL,
	`at` text NOT NULL
);

CREATE INDEX `vouchings_sign_in` ON `vouchings` (`signIn`);
CREATE TABLE `refused_strangers` (
	`sequence` integer PRIMARY KEY NOT NULL,
	`at` text NOT NULL,
	`what` text NOT NULL,
	`times` integer NOT NULL
);

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

