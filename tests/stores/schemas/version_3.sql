BEGIN TRANSACTION;
CREATE TABLE ph_app_version (
	"key" INTEGER NOT NULL,
	organization BIGINT NOT NULL,
	parent BIGINT NOT NULL,
	identity TEXT NOT NULL,
	first_day BIGINT NOT NULL,
	PRIMARY KEY ("key")
);
CREATE TABLE ph_app_version_history (
	"key" BIGINT NOT NULL,
	day BIGINT NOT NULL,
	organization BIGINT NOT NULL,
	until BIGINT NOT NULL,
	seen BIGINT NOT NULL,
	gone BIGINT NOT NULL,
	observed BIGINT NOT NULL,
	application_type BIGINT,
	platform BIGINT,
	version BIGINT,
	os_version BIGINT,
	users BIGINT,
	PRIMARY KEY ("key", day)
)
 WITHOUT ROWID

;
CREATE TABLE ph_call_day (
	day INTEGER NOT NULL,
	organization INTEGER NOT NULL,
	PRIMARY KEY (day, organization)
)
 WITHOUT ROWID

;
CREATE TABLE ph_call_quality (
	organization INTEGER NOT NULL,
	location TEXT NOT NULL,
	start_ms BIGINT NOT NULL,
	end_ms BIGINT NOT NULL,
	calls BIGINT,
	calls_with_media BIGINT,
	good_calls BIGINT,
	audio_jitter_ms DOUBLE,
	audio_latency_ms DOUBLE,
	audio_loss_pct DOUBLE,
	PRIMARY KEY (organization, location, start_ms, end_ms)
)
 WITHOUT ROWID

;
CREATE TABLE ph_calling_usage (
	organization BIGINT NOT NULL,
	location TEXT NOT NULL,
	first BIGINT NOT NULL,
	last BIGINT NOT NULL,
	total_calls BIGINT,
	total_call_legs BIGINT,
	total_poor_call_quality BIGINT,
	call_minutes BIGINT,
	call_minutes_video BIGINT,
	call_legs_audio BIGINT,
	call_legs_video BIGINT,
	call_legs_desk_phone BIGINT,
	call_legs_room_device BIGINT,
	call_legs_other_devices BIGINT,
	calls_hunt_group BIGINT,
	calls_auto_attendant BIGINT,
	call_queue_total_calls BIGINT,
	call_queue_timed_out_calls BIGINT,
	call_queue_overflowed_calls BIGINT,
	call_queue_transferred_calls BIGINT,
	call_queue_abandoned_calls BIGINT,
	total_internal_calls BIGINT,
	total_toll_free_calls BIGINT,
	total_premium_calls BIGINT,
	total_integrated_audio_calls BIGINT,
	total_national_calls BIGINT,
	total_inbound_calls BIGINT,
	total_operator_calls BIGINT,
	total_spark_calls BIGINT,
	total_short_code_calls BIGINT,
	total_international_calls BIGINT,
	total_mobile_calls BIGINT,
	total_emergency_calls BIGINT,
	total_unknown_calls BIGINT,
	PRIMARY KEY (organization, location, first, last)
)
 WITHOUT ROWID

;
CREATE TABLE ph_customer (
	"key" INTEGER NOT NULL,
	organization BIGINT NOT NULL,
	parent BIGINT NOT NULL,
	identity TEXT NOT NULL,
	first_day BIGINT NOT NULL,
	PRIMARY KEY ("key")
);
CREATE TABLE ph_customer_history (
	"key" BIGINT NOT NULL,
	day BIGINT NOT NULL,
	organization BIGINT NOT NULL,
	until BIGINT NOT NULL,
	seen BIGINT NOT NULL,
	gone BIGINT NOT NULL,
	observed BIGINT NOT NULL,
	managed_by BIGINT,
	last_admin_sign_in BIGINT,
	has_admins SMALLINT,
	PRIMARY KEY ("key", day)
)
 WITHOUT ROWID

;
CREATE TABLE ph_device (
	"key" INTEGER NOT NULL,
	organization BIGINT NOT NULL,
	parent BIGINT NOT NULL,
	identity TEXT NOT NULL,
	first_day BIGINT NOT NULL,
	PRIMARY KEY ("key")
);
CREATE TABLE ph_device_history (
	"key" BIGINT NOT NULL,
	day BIGINT NOT NULL,
	organization BIGINT NOT NULL,
	until BIGINT NOT NULL,
	seen BIGINT NOT NULL,
	gone BIGINT NOT NULL,
	observed BIGINT NOT NULL,
	location_id BIGINT,
	location_name BIGINT,
	product BIGINT,
	mac BIGINT,
	firmware BIGINT,
	phone_number BIGINT,
	extension BIGINT,
	user_id BIGINT,
	user_uuid BIGINT,
	PRIMARY KEY ("key", day)
)
 WITHOUT ROWID

;
CREATE TABLE ph_document (
	kind TEXT NOT NULL,
	id TEXT NOT NULL,
	version BIGINT NOT NULL,
	body TEXT NOT NULL,
	PRIMARY KEY (kind, id)
);
CREATE TABLE ph_email (
	address TEXT NOT NULL,
	organization BIGINT NOT NULL,
	PRIMARY KEY (address, organization)
)
 WITHOUT ROWID

