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
CREATE TABLE ph_meta (
	name TEXT NOT NULL,
	value TEXT NOT NULL,
	PRIMARY KEY (name)
);
INSERT INTO "ph_meta" VALUES('schema_version','2');
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
CREATE UNIQUE INDEX ph_customer_identity ON ph_customer (organization, parent, identity);
CREATE UNIQUE INDEX ph_subscription_identity ON ph_subscription (organization, parent, identity);
CREATE UNIQUE INDEX ph_license_identity ON ph_license (organization, parent, identity);
CREATE UNIQUE INDEX ph_device_identity ON ph_device (organization, parent, identity);
CREATE UNIQUE INDEX ph_number_identity ON ph_number (organization, parent, identity);
CREATE UNIQUE INDEX ph_app_version_identity ON ph_app_version (organization, parent, identity);
COMMIT;