;
CREATE TABLE ph_import_note (
	number BIGINT NOT NULL,
	file TEXT NOT NULL,
	at BIGINT NOT NULL,
	rows BIGINT NOT NULL,
	taken BIGINT NOT NULL,
	PRIMARY KEY (number)
);
CREATE TABLE ph_leg (
	day INTEGER NOT NULL,
	organization INTEGER NOT NULL,
	report_id TEXT NOT NULL,
	report_time BIGINT NOT NULL,
	call_id TEXT NOT NULL,
	start BIGINT NOT NULL,
	location BIGINT NOT NULL,
	person BIGINT NOT NULL,
	call_type BIGINT NOT NULL,
	duration_s INTEGER NOT NULL,
	video_s INTEGER NOT NULL,
	answered SMALLINT NOT NULL,
	direction SMALLINT NOT NULL,
	user_kind SMALLINT NOT NULL,
	endpoint SMALLINT NOT NULL,
	features SMALLINT NOT NULL,
	ipv6 SMALLINT NOT NULL,
	audio SMALLINT NOT NULL,
	video SMALLINT NOT NULL,
	audio_jitter_ms REAL,
	audio_latency_ms REAL,
	audio_loss_pct REAL,
	video_jitter_ms REAL,
	video_latency_ms REAL,
	video_loss_pct REAL,
	PRIMARY KEY (day, organization, report_id)
)
 WITHOUT ROWID

;
CREATE TABLE ph_license (
	"key" INTEGER NOT NULL,
	organization BIGINT NOT NULL,
	parent BIGINT NOT NULL,
	identity TEXT NOT NULL,
	first_day BIGINT NOT NULL,
	PRIMARY KEY ("key")
);
CREATE TABLE ph_license_history (
	"key" BIGINT NOT NULL,
	day BIGINT NOT NULL,
	organization BIGINT NOT NULL,
	until BIGINT NOT NULL,
	seen BIGINT NOT NULL,
	gone BIGINT NOT NULL,
	observed BIGINT NOT NULL,
	total BIGINT,
	assigned BIGINT,
	used_7d BIGINT,
	used_3m BIGINT,
	used_ever BIGINT,
	existed SMALLINT,
	PRIMARY KEY ("key", day)
)
 WITHOUT ROWID

;
CREATE TABLE ph_media (
	call_id TEXT NOT NULL,
	caller SMALLINT NOT NULL,
	fresh SMALLINT NOT NULL,
	audio INTEGER NOT NULL,
	video INTEGER NOT NULL,
	video_s INTEGER NOT NULL,
	audio_jitter_ms REAL,
	audio_latency_ms REAL,
	audio_loss_pct REAL,
	video_jitter_ms REAL,
	video_latency_ms REAL,
	video_loss_pct REAL,
	PRIMARY KEY (call_id, caller)
)
 WITHOUT ROWID

;
CREATE TABLE ph_meta (
	name TEXT NOT NULL,
	value TEXT NOT NULL,
	PRIMARY KEY (name)
);
INSERT INTO "ph_meta" VALUES('schema_version','3');
INSERT INTO "ph_meta" VALUES('writes','1');
CREATE TABLE ph_number (
	"key" INTEGER NOT NULL,
	organization BIGINT NOT NULL,
	parent BIGINT NOT NULL,
	identity TEXT NOT NULL,
	first_day BIGINT NOT NULL,
	PRIMARY KEY ("key")
);
CREATE TABLE ph_number_history (
	"key" BIGINT NOT NULL,
	day BIGINT NOT NULL,
	organization BIGINT NOT NULL,
	until BIGINT NOT NULL,
	seen BIGINT NOT NULL,
	gone BIGINT NOT NULL,
	observed BIGINT NOT NULL,
	location_id BIGINT,
	location_name BIGINT,
	country BIGINT,
	phone_number BIGINT,
	extension BIGINT,
	pstn_connection BIGINT,
	active SMALLINT,
	user_type BIGINT,
	number_type BIGINT,
	user_id BIGINT,
	user_uuid BIGINT,
	PRIMARY KEY ("key", day)
)
 WITHOUT ROWID

;
CREATE TABLE ph_organization (
	"key" INTEGER NOT NULL,
	id TEXT NOT NULL,
	name TEXT NOT NULL,
	region TEXT,
	industry TEXT,
	external_id TEXT,
	known_since BIGINT NOT NULL,
	name_day BIGINT NOT NULL,
	industry_day BIGINT NOT NULL,
	external_id_day BIGINT NOT NULL,
	emails_day BIGINT NOT NULL,
	tags_day BIGINT NOT NULL,
	version BIGINT NOT NULL,
	PRIMARY KEY ("key"),
	UNIQUE (id)
);
CREATE TABLE ph_picture (
	dataset TEXT NOT NULL,
	organization BIGINT NOT NULL,
	day BIGINT NOT NULL,
	PRIMARY KEY (dataset, organization, day)
)
 WITHOUT ROWID

;
CREATE TABLE ph_report_run (
	"key" TEXT NOT NULL,
	request TEXT NOT NULL,
	template TEXT NOT NULL,
	region TEXT NOT NULL,
	filter TEXT NOT NULL,
	safety TEXT NOT NULL,
	schedule TEXT NOT NULL,
	who TEXT NOT NULL,
	state TEXT NOT NULL,
	worker TEXT NOT NULL,
	prepared TEXT NOT NULL,
	file TEXT NOT NULL,
	path TEXT NOT NULL,
	pending TEXT NOT NULL,
	error TEXT NOT NULL,
	first TEXT,
	last TEXT,
	checksum TEXT,
	asked BIGINT NOT NULL,
	version BIGINT NOT NULL,
	fence BIGINT NOT NULL,
	tries BIGINT NOT NULL,
	open BIGINT NOT NULL,
	slot BIGINT,
	claimed BIGINT,
	lease_until BIGINT,
	retry_at BIGINT,
	started BIGINT,
	removed BIGINT,
	duration_ms BIGINT,
	rows BIGINT,
	size BIGINT,
	PRIMARY KEY ("key")
);
CREATE TABLE ph_service_stats (
	kind TEXT NOT NULL,
	organization INTEGER NOT NULL,
	first INTEGER NOT NULL,
	last INTEGER NOT NULL,
	location TEXT NOT NULL,
	name TEXT NOT NULL,
	phone TEXT NOT NULL,
	extension TEXT NOT NULL,
	calls BIGINT NOT NULL,
	answered BIGINT NOT NULL,
	abandoned BIGINT NOT NULL,
	overflowed BIGINT NOT NULL,
	timed_out BIGINT NOT NULL,
	transferred BIGINT NOT NULL,
	unanswered BIGINT NOT NULL,
	busy BIGINT NOT NULL,
	others BIGINT NOT NULL,
	wait_s BIGINT NOT NULL,
	abandoned_wait_s BIGINT NOT NULL,
	hold_s BIGINT NOT NULL,
	talk_s BIGINT NOT NULL,
	handle_s BIGINT NOT NULL,
	duration_s BIGINT NOT NULL,
	answered_pct DOUBLE,
	abandoned_pct DOUBLE,
	mean_wait_s DOUBLE,
	mean_abandoned_wait_s DOUBLE,
	mean_hold_s DOUBLE,
	mean_talk_s DOUBLE,
	mean_handle_s DOUBLE,
	mean_agents DOUBLE,
	mean_agents_busy DOUBLE,
	PRIMARY KEY (kind, organization, first, last, location, name)
)
 WITHOUT ROWID

;
CREATE TABLE ph_subscription (
	"key" INTEGER NOT NULL,
	organization BIGINT NOT NULL,
	parent BIGINT NOT NULL,
	identity TEXT NOT NULL,
	first_day BIGINT NOT NULL,
	PRIMARY KEY ("key")
);
CREATE TABLE ph_subscription_history (
	"key" BIGINT NOT NULL,
	day BIGINT NOT NULL,
	organization BIGINT NOT NULL,
	until BIGINT NOT NULL,
	seen BIGINT NOT NULL,
	gone BIGINT NOT NULL,
	observed BIGINT NOT NULL,
	source_status BIGINT,
	type BIGINT,
	is_trial SMALLINT,
	source_expired SMALLINT,
	starts_on BIGINT,
	ends_on BIGINT,
	auto_renews SMALLINT,
	paid SMALLINT,
	provisioned SMALLINT,
	commitment_term BIGINT,
	invoice BIGINT,
	orders BIGINT,
	users_total BIGINT,
	users_verified BIGINT,
	PRIMARY KEY ("key", day)
)
 WITHOUT ROWID

;
CREATE TABLE ph_tag (
	organization BIGINT NOT NULL,
	thing BIGINT NOT NULL,
	place BIGINT NOT NULL,
	tag TEXT NOT NULL,
	PRIMARY KEY (organization, thing, place)
)
 WITHOUT ROWID

;
CREATE TABLE ph_text (
	"key" INTEGER NOT NULL,
	text TEXT NOT NULL,
	PRIMARY KEY ("key"),
	UNIQUE (text)
);
CREATE INDEX ph_organization_region ON ph_organization (region);
CREATE INDEX ix_ph_email_organization ON ph_email (organization);
CREATE INDEX ph_report_run_slot ON ph_report_run (schedule, slot);
CREATE INDEX ph_report_run_open ON ph_report_run (open);
CREATE UNIQUE INDEX ph_customer_identity ON ph_customer (organization, parent, identity);
CREATE UNIQUE INDEX ph_subscription_identity ON ph_subscription (organization, parent, identity);
CREATE UNIQUE INDEX ph_license_identity ON ph_license (organization, parent, identity);
CREATE UNIQUE INDEX ph_device_identity ON ph_device (organization, parent, identity);
CREATE UNIQUE INDEX ph_number_identity ON ph_number (organization, parent, identity);
CREATE UNIQUE INDEX ph_app_version_identity ON ph_app_version (organization, parent, identity);
COMMIT;
