CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0026');
CREATE TABLE audit_record (
	company_id CHAR(32) NOT NULL, 
	id CHAR(32) NOT NULL, 
	at DATETIME NOT NULL, 
	"by" VARCHAR(64) NOT NULL, 
	request_id VARCHAR(64) NOT NULL, 
	action VARCHAR(96) NOT NULL, 
	changes JSON NOT NULL, 
	CONSTRAINT pk_audit_record PRIMARY KEY (company_id, id)
);
CREATE TABLE audit_seal (
	company_id CHAR(32) NOT NULL, 
	position BIGINT NOT NULL, 
	record_id CHAR(32) NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_audit_seal PRIMARY KEY (company_id, position), 
	CONSTRAINT uq_audit_seal_company_id_record_id UNIQUE (company_id, record_id)
);
CREATE TABLE catalog_price_entry (
	company_id CHAR(32) NOT NULL, 
	price_list_id CHAR(32) NOT NULL, 
	product_id CHAR(32) NOT NULL, 
	minimum_quantity BIGINT NOT NULL, 
	price BIGINT NOT NULL, 
	CONSTRAINT pk_catalog_price_entry PRIMARY KEY (company_id, price_list_id, product_id, minimum_quantity), 
	CONSTRAINT fk_catalog_price_entry_catalog_price_list FOREIGN KEY(company_id, price_list_id) REFERENCES catalog_price_list (company_id, id), 
	CONSTRAINT fk_catalog_price_entry_catalog_product FOREIGN KEY(company_id, product_id) REFERENCES catalog_product (company_id, id)
);
CREATE TABLE catalog_price_list (
	company_id CHAR(32) NOT NULL, 
	id CHAR(32) NOT NULL, 
	version INTEGER NOT NULL, 
	name VARCHAR(120) NOT NULL, 
	currency VARCHAR(3) NOT NULL, 
	includes_tax BOOLEAN NOT NULL, 
	valid_from DATE, 
	valid_to DATE, 
	party_id CHAR(32), level INTEGER, 
	CONSTRAINT pk_catalog_price_list PRIMARY KEY (company_id, id)
);
CREATE TABLE catalog_product (
	company_id CHAR(32) NOT NULL, 
	id CHAR(32) NOT NULL, 
	version INTEGER NOT NULL, 
	sku VARCHAR(64) NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	description VARCHAR(2000) NOT NULL, 
	translations JSON NOT NULL, 
	unit VARCHAR(16) NOT NULL, 
	barcode VARCHAR(14), 
	sale_price BIGINT, 
	sale_currency VARCHAR(3), 
	price_includes_tax BOOLEAN NOT NULL, 
	tax_class_id CHAR(32), 
	minimum_price BIGINT, 
	minimum_currency VARCHAR(3), 
	cost_price BIGINT, 
	cost_currency VARCHAR(3), 
	stock_managed BOOLEAN NOT NULL, 
	tracking VARCHAR(16) NOT NULL, 
	reorder_point BIGINT, 
	desired_level BIGINT, 
	lead_time_days INTEGER, 
	weight_kg BIGINT, 
	length_cm BIGINT, 
	width_cm BIGINT, 
	height_cm BIGINT, 
	customs_code VARCHAR(12) NOT NULL, 
	origin_country VARCHAR(2) NOT NULL, 
	for_sale BOOLEAN NOT NULL, 
	for_purchase BOOLEAN NOT NULL, 
	tags JSON NOT NULL, 
	custom_fields JSON NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	archived_at DATETIME, 
	CONSTRAINT pk_catalog_product PRIMARY KEY (company_id, id), 
	CONSTRAINT uq_catalog_product_company_id_sku UNIQUE (company_id, sku), 
	CONSTRAINT uq_catalog_product_company_id_barcode UNIQUE (company_id, barcode), 
	CONSTRAINT fk_catalog_product_catalog_unit FOREIGN KEY(company_id, unit) REFERENCES catalog_unit (company_id, code), 
	CONSTRAINT fk_catalog_product_catalog_tax_class FOREIGN KEY(company_id, tax_class_id) REFERENCES catalog_tax_class (company_id, id)
);
CREATE TABLE "catalog_product_word" (
	company_id CHAR(32) NOT NULL, 
	word VARCHAR(40) NOT NULL, 
	product_id CHAR(32) NOT NULL, 
	CONSTRAINT pk_catalog_product_word PRIMARY KEY (company_id, word, product_id)
);
CREATE TABLE catalog_tax_class (
	company_id CHAR(32) NOT NULL, 
	id CHAR(32) NOT NULL, 
	version INTEGER NOT NULL, 
	name VARCHAR(120) NOT NULL, 
	components JSON NOT NULL, 
	archived_at DATETIME, 
	CONSTRAINT pk_catalog_tax_class PRIMARY KEY (company_id, id)
);
CREATE TABLE catalog_unit (
	company_id CHAR(32) NOT NULL, 
	id CHAR(32) NOT NULL, 
	version INTEGER NOT NULL, 
	code VARCHAR(16) NOT NULL, 
	name VARCHAR(60) NOT NULL, 
	dimension VARCHAR(16) NOT NULL, 
	factor BIGINT NOT NULL, 
	decimals INTEGER NOT NULL, 
	CONSTRAINT pk_catalog_unit PRIMARY KEY (company_id, id), 
	CONSTRAINT uq_catalog_unit_company_id_code UNIQUE (company_id, code)
);
CREATE TABLE documents_job (
	company_id CHAR(32) NOT NULL, 
	id CHAR(32) NOT NULL, 
	version INTEGER NOT NULL, 
	kind VARCHAR(64) NOT NULL, 
	payload JSON NOT NULL, 
	priority INTEGER NOT NULL, 
	unique_key VARCHAR(200), 
	made_by VARCHAR(64) NOT NULL, 
	request_id VARCHAR(64) NOT NULL, 
	trace_id VARCHAR(32) NOT NULL, 
	locale VARCHAR(35) NOT NULL, 
	currency VARCHAR(3) NOT NULL, 
	attempts_max INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	turn_at DATETIME NOT NULL, 
	next_attempt_at DATETIME NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	attempts INTEGER NOT NULL, 
	claimed_by VARCHAR(100), 
	lease_until DATETIME, 
	cancel_requested BOOLEAN NOT NULL, 
	progress_done INTEGER NOT NULL, 
	progress_total INTEGER NOT NULL, 
	result JSON NOT NULL, 
	problem_code VARCHAR(96), 
	problem_text VARCHAR(1000), 
	ended_at DATETIME, 
	lane INTEGER, 
	due_at DATETIME, 
	CONSTRAINT pk_documents_job PRIMARY KEY (company_id, id), 
	CONSTRAINT uq_documents_job_company_id_unique_key UNIQUE (company_id, unique_key)
);
CREATE TABLE documents_letterhead (
	company_id CHAR(32) NOT NULL, 
	version INTEGER NOT NULL, 
	paper VARCHAR(8) NOT NULL, 
	accent VARCHAR(7) NOT NULL, 
	phone VARCHAR(100) NOT NULL, 
	email VARCHAR(100) NOT NULL, 
	website VARCHAR(100) NOT NULL, 
	footer VARCHAR(300) NOT NULL, 
	payee VARCHAR(70) NOT NULL, 
	city VARCHAR(100) NOT NULL, 
	pix_key VARCHAR(77) NOT NULL, 
	iban VARCHAR(34) NOT NULL, 
	bic VARCHAR(11) NOT NULL, 
	template TEXT NOT NULL, 
	logo VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_documents_letterhead PRIMARY KEY (company_id)
);
CREATE TABLE documents_mail_content (
	company_id CHAR(32) NOT NULL, 
	id CHAR(32) NOT NULL, 
	text TEXT NOT NULL, 
	html TEXT NOT NULL, 
	attachments JSON NOT NULL, paper JSON, created_at DATETIME DEFAULT '1970-01-01 00:00:00' NOT NULL, 
	CONSTRAINT pk_documents_mail_content PRIMARY KEY (company_id, id), 
	CONSTRAINT fk_documents_mail_content_documents_mail_message FOREIGN KEY(company_id, id) REFERENCES documents_mail_message (company_id, id)
);
CREATE TABLE documents_mail_message (
	company_id CHAR(32) NOT NULL, 
	id CHAR(32) NOT NULL, 
	version INTEGER NOT NULL, 
	message_id VARCHAR(300) NOT NULL, 
	to_addresses JSON NOT NULL, 
	cc_addresses JSON NOT NULL, 
	bcc_addresses JSON NOT NULL, 
	reply_to VARCHAR(254) NOT NULL, 
	subject VARCHAR(200) NOT NULL, 
	locale VARCHAR(35) NOT NULL, 
	cause_kind VARCHAR(64), 
	cause_id CHAR(32), 
	created_at DATETIME NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	round INTEGER NOT NULL, 
	tries INTEGER NOT NULL, 
	attempts JSON NOT NULL, 
	next_attempt_at DATETIME, 
	CONSTRAINT pk_documents_mail_message PRIMARY KEY (company_id, id)
);
CREATE TABLE documents_mail_template (
	company_id CHAR(32) NOT NULL, 
	kind VARCHAR(32) NOT NULL, 
	locale VARCHAR(16) NOT NULL, 
	version INTEGER NOT NULL, 
	own BOOLEAN NOT NULL, 
	subject VARCHAR(300) NOT NULL, 
	text TEXT NOT NULL, 
	html TEXT NOT NULL, 
	CONSTRAINT pk_documents_mail_template PRIMARY KEY (company_id, kind, locale)
);
CREATE TABLE documents_number_counter (
	company_id CHAR(32) NOT NULL, 
	document_type VARCHAR(64) NOT NULL, 
	period VARCHAR(8) NOT NULL, 
	last_number BIGINT NOT NULL, 
	last_on DATE NOT NULL, 
	CONSTRAINT pk_documents_number_counter PRIMARY KEY (company_id, document_type, period)
);
CREATE TABLE documents_number_series (
	company_id CHAR(32) NOT NULL, 
	document_type VARCHAR(64) NOT NULL, 
	version INTEGER NOT NULL, 
	mask VARCHAR(40) NOT NULL, 
	chronological BOOLEAN NOT NULL, 
	CONSTRAINT pk_documents_number_series PRIMARY KEY (company_id, document_type)
);
CREATE TABLE documents_printout (
	company_id CHAR(32) NOT NULL, 
	document_type VARCHAR(64) NOT NULL, 
	document_id CHAR(32) NOT NULL, 
	edition VARCHAR(16) NOT NULL, 
	locale VARCHAR(16) NOT NULL, 
	paper VARCHAR(8) NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	made_at DATETIME NOT NULL, 
	CONSTRAINT pk_documents_printout PRIMARY KEY (company_id, document_type, document_id, edition, locale, paper)
);
CREATE TABLE documents_schedule (
	company_id CHAR(32) NOT NULL, 
	name VARCHAR(64) NOT NULL, 
	version INTEGER NOT NULL, 
	last_period VARCHAR(40) NOT NULL, 
	CONSTRAINT pk_documents_schedule PRIMARY KEY (company_id, name)
);
CREATE TABLE idempotency (
	company_id CHAR(32) NOT NULL, 
	principal VARCHAR(64) NOT NULL, 
	"key" VARCHAR(255) NOT NULL, 
	fingerprint VARCHAR(64) NOT NULL, 
	claimed_at DATETIME NOT NULL, 
	answer TEXT, 
	CONSTRAINT pk_idempotency PRIMARY KEY (company_id, principal, "key")
);
CREATE TABLE identity_api_key (
	company_id CHAR(32) NOT NULL, 
	id CHAR(32) NOT NULL, 
	version INTEGER NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	prefix VARCHAR(12) NOT NULL, 
	secret_hash VARCHAR(64) NOT NULL, 
	grants JSON NOT NULL, 
	issued_by VARCHAR(64) NOT NULL, 
	issued_at DATETIME NOT NULL, 
	expires_at DATETIME, 
	revoked_at DATETIME, 
	CONSTRAINT pk_identity_api_key PRIMARY KEY (company_id, id), 
	CONSTRAINT uq_identity_api_key_prefix UNIQUE (prefix)
);
CREATE TABLE identity_company (
	company_id CHAR(32) NOT NULL, 
	version INTEGER NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	trade_name VARCHAR(200) NOT NULL, 
	tax_ids JSON NOT NULL, 
	address VARCHAR(500) NOT NULL, 
	currency VARCHAR(3) NOT NULL, 
	locale VARCHAR(16) NOT NULL, 
	time_zone VARCHAR(100) NOT NULL, 
	fiscal_month INTEGER NOT NULL, 
	rounding VARCHAR(16) NOT NULL, 
	cash_step BIGINT, 
	stock_leaves_at VARCHAR(16) NOT NULL, 
	CONSTRAINT pk_identity_company PRIMARY KEY (company_id)
);
CREATE TABLE identity_refresh_token (
	company_id CHAR(32) NOT NULL, 
	id CHAR(32) NOT NULL, 
	version INTEGER NOT NULL, 
	family_id CHAR(32) NOT NULL, 
	user_id CHAR(32) NOT NULL, 
	secret_hash VARCHAR(64) NOT NULL, 
	auth_epoch INTEGER NOT NULL, 
	issued_at DATETIME NOT NULL, 
	expires_at DATETIME NOT NULL, 
	used_at DATETIME, 
	ended_at DATETIME, 
	CONSTRAINT pk_identity_refresh_token PRIMARY KEY (company_id, id), 
	CONSTRAINT uq_identity_refresh_token_secret_hash UNIQUE (secret_hash), 
	CONSTRAINT fk_identity_refresh_token_identity_user FOREIGN KEY(company_id, user_id) REFERENCES identity_user (company_id, id)
);
CREATE TABLE identity_role (
	company_id CHAR(32) NOT NULL, 
	id CHAR(32) NOT NULL, 
	version INTEGER NOT NULL, 
	name VARCHAR(64) NOT NULL, 
	grants JSON NOT NULL, 
	built_in BOOLEAN NOT NULL, 
	CONSTRAINT pk_identity_role PRIMARY KEY (company_id, id), 
	CONSTRAINT uq_identity_role_company_id_name UNIQUE (company_id, name)
);
CREATE TABLE identity_sign_in_attempts (
	company_id CHAR(32) NOT NULL, 
	id CHAR(32) NOT NULL, 
	version INTEGER NOT NULL, 
	failures INTEGER NOT NULL, 
	last_at DATETIME NOT NULL, 
	CONSTRAINT pk_identity_sign_in_attempts PRIMARY KEY (company_id, id)
);
CREATE TABLE identity_user (
	company_id CHAR(32) NOT NULL, 
	id CHAR(32) NOT NULL, 
	version INTEGER NOT NULL, 
	login VARCHAR(100) NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	email VARCHAR(254) NOT NULL, 
	password_hash VARCHAR(255) NOT NULL, 
	locale VARCHAR(16) NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	roles JSON NOT NULL, 
	auth_epoch INTEGER NOT NULL, 
	CONSTRAINT pk_identity_user PRIMARY KEY (company_id, id), 
	CONSTRAINT uq_identity_user_login UNIQUE (login)
);
CREATE TABLE inventory_lot (
	company_id CHAR(32) NOT NULL, 
	id CHAR(32) NOT NULL, 
	version INTEGER NOT NULL, 
	product_id CHAR(32) NOT NULL, 
	number VARCHAR(64) NOT NULL, 
	made_on DATE, 
	expires_on DATE, 
	note VARCHAR(500) NOT NULL, 
	CONSTRAINT pk_inventory_lot PRIMARY KEY (company_id, id), 
	CONSTRAINT uq_inventory_lot_company_id_product_id_number UNIQUE (company_id, product_id, number), 
	CONSTRAINT fk_inventory_lot_catalog_product FOREIGN KEY(company_id, product_id) REFERENCES catalog_product (company_id, id)
);
CREATE TABLE inventory_reservation (
	company_id CHAR(32) NOT NULL, 
	id CHAR(32) NOT NULL, 
	product_id CHAR(32) NOT NULL, 
	warehouse_id CHAR(32) NOT NULL, 
	lot VARCHAR(64) NOT NULL, 
	origin VARCHAR(64) NOT NULL, 
	quantity BIGINT NOT NULL, 
	CONSTRAINT pk_inventory_reservation PRIMARY KEY (company_id, id), 
	CONSTRAINT uq_inventory_reservation_company_id_product_id_warehouse_id_lot_origin UNIQUE (company_id, product_id, warehouse_id, lot, origin), 
	CONSTRAINT fk_inventory_reservation_inventory_stock_item FOREIGN KEY(company_id, product_id, warehouse_id, lot) REFERENCES inventory_stock_item (company_id, product_id, warehouse_id, lot), 
	CONSTRAINT ck_inventory_reservation_positive CHECK (quantity > 0)
);
CREATE TABLE inventory_stock_count (
	company_id CHAR(32) NOT NULL, 
	id CHAR(32) NOT NULL, 
	version INTEGER NOT NULL, 
	warehouse_id CHAR(32) NOT NULL, 
	label VARCHAR(200) NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	started_at DATETIME, 
	started_by VARCHAR(64) NOT NULL, 
	ended_at DATETIME, 
	ended_by VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_inventory_stock_count PRIMARY KEY (company_id, id), 
	CONSTRAINT fk_inventory_stock_count_inventory_warehouse FOREIGN KEY(company_id, warehouse_id) REFERENCES inventory_warehouse (company_id, id)
);
CREATE TABLE inventory_stock_count_line (
	company_id CHAR(32) NOT NULL, 
	count_id CHAR(32) NOT NULL, 
	product_id CHAR(32) NOT NULL, 
	lot VARCHAR(64) NOT NULL, 
	version INTEGER NOT NULL, 
	expected BIGINT NOT NULL, 
	counted BIGINT, 
	on_hand_when_counted BIGINT, 
	counted_at DATETIME, 
	counted_by VARCHAR(64), 
	CONSTRAINT pk_inventory_stock_count_line PRIMARY KEY (company_id, count_id, product_id, lot), 
	CONSTRAINT fk_inventory_stock_count_line_inventory_stock_count FOREIGN KEY(company_id, count_id) REFERENCES inventory_stock_count (company_id, id), 
	CONSTRAINT fk_inventory_stock_count_line_catalog_product FOREIGN KEY(company_id, product_id) REFERENCES catalog_product (company_id, id), 
	CONSTRAINT ck_inventory_stock_count_line_counted_not_negative CHECK (counted >= 0)
);
CREATE TABLE inventory_stock_count_product (
	company_id CHAR(32) NOT NULL, 
	count_id CHAR(32) NOT NULL, 
	product_id CHAR(32) NOT NULL, 
	CONSTRAINT pk_inventory_stock_count_product PRIMARY KEY (company_id, count_id, product_id), 
	CONSTRAINT fk_inventory_stock_count_product_inventory_stock_count FOREIGN KEY(company_id, count_id) REFERENCES inventory_stock_count (company_id, id), 
	CONSTRAINT fk_inventory_stock_count_product_catalog_product FOREIGN KEY(company_id, product_id) REFERENCES catalog_product (company_id, id)
);
CREATE TABLE inventory_stock_item (
	company_id CHAR(32) NOT NULL, 
	product_id CHAR(32) NOT NULL, 
	warehouse_id CHAR(32) NOT NULL, 
	lot VARCHAR(64) NOT NULL, 
	version INTEGER NOT NULL, 
	on_hand BIGINT NOT NULL, 
	reserved BIGINT NOT NULL, 
	may_go_negative BOOLEAN NOT NULL, 
	CONSTRAINT pk_inventory_stock_item PRIMARY KEY (company_id, product_id, warehouse_id, lot), 
	CONSTRAINT fk_inventory_stock_item_catalog_product FOREIGN KEY(company_id, product_id) REFERENCES catalog_product (company_id, id), 
	CONSTRAINT fk_inventory_stock_item_inventory_warehouse FOREIGN KEY(company_id, warehouse_id) REFERENCES inventory_warehouse (company_id, id), 
	CONSTRAINT ck_inventory_stock_item_not_negative CHECK (on_hand >= 0 OR may_go_negative), 
	CONSTRAINT ck_inventory_stock_item_reserved_not_negative CHECK (reserved >= 0)
);
CREATE TABLE inventory_stock_movement (
	company_id CHAR(32) NOT NULL, 
	id CHAR(32) NOT NULL, 
	product_id CHAR(32) NOT NULL, 
	warehouse_id CHAR(32) NOT NULL, 
	lot VARCHAR(64) NOT NULL, 
	reason VARCHAR(16) NOT NULL, 
	quantity BIGINT NOT NULL, 
	unit_cost BIGINT, 
	on_hand_after BIGINT NOT NULL, 
	average_cost_after BIGINT, 
	currency VARCHAR(3), 
	label VARCHAR(200) NOT NULL, 
	origin VARCHAR(64) NOT NULL, 
	moved_at DATETIME NOT NULL, 
	moved_by VARCHAR(64) NOT NULL, reference_id CHAR(32), 
	CONSTRAINT pk_inventory_stock_movement PRIMARY KEY (company_id, id), 
	CONSTRAINT fk_inventory_stock_movement_inventory_stock_item FOREIGN KEY(company_id, product_id, warehouse_id, lot) REFERENCES inventory_stock_item (company_id, product_id, warehouse_id, lot)
);
CREATE TABLE inventory_stock_transfer (
	company_id CHAR(32) NOT NULL, 
	id CHAR(32) NOT NULL, 
	version INTEGER NOT NULL, 
	from_warehouse_id CHAR(32) NOT NULL, 
	to_warehouse_id CHAR(32) NOT NULL, 
	label VARCHAR(200) NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	dispatched_at DATETIME NOT NULL, 
	ended_at DATETIME, 
	reason VARCHAR(200) NOT NULL, 
	CONSTRAINT pk_inventory_stock_transfer PRIMARY KEY (company_id, id), 
	CONSTRAINT fk_inventory_stock_transfer_from_warehouse FOREIGN KEY(company_id, from_warehouse_id) REFERENCES inventory_warehouse (company_id, id), 
	CONSTRAINT fk_inventory_stock_transfer_to_warehouse FOREIGN KEY(company_id, to_warehouse_id) REFERENCES inventory_warehouse (company_id, id)
);
CREATE TABLE inventory_stock_transfer_line (
	company_id CHAR(32) NOT NULL, 
	id CHAR(32) NOT NULL, 
	transfer_id CHAR(32) NOT NULL, 
	position INTEGER NOT NULL, 
	product_id CHAR(32) NOT NULL, 
	lot VARCHAR(64) NOT NULL, 
	quantity BIGINT NOT NULL, 
	arrived BIGINT NOT NULL, 
	CONSTRAINT pk_inventory_stock_transfer_line PRIMARY KEY (company_id, id), 
	CONSTRAINT fk_inventory_stock_transfer_line_inventory_stock_transfer FOREIGN KEY(company_id, transfer_id) REFERENCES inventory_stock_transfer (company_id, id), 
	CONSTRAINT fk_inventory_stock_transfer_line_catalog_product FOREIGN KEY(company_id, product_id) REFERENCES catalog_product (company_id, id), 
	CONSTRAINT ck_inventory_stock_transfer_line_arrived CHECK (arrived >= 0 AND arrived <= quantity)
);
CREATE TABLE "inventory_valuation" (
	company_id CHAR(32) NOT NULL, 
	product_id CHAR(32) NOT NULL, 
	version INTEGER NOT NULL, 
	average_cost BIGINT, 
	currency VARCHAR(3), 
	CONSTRAINT pk_inventory_valuation PRIMARY KEY (company_id, product_id)
);
CREATE TABLE inventory_warehouse (
	company_id CHAR(32) NOT NULL, 
	id CHAR(32) NOT NULL, 
	version INTEGER NOT NULL, 
	code VARCHAR(32) NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	address VARCHAR(500) NOT NULL, 
	parent_id CHAR(32), 
	may_go_negative BOOLEAN NOT NULL, 
	state VARCHAR(16) NOT NULL, kind VARCHAR(16) DEFAULT 'storage' NOT NULL, 
	CONSTRAINT pk_inventory_warehouse PRIMARY KEY (company_id, id), 
	CONSTRAINT uq_inventory_warehouse_company_id_code UNIQUE (company_id, code), 
	CONSTRAINT fk_inventory_warehouse_inventory_warehouse FOREIGN KEY(company_id, parent_id) REFERENCES inventory_warehouse (company_id, id)
);
CREATE TABLE inventory_warehouse_tree (
	company_id CHAR(32) NOT NULL, 
	CONSTRAINT pk_inventory_warehouse_tree PRIMARY KEY (company_id)
);
CREATE TABLE invoicing_due_date (
	company_id CHAR(32) NOT NULL, 
	invoice_id CHAR(32) NOT NULL, 
	position INTEGER NOT NULL, 
	due_on DATE NOT NULL, 
	amount BIGINT NOT NULL, 
	CONSTRAINT pk_invoicing_due_date PRIMARY KEY (company_id, invoice_id, position), 
	CONSTRAINT fk_invoicing_due_date_invoicing_invoice FOREIGN KEY(company_id, invoice_id) REFERENCES invoicing_invoice (company_id, id)
);
CREATE TABLE invoicing_invoice (
	company_id CHAR(32) NOT NULL, 
	id CHAR(32) NOT NULL, 
	version INTEGER NOT NULL, 
	type VARCHAR(16) NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	number VARCHAR(64), 
	number_key VARCHAR(64) NOT NULL, 
	party_id CHAR(32) NOT NULL, 
	customer JSON, 
	day DATE NOT NULL, 
	payment_term_id CHAR(32), 
	reference VARCHAR(100) NOT NULL, 
	note VARCHAR(2000) NOT NULL, 
	reason VARCHAR(500) NOT NULL, 
	order_id CHAR(32), 
	quote_id CHAR(32), 
	credits_id CHAR(32), 
	replaces_id CHAR(32), 
	deposit_ids JSON NOT NULL, 
	reopens_order BOOLEAN NOT NULL, 
	currency VARCHAR(3) NOT NULL, 
	rounding VARCHAR(16) NOT NULL, 
	cash_step BIGINT, 
	discount_percent BIGINT NOT NULL, 
	discount_amount BIGINT, 
	net BIGINT NOT NULL, 
	total BIGINT NOT NULL, 
	withheld BIGINT NOT NULL, 
	cash_rounding BIGINT NOT NULL, 
	credited BIGINT NOT NULL, 
	settled BIGINT NOT NULL, 
	used BIGINT NOT NULL, 
	next_due_on DATE, 
	validated_at DATETIME, 
	abandoned_because VARCHAR(500) NOT NULL, abandoned_at DATETIME, 
	CONSTRAINT pk_invoicing_invoice PRIMARY KEY (company_id, id), 
	CONSTRAINT uq_invoicing_invoice_company_id_type_number UNIQUE (company_id, type, number), 
	CONSTRAINT fk_invoicing_invoice_parties_party FOREIGN KEY(company_id, party_id) REFERENCES parties_party (company_id, id), 
	CONSTRAINT fk_invoicing_invoice_parties_payment_term FOREIGN KEY(company_id, payment_term_id) REFERENCES parties_payment_term (company_id, id), 
	CONSTRAINT fk_invoicing_invoice_sales_order FOREIGN KEY(company_id, order_id) REFERENCES sales_order (company_id, id), 
	CONSTRAINT fk_invoicing_invoice_sales_quote FOREIGN KEY(company_id, quote_id) REFERENCES sales_quote (company_id, id), 
	CONSTRAINT fk_invoicing_invoice_credits FOREIGN KEY(company_id, credits_id) REFERENCES invoicing_invoice (company_id, id), 
	CONSTRAINT fk_invoicing_invoice_replaces FOREIGN KEY(company_id, replaces_id) REFERENCES invoicing_invoice (company_id, id), 
	CONSTRAINT ck_invoicing_invoice_settled CHECK (settled >= 0 AND used >= 0 AND used <= settled)
);
CREATE TABLE invoicing_line (
	company_id CHAR(32) NOT NULL, 
	id CHAR(32) NOT NULL, 
	invoice_id CHAR(32) NOT NULL, 
	position INTEGER NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	product_id CHAR(32), 
	description VARCHAR(2000) NOT NULL, 
	quantity BIGINT NOT NULL, 
	unit VARCHAR(16) NOT NULL, 
	unit_price BIGINT NOT NULL, 
	price_includes_tax BOOLEAN NOT NULL, 
	discount_percent BIGINT NOT NULL, 
	discount_amount BIGINT, 
	tax_class_id CHAR(32), 
	taxes JSON NOT NULL, 
	unit_cost BIGINT, 
	cost_currency VARCHAR(3), 
	net BIGINT NOT NULL, 
	total BIGINT NOT NULL, 
	order_line_id CHAR(32), 
	quote_line_id CHAR(32), 
	invoice_line_id CHAR(32), 
	goods BOOLEAN NOT NULL, 
	warehouse_id CHAR(32), 
	returns_stock BOOLEAN NOT NULL, 
	issued BIGINT NOT NULL, 
	credited BIGINT NOT NULL, 
	CONSTRAINT pk_invoicing_line PRIMARY KEY (company_id, id), 
	CONSTRAINT fk_invoicing_line_invoicing_invoice FOREIGN KEY(company_id, invoice_id) REFERENCES invoicing_invoice (company_id, id), 
	CONSTRAINT fk_invoicing_line_sales_order_line FOREIGN KEY(company_id, order_line_id) REFERENCES sales_order_line (company_id, id), 
	CONSTRAINT fk_invoicing_line_sales_quote_line FOREIGN KEY(company_id, quote_line_id) REFERENCES sales_quote_line (company_id, id), 
	CONSTRAINT fk_invoicing_line_invoicing_line FOREIGN KEY(company_id, invoice_line_id) REFERENCES invoicing_line (company_id, id), 
	CONSTRAINT fk_invoicing_line_inventory_warehouse FOREIGN KEY(company_id, warehouse_id) REFERENCES inventory_warehouse (company_id, id), 
	CONSTRAINT fk_invoicing_line_catalog_product FOREIGN KEY(company_id, product_id) REFERENCES catalog_product (company_id, id), 
	CONSTRAINT fk_invoicing_line_catalog_tax_class FOREIGN KEY(company_id, tax_class_id) REFERENCES catalog_tax_class (company_id, id), 
	CONSTRAINT ck_invoicing_line_credited CHECK ((credited >= 0 AND credited <= quantity) OR (credited <= 0 AND credited >= quantity))
);
CREATE TABLE invoicing_recurring (
	company_id CHAR(32) NOT NULL, 
	id CHAR(32) NOT NULL, 
	version INTEGER NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	name VARCHAR(100) NOT NULL, 
	party_id CHAR(32) NOT NULL, 
	currency VARCHAR(3) NOT NULL, 
	discount_percent BIGINT, 
	discount_amount BIGINT, 
	price_list_id CHAR(32), 
	payment_term_id CHAR(32), 
	reference VARCHAR(100) NOT NULL, 
	note VARCHAR(2000) NOT NULL, 
	frequency VARCHAR(16) NOT NULL, 
	every INTEGER NOT NULL, 
	start_on DATE NOT NULL, 
	position INTEGER NOT NULL, 
	ends_on DATE, 
	most INTEGER, 
	made INTEGER NOT NULL, 
	last_period_on DATE, 
	next_on DATE, 
	validates BOOLEAN NOT NULL, 
	sends BOOLEAN NOT NULL, 
	may_undercut BOOLEAN NOT NULL, 
	problem_code VARCHAR(100) NOT NULL, 
	problem_text VARCHAR(500) NOT NULL, 
	tried_at DATETIME NOT NULL, 
	CONSTRAINT pk_invoicing_recurring PRIMARY KEY (company_id, id), 
	CONSTRAINT fk_invoicing_recurring_parties_party FOREIGN KEY(company_id, party_id) REFERENCES parties_party (company_id, id), 
	CONSTRAINT fk_invoicing_recurring_parties_payment_term FOREIGN KEY(company_id, payment_term_id) REFERENCES parties_payment_term (company_id, id), 
	CONSTRAINT fk_invoicing_recurring_catalog_price_list FOREIGN KEY(company_id, price_list_id) REFERENCES catalog_price_list (company_id, id)
);
CREATE TABLE invoicing_recurring_line (
	company_id CHAR(32) NOT NULL, 
	id CHAR(32) NOT NULL, 
	recurring_id CHAR(32) NOT NULL, 
	position INTEGER NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	product_id CHAR(32), 
	description VARCHAR(2000) NOT NULL, 
	quantity BIGINT NOT NULL, 
	unit VARCHAR(16) NOT NULL, 
	unit_price BIGINT, 
	price_includes_tax BOOLEAN, 
	discount_percent BIGINT NOT NULL, 
	discount_amount BIGINT, 
	tax_class_id CHAR(32), 
	warehouse_id CHAR(32), 
	CONSTRAINT pk_invoicing_recurring_line PRIMARY KEY (company_id, id), 
	CONSTRAINT fk_invoicing_recurring_line_invoicing_recurring FOREIGN KEY(company_id, recurring_id) REFERENCES invoicing_recurring (company_id, id), 
	CONSTRAINT fk_invoicing_recurring_line_inventory_warehouse FOREIGN KEY(company_id, warehouse_id) REFERENCES inventory_warehouse (company_id, id), 
	CONSTRAINT fk_invoicing_recurring_line_catalog_product FOREIGN KEY(company_id, product_id) REFERENCES catalog_product (company_id, id), 
	CONSTRAINT fk_invoicing_recurring_line_catalog_tax_class FOREIGN KEY(company_id, tax_class_id) REFERENCES catalog_tax_class (company_id, id)
);
CREATE TABLE invoicing_recurring_period (
	company_id CHAR(32) NOT NULL, 
	recurring_id CHAR(32) NOT NULL, 
	period_on DATE NOT NULL, 
	invoice_id CHAR(32) NOT NULL, 
	CONSTRAINT pk_invoicing_recurring_period PRIMARY KEY (company_id, recurring_id, period_on), 
	CONSTRAINT fk_invoicing_recurring_period_invoicing_recurring FOREIGN KEY(company_id, recurring_id) REFERENCES invoicing_recurring (company_id, id)
);
CREATE TABLE invoicing_settlement (
	company_id CHAR(32) NOT NULL, 
	id CHAR(32) NOT NULL, 
	invoice_id CHAR(32) NOT NULL, 
	source VARCHAR(16) NOT NULL, 
	source_id CHAR(32) NOT NULL, 
	amount BIGINT NOT NULL, 
	currency VARCHAR(3) NOT NULL, 
	settled_on DATE NOT NULL, 
	reversed_at DATETIME, 
	CONSTRAINT pk_invoicing_settlement PRIMARY KEY (company_id, id), 
	CONSTRAINT fk_invoicing_settlement_invoicing_invoice FOREIGN KEY(company_id, invoice_id) REFERENCES invoicing_invoice (company_id, id), 
	CONSTRAINT ck_invoicing_settlement_amount CHECK (amount > 0)
);
CREATE TABLE invoicing_tax (
	company_id CHAR(32) NOT NULL, 
	invoice_id CHAR(32) NOT NULL, 
	position INTEGER NOT NULL, 
	name VARCHAR(60) NOT NULL, 
	rate BIGINT NOT NULL, 
	withheld BOOLEAN NOT NULL, 
	base BIGINT NOT NULL, 
	amount BIGINT NOT NULL, 
	CONSTRAINT pk_invoicing_tax PRIMARY KEY (company_id, invoice_id, position), 
	CONSTRAINT fk_invoicing_tax_invoicing_invoice FOREIGN KEY(company_id, invoice_id) REFERENCES invoicing_invoice (company_id, id)
);
CREATE TABLE outbox (
	id CHAR(32) NOT NULL, 
	company_id CHAR(32) NOT NULL, 
	name VARCHAR(64) NOT NULL, 
	payload JSON NOT NULL, "by" VARCHAR(64) DEFAULT '' NOT NULL, request_id VARCHAR(64) DEFAULT '' NOT NULL, trace_id VARCHAR(32) DEFAULT '' NOT NULL, attempts INTEGER DEFAULT '0' NOT NULL, next_attempt_at DATETIME, given_up_at DATETIME, problem VARCHAR(500) DEFAULT '' NOT NULL, 
	CONSTRAINT pk_outbox PRIMARY KEY (id)
);
CREATE TABLE parties_party (
	company_id CHAR(32) NOT NULL, 
	id CHAR(32) NOT NULL, 
	version INTEGER NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	name_key VARCHAR(200) NOT NULL, 
	trade_name VARCHAR(200) NOT NULL, 
	is_customer BOOLEAN NOT NULL, 
	is_supplier BOOLEAN NOT NULL, 
	is_prospect BOOLEAN NOT NULL, 
	code VARCHAR(32) NOT NULL, 
	customer_code VARCHAR(32), 
	supplier_code VARCHAR(32), 
	prospect_code VARCHAR(32), 
	tax_ids JSON NOT NULL, 
	addresses JSON NOT NULL, 
	contacts JSON NOT NULL, 
	emails JSON NOT NULL, 
	phones JSON NOT NULL, 
	site VARCHAR(200) NOT NULL, 
	language VARCHAR(35), 
	currency VARCHAR(3), 
	payment_term_id CHAR(32), 
	price_level INTEGER, 
	discount_percent BIGINT NOT NULL, 
	credit_limit BIGINT, 
	credit_currency VARCHAR(3), 
	representative_id CHAR(32), 
	bank_accounts JSON NOT NULL, 
	tags JSON NOT NULL, 
	notes TEXT NOT NULL, 
	custom_fields JSON NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	merged_into_id CHAR(32), 
	CONSTRAINT pk_parties_party PRIMARY KEY (company_id, id), 
	CONSTRAINT uq_parties_party_company_id_customer_code UNIQUE (company_id, customer_code), 
	CONSTRAINT uq_parties_party_company_id_supplier_code UNIQUE (company_id, supplier_code), 
	CONSTRAINT uq_parties_party_company_id_prospect_code UNIQUE (company_id, prospect_code), 
	CONSTRAINT fk_parties_party_parties_payment_term FOREIGN KEY(company_id, payment_term_id) REFERENCES parties_payment_term (company_id, id), 
	CONSTRAINT fk_parties_party_parties_party FOREIGN KEY(company_id, merged_into_id) REFERENCES parties_party (company_id, id)
);
CREATE TABLE parties_party_code (
	company_id CHAR(32) NOT NULL, 
	series VARCHAR(8) NOT NULL, 
	last INTEGER NOT NULL, 
	CONSTRAINT pk_parties_party_code PRIMARY KEY (company_id, series)
);
CREATE TABLE parties_party_tax_id (
	company_id CHAR(32) NOT NULL, 
	country VARCHAR(2) NOT NULL, 
	kind VARCHAR(8) NOT NULL, 
	number VARCHAR(32) NOT NULL, 
	party_id CHAR(32) NOT NULL, 
	CONSTRAINT pk_parties_party_tax_id PRIMARY KEY (company_id, country, kind, number), 
	CONSTRAINT fk_parties_party_tax_id_parties_party FOREIGN KEY(company_id, party_id) REFERENCES parties_party (company_id, id)
);
CREATE TABLE parties_party_word (
	company_id CHAR(32) NOT NULL, 
	word VARCHAR(40) NOT NULL, 
	party_id CHAR(32) NOT NULL, 
	CONSTRAINT pk_parties_party_word PRIMARY KEY (company_id, word, party_id), 
	CONSTRAINT fk_parties_party_word_parties_party FOREIGN KEY(company_id, party_id) REFERENCES parties_party (company_id, id)
);
CREATE TABLE parties_payment_term (
	company_id CHAR(32) NOT NULL, 
	id CHAR(32) NOT NULL, 
	version INTEGER NOT NULL, 
	name VARCHAR(100) NOT NULL, 
	name_key VARCHAR(200) NOT NULL, 
	instalments JSON NOT NULL, 
	deposit_percent BIGINT, 
	state VARCHAR(16) NOT NULL, 
	CONSTRAINT pk_parties_payment_term PRIMARY KEY (company_id, id), 
	CONSTRAINT uq_parties_payment_term_company_id_name UNIQUE (company_id, name)
);
CREATE TABLE sales_order (
	company_id CHAR(32) NOT NULL, 
	id CHAR(32) NOT NULL, 
	version INTEGER NOT NULL, 
	number VARCHAR(64), 
	number_key VARCHAR(64) NOT NULL, 
	party_id CHAR(32) NOT NULL, 
	day DATE NOT NULL, 
	currency VARCHAR(3) NOT NULL, 
	rounding VARCHAR(16) NOT NULL, 
	cash_step BIGINT, 
	discount_percent BIGINT NOT NULL, 
	discount_amount BIGINT, 
	net BIGINT NOT NULL, 
	total BIGINT NOT NULL, 
	withheld BIGINT NOT NULL, 
	cash_rounding BIGINT NOT NULL, 
	reference VARCHAR(100) NOT NULL, 
	note VARCHAR(2000) NOT NULL, 
	payment_term_id CHAR(32), 
	state VARCHAR(16) NOT NULL, 
	customer JSON, 
	reason VARCHAR(200) NOT NULL, 
	quote_id CHAR(32), 
	deliver_on DATE, 
	invoiced VARCHAR(16) NOT NULL, 
	to_invoice BIGINT NOT NULL, 
	stock_leaves_at VARCHAR(16), 
	confirmed_at DATETIME, 
	cancelled_at DATETIME, 
	CONSTRAINT pk_sales_order PRIMARY KEY (company_id, id), 
	CONSTRAINT uq_sales_order_company_id_number UNIQUE (company_id, number), 
	CONSTRAINT fk_sales_order_parties_party FOREIGN KEY(company_id, party_id) REFERENCES parties_party (company_id, id), 
	CONSTRAINT fk_sales_order_parties_payment_term FOREIGN KEY(company_id, payment_term_id) REFERENCES parties_payment_term (company_id, id), 
	CONSTRAINT fk_sales_order_sales_quote FOREIGN KEY(company_id, quote_id) REFERENCES sales_quote (company_id, id)
);
CREATE TABLE sales_order_line (
	company_id CHAR(32) NOT NULL, 
	id CHAR(32) NOT NULL, 
	order_id CHAR(32) NOT NULL, 
	position INTEGER NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	product_id CHAR(32), 
	description VARCHAR(2000) NOT NULL, 
	quantity BIGINT NOT NULL, 
	unit VARCHAR(16) NOT NULL, 
	unit_price BIGINT NOT NULL, 
	price_includes_tax BOOLEAN NOT NULL, 
	discount_percent BIGINT NOT NULL, 
	discount_amount BIGINT, 
	tax_class_id CHAR(32), 
	taxes JSON NOT NULL, 
	unit_cost BIGINT, 
	cost_currency VARCHAR(3), 
	net BIGINT NOT NULL, 
	total BIGINT NOT NULL, 
	goods BOOLEAN NOT NULL, 
	warehouse_id CHAR(32), 
	quote_line_id CHAR(32), 
	issued BIGINT NOT NULL, 
	shipped BIGINT NOT NULL, 
	invoiced BIGINT NOT NULL, 
	CONSTRAINT pk_sales_order_line PRIMARY KEY (company_id, id), 
	CONSTRAINT fk_sales_order_line_sales_order FOREIGN KEY(company_id, order_id) REFERENCES sales_order (company_id, id), 
	CONSTRAINT fk_sales_order_line_sales_quote_line FOREIGN KEY(company_id, quote_line_id) REFERENCES sales_quote_line (company_id, id), 
	CONSTRAINT fk_sales_order_line_inventory_warehouse FOREIGN KEY(company_id, warehouse_id) REFERENCES inventory_warehouse (company_id, id), 
	CONSTRAINT fk_sales_order_line_catalog_product FOREIGN KEY(company_id, product_id) REFERENCES catalog_product (company_id, id), 
	CONSTRAINT fk_sales_order_line_catalog_tax_class FOREIGN KEY(company_id, tax_class_id) REFERENCES catalog_tax_class (company_id, id), 
	CONSTRAINT ck_sales_order_line_progress CHECK (issued >= 0 AND issued <= quantity AND shipped >= 0 AND shipped <= quantity AND invoiced >= 0 AND invoiced <= quantity)
);
CREATE TABLE sales_quote (
	company_id CHAR(32) NOT NULL, 
	id CHAR(32) NOT NULL, 
	version INTEGER NOT NULL, 
	number VARCHAR(64), 
	number_key VARCHAR(64) NOT NULL, 
	party_id CHAR(32) NOT NULL, 
	day DATE NOT NULL, 
	currency VARCHAR(3) NOT NULL, 
	rounding VARCHAR(16) NOT NULL, 
	cash_step BIGINT, 
	discount_percent BIGINT NOT NULL, 
	discount_amount BIGINT, 
	net BIGINT NOT NULL, 
	total BIGINT NOT NULL, 
	withheld BIGINT NOT NULL, 
	cash_rounding BIGINT NOT NULL, 
	reference VARCHAR(100) NOT NULL, 
	note VARCHAR(2000) NOT NULL, 
	payment_term_id CHAR(32), 
	state VARCHAR(16) NOT NULL, 
	customer JSON, 
	reason VARCHAR(200) NOT NULL, 
	valid_until DATE, 
	sent_at DATETIME, 
	answered_at DATETIME, 
	CONSTRAINT pk_sales_quote PRIMARY KEY (company_id, id), 
	CONSTRAINT uq_sales_quote_company_id_number UNIQUE (company_id, number), 
	CONSTRAINT fk_sales_quote_parties_party FOREIGN KEY(company_id, party_id) REFERENCES parties_party (company_id, id), 
	CONSTRAINT fk_sales_quote_parties_payment_term FOREIGN KEY(company_id, payment_term_id) REFERENCES parties_payment_term (company_id, id)
);
CREATE TABLE sales_quote_line (
	company_id CHAR(32) NOT NULL, 
	id CHAR(32) NOT NULL, 
	quote_id CHAR(32) NOT NULL, 
	position INTEGER NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	product_id CHAR(32), 
	description VARCHAR(2000) NOT NULL, 
	quantity BIGINT NOT NULL, 
	unit VARCHAR(16) NOT NULL, 
	unit_price BIGINT NOT NULL, 
	price_includes_tax BOOLEAN NOT NULL, 
	discount_percent BIGINT NOT NULL, 
	discount_amount BIGINT, 
	tax_class_id CHAR(32), 
	taxes JSON NOT NULL, 
	unit_cost BIGINT, 
	cost_currency VARCHAR(3), 
	net BIGINT NOT NULL, 
	total BIGINT NOT NULL, 
	goods BOOLEAN NOT NULL, 
	warehouse_id CHAR(32), 
	ordered BIGINT NOT NULL, 
	billed BIGINT NOT NULL, 
	order_billed BIGINT NOT NULL, 
	CONSTRAINT pk_sales_quote_line PRIMARY KEY (company_id, id), 
	CONSTRAINT fk_sales_quote_line_sales_quote FOREIGN KEY(company_id, quote_id) REFERENCES sales_quote (company_id, id), 
	CONSTRAINT fk_sales_quote_line_inventory_warehouse FOREIGN KEY(company_id, warehouse_id) REFERENCES inventory_warehouse (company_id, id), 
	CONSTRAINT fk_sales_quote_line_catalog_product FOREIGN KEY(company_id, product_id) REFERENCES catalog_product (company_id, id), 
	CONSTRAINT fk_sales_quote_line_catalog_tax_class FOREIGN KEY(company_id, tax_class_id) REFERENCES catalog_tax_class (company_id, id), 
	CONSTRAINT ck_sales_quote_line_progress CHECK (order_billed >= 0 AND order_billed <= ordered AND billed >= 0 AND ordered + billed <= quantity)
);
CREATE TABLE sales_shipment (
	company_id CHAR(32) NOT NULL, 
	id CHAR(32) NOT NULL, 
	version INTEGER NOT NULL, 
	number VARCHAR(64), 
	number_key VARCHAR(64) NOT NULL, 
	order_id CHAR(32) NOT NULL, 
	party_id CHAR(32) NOT NULL, 
	warehouse_id CHAR(32) NOT NULL, 
	day DATE NOT NULL, 
	carrier VARCHAR(100) NOT NULL, 
	tracking_number VARCHAR(100) NOT NULL, 
	note VARCHAR(2000) NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	customer JSON, 
	validated_at DATETIME, 
	delivered_at DATETIME, 
	cancelled_at DATETIME, 
	reason VARCHAR(200) NOT NULL, 
	CONSTRAINT pk_sales_shipment PRIMARY KEY (company_id, id), 
	CONSTRAINT uq_sales_shipment_company_id_number UNIQUE (company_id, number), 
	CONSTRAINT fk_sales_shipment_sales_order FOREIGN KEY(company_id, order_id) REFERENCES sales_order (company_id, id), 
	CONSTRAINT fk_sales_shipment_parties_party FOREIGN KEY(company_id, party_id) REFERENCES parties_party (company_id, id), 
	CONSTRAINT fk_sales_shipment_inventory_warehouse FOREIGN KEY(company_id, warehouse_id) REFERENCES inventory_warehouse (company_id, id)
);
CREATE TABLE sales_shipment_line (
	company_id CHAR(32) NOT NULL, 
	id CHAR(32) NOT NULL, 
	shipment_id CHAR(32) NOT NULL, 
	position INTEGER NOT NULL, 
	order_line_id CHAR(32) NOT NULL, 
	product_id CHAR(32) NOT NULL, 
	description VARCHAR(2000) NOT NULL, 
	unit VARCHAR(16) NOT NULL, 
	quantity BIGINT NOT NULL, 
	CONSTRAINT pk_sales_shipment_line PRIMARY KEY (company_id, id), 
	CONSTRAINT uq_sales_shipment_line_company_id_shipment_id_order_line_id UNIQUE (company_id, shipment_id, order_line_id), 
	CONSTRAINT fk_sales_shipment_line_sales_shipment FOREIGN KEY(company_id, shipment_id) REFERENCES sales_shipment (company_id, id), 
	CONSTRAINT fk_sales_shipment_line_sales_order_line FOREIGN KEY(company_id, order_line_id) REFERENCES sales_order_line (company_id, id), 
	CONSTRAINT fk_sales_shipment_line_catalog_product FOREIGN KEY(company_id, product_id) REFERENCES catalog_product (company_id, id), 
	CONSTRAINT ck_sales_shipment_line_quantity CHECK (quantity > 0)
);
CREATE TABLE sales_shipment_lot (
	company_id CHAR(32) NOT NULL, 
	shipment_id CHAR(32) NOT NULL, 
	line_id CHAR(32) NOT NULL, 
	lot VARCHAR(64) NOT NULL, 
	position INTEGER NOT NULL, 
	quantity BIGINT NOT NULL, 
	CONSTRAINT pk_sales_shipment_lot PRIMARY KEY (company_id, shipment_id, line_id, lot), 
	CONSTRAINT fk_sales_shipment_lot_sales_shipment_line FOREIGN KEY(company_id, line_id) REFERENCES sales_shipment_line (company_id, id), 
	CONSTRAINT ck_sales_shipment_lot_quantity CHECK (quantity > 0)
);
CREATE TABLE treasury_bank_account (
	company_id CHAR(32) NOT NULL, 
	id CHAR(32) NOT NULL, 
	version INTEGER NOT NULL, 
	name VARCHAR(100) NOT NULL, 
	name_key VARCHAR(200) NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	currency VARCHAR(3) NOT NULL, 
	opening_balance BIGINT NOT NULL, 
	iban VARCHAR(34) NOT NULL, 
	bank VARCHAR(100) NOT NULL, 
	agency VARCHAR(20) NOT NULL, 
	account VARCHAR(40) NOT NULL, 
	CONSTRAINT pk_treasury_bank_account PRIMARY KEY (company_id, id), 
	CONSTRAINT uq_treasury_bank_account_company_id_name UNIQUE (company_id, name)
);
CREATE TABLE treasury_payment (
	company_id CHAR(32) NOT NULL, 
	id CHAR(32) NOT NULL, 
	version INTEGER NOT NULL, 
	number VARCHAR(64) NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	direction VARCHAR(8) NOT NULL, 
	party_id CHAR(32) NOT NULL, 
	bank_account_id CHAR(32), 
	day DATE NOT NULL, 
	method VARCHAR(32) NOT NULL, 
	amount BIGINT NOT NULL, 
	currency VARCHAR(3) NOT NULL, 
	unallocated BIGINT NOT NULL, 
	reference VARCHAR(100) NOT NULL, 
	note VARCHAR(2000) NOT NULL, 
	reconciled_at DATETIME, 
	reversed_at DATETIME, 
	reversed_because VARCHAR(500) NOT NULL, 
	CONSTRAINT pk_treasury_payment PRIMARY KEY (company_id, id), 
	CONSTRAINT uq_treasury_payment_company_id_number UNIQUE (company_id, number), 
	CONSTRAINT fk_treasury_payment_parties_party FOREIGN KEY(company_id, party_id) REFERENCES parties_party (company_id, id), 
	CONSTRAINT fk_treasury_payment_treasury_bank_account FOREIGN KEY(company_id, bank_account_id) REFERENCES treasury_bank_account (company_id, id), 
	CONSTRAINT ck_treasury_payment_amount CHECK (amount > 0 AND unallocated >= 0 AND unallocated <= amount)
);
CREATE INDEX ix_audit_record_company_id_action_id ON audit_record (company_id, action, id);
CREATE INDEX ix_catalog_price_entry_company_id_product_id ON catalog_price_entry (company_id, product_id);
CREATE INDEX ix_catalog_price_list_company_id_level_id ON catalog_price_list (company_id, level, id);
CREATE INDEX ix_catalog_price_list_company_id_name_id ON catalog_price_list (company_id, name, id);
CREATE INDEX ix_catalog_price_list_company_id_party_id_id ON catalog_price_list (company_id, party_id, id);
CREATE INDEX ix_catalog_product_company_id_name_id ON catalog_product (company_id, name, id);
CREATE INDEX ix_catalog_tax_class_company_id_name_id ON catalog_tax_class (company_id, name, id);
CREATE INDEX ix_documents_job_claimed_by ON documents_job (claimed_by);
CREATE INDEX ix_documents_job_company_id_lane_turn_at_due_at ON documents_job (company_id, lane, turn_at, due_at);
CREATE INDEX ix_documents_job_company_id_state_id ON documents_job (company_id, state, id);
CREATE INDEX ix_documents_job_lane_turn_at_due_at ON documents_job (lane, turn_at, due_at);
CREATE INDEX ix_documents_job_state_created_at ON documents_job (state, created_at);
CREATE INDEX ix_documents_job_state_ended_at ON documents_job (state, ended_at);
CREATE INDEX ix_documents_mail_content_created_at ON documents_mail_content (created_at);
CREATE INDEX ix_documents_mail_message_company_id_cause_id_id ON documents_mail_message (company_id, cause_id, id);
CREATE INDEX ix_documents_mail_message_company_id_state_id ON documents_mail_message (company_id, state, id);
CREATE INDEX ix_documents_printout_company_id_digest ON documents_printout (company_id, digest);
CREATE INDEX ix_idempotency_claimed_at ON idempotency (claimed_at);
CREATE INDEX ix_identity_api_key_company_id_name_id ON identity_api_key (company_id, name, id);
CREATE INDEX ix_identity_refresh_token_company_id_family_id ON identity_refresh_token (company_id, family_id);
CREATE INDEX ix_identity_refresh_token_company_id_user_id ON identity_refresh_token (company_id, user_id);
CREATE INDEX ix_identity_refresh_token_expires_at ON identity_refresh_token (expires_at);
CREATE INDEX ix_identity_sign_in_attempts_last_at ON identity_sign_in_attempts (last_at);
CREATE INDEX ix_identity_user_company_id_login_id ON identity_user (company_id, login, id);
CREATE INDEX ix_identity_user_company_id_name_id ON identity_user (company_id, name, id);
CREATE INDEX ix_inventory_lot_company_id_expires_on_id ON inventory_lot (company_id, expires_on, id);
CREATE INDEX ix_inventory_lot_company_id_number_id ON inventory_lot (company_id, number, id);
CREATE INDEX ix_inventory_reservation_company_id_origin_id ON inventory_reservation (company_id, origin, id);
CREATE INDEX ix_inventory_stock_count_company_id_warehouse_id_state ON inventory_stock_count (company_id, warehouse_id, state);
CREATE INDEX ix_inventory_stock_count_line_company_id_product_id ON inventory_stock_count_line (company_id, product_id);
CREATE INDEX ix_inventory_stock_count_product_company_id_product_id ON inventory_stock_count_product (company_id, product_id);
CREATE INDEX ix_inventory_stock_item_company_id_product_id_lot_warehouse_id ON inventory_stock_item (company_id, product_id, lot, warehouse_id);
CREATE INDEX ix_inventory_stock_item_company_id_warehouse_id ON inventory_stock_item (company_id, warehouse_id);
CREATE INDEX ix_inventory_stock_movement_company_id_origin_id ON inventory_stock_movement (company_id, origin, id);
CREATE INDEX ix_inventory_stock_movement_company_id_reference_id_id ON inventory_stock_movement (company_id, reference_id, id);
CREATE INDEX ix_inventory_stock_movement_of_product ON inventory_stock_movement (company_id, product_id, moved_at, id, reason, quantity, average_cost_after);
CREATE INDEX ix_inventory_stock_movement_of_reason ON inventory_stock_movement (company_id, reason, moved_at, product_id, quantity, unit_cost, currency);
CREATE INDEX ix_inventory_stock_movement_of_row ON inventory_stock_movement (company_id, product_id, warehouse_id, lot, moved_at, quantity);
CREATE INDEX ix_inventory_stock_movement_of_time ON inventory_stock_movement (company_id, moved_at, id);
CREATE INDEX ix_inventory_stock_transfer_company_id_from_warehouse_id_id ON inventory_stock_transfer (company_id, from_warehouse_id, id);
CREATE INDEX ix_inventory_stock_transfer_company_id_state_id ON inventory_stock_transfer (company_id, state, id);
CREATE INDEX ix_inventory_stock_transfer_company_id_to_warehouse_id_id ON inventory_stock_transfer (company_id, to_warehouse_id, id);
CREATE INDEX ix_inventory_stock_transfer_line_company_id_product_id ON inventory_stock_transfer_line (company_id, product_id);
CREATE INDEX ix_inventory_stock_transfer_line_company_id_transfer_id_position ON inventory_stock_transfer_line (company_id, transfer_id, position);
CREATE INDEX ix_inventory_warehouse_company_id_name_id ON inventory_warehouse (company_id, name, id);
CREATE INDEX ix_inventory_warehouse_company_id_parent_id_id ON inventory_warehouse (company_id, parent_id, id);
CREATE INDEX ix_invoicing_invoice_company_id_credits_id ON invoicing_invoice (company_id, credits_id);
CREATE INDEX ix_invoicing_invoice_company_id_day_id ON invoicing_invoice (company_id, day, id);
CREATE INDEX ix_invoicing_invoice_company_id_number_key_id ON invoicing_invoice (company_id, number_key, id);
CREATE INDEX ix_invoicing_invoice_company_id_order_id ON invoicing_invoice (company_id, order_id);
CREATE INDEX ix_invoicing_invoice_company_id_party_id_state_next_due_on ON invoicing_invoice (company_id, party_id, state, next_due_on);
CREATE INDEX ix_invoicing_invoice_company_id_quote_id ON invoicing_invoice (company_id, quote_id);
CREATE INDEX ix_invoicing_invoice_company_id_replaces_id ON invoicing_invoice (company_id, replaces_id);
CREATE INDEX ix_invoicing_invoice_company_id_state_next_due_on ON invoicing_invoice (company_id, state, next_due_on);
CREATE INDEX ix_invoicing_invoice_company_id_validated_at ON invoicing_invoice (company_id, validated_at);
CREATE INDEX ix_invoicing_line_company_id_invoice_id_position ON invoicing_line (company_id, invoice_id, position);
CREATE INDEX ix_invoicing_line_company_id_invoice_line_id ON invoicing_line (company_id, invoice_line_id);
CREATE INDEX ix_invoicing_line_company_id_order_line_id ON invoicing_line (company_id, order_line_id);
CREATE INDEX ix_invoicing_line_company_id_product_id ON invoicing_line (company_id, product_id);
CREATE INDEX ix_invoicing_line_company_id_quote_line_id ON invoicing_line (company_id, quote_line_id);
CREATE INDEX ix_invoicing_recurring_company_id_name_id ON invoicing_recurring (company_id, name, id);
CREATE INDEX ix_invoicing_recurring_company_id_party_id ON invoicing_recurring (company_id, party_id);
CREATE INDEX ix_invoicing_recurring_company_id_state_next_on ON invoicing_recurring (company_id, state, next_on);
CREATE INDEX ix_invoicing_recurring_line_company_id_product_id ON invoicing_recurring_line (company_id, product_id);
CREATE INDEX ix_invoicing_recurring_line_company_id_recurring_id_position ON invoicing_recurring_line (company_id, recurring_id, position);
CREATE INDEX ix_invoicing_recurring_period_company_id_invoice_id ON invoicing_recurring_period (company_id, invoice_id);
CREATE INDEX ix_invoicing_settlement_company_id_invoice_id_id ON invoicing_settlement (company_id, invoice_id, id);
CREATE INDEX ix_invoicing_settlement_company_id_reversed_at ON invoicing_settlement (company_id, reversed_at);
CREATE INDEX ix_invoicing_settlement_company_id_settled_on ON invoicing_settlement (company_id, settled_on);
CREATE INDEX ix_invoicing_settlement_company_id_source_id_source_id ON invoicing_settlement (company_id, source_id, source, id);
CREATE INDEX ix_parties_party_company_id_code_id ON parties_party (company_id, code, id);
CREATE INDEX ix_parties_party_company_id_name_key_id ON parties_party (company_id, name_key, id);
CREATE INDEX ix_parties_party_tax_id_company_id_party_id ON parties_party_tax_id (company_id, party_id);
CREATE INDEX ix_parties_party_word_company_id_party_id ON parties_party_word (company_id, party_id);
CREATE INDEX ix_parties_payment_term_company_id_name_key_id ON parties_payment_term (company_id, name_key, id);
CREATE INDEX ix_sales_order_company_id_day_id ON sales_order (company_id, day, id);
CREATE INDEX ix_sales_order_company_id_number_key_id ON sales_order (company_id, number_key, id);
CREATE INDEX ix_sales_order_company_id_party_id_id ON sales_order (company_id, party_id, id);
CREATE INDEX ix_sales_order_company_id_party_id_to_invoice ON sales_order (company_id, party_id, to_invoice);
CREATE INDEX ix_sales_order_company_id_quote_id_id ON sales_order (company_id, quote_id, id);
CREATE INDEX ix_sales_order_company_id_state_id ON sales_order (company_id, state, id);
CREATE INDEX ix_sales_order_line_company_id_order_id_position ON sales_order_line (company_id, order_id, position);
CREATE INDEX ix_sales_order_line_company_id_product_id ON sales_order_line (company_id, product_id);
CREATE INDEX ix_sales_order_line_company_id_quote_line_id ON sales_order_line (company_id, quote_line_id);
CREATE INDEX ix_sales_quote_company_id_day_id ON sales_quote (company_id, day, id);
CREATE INDEX ix_sales_quote_company_id_number_key_id ON sales_quote (company_id, number_key, id);
CREATE INDEX ix_sales_quote_company_id_party_id_id ON sales_quote (company_id, party_id, id);
CREATE INDEX ix_sales_quote_company_id_state_valid_until ON sales_quote (company_id, state, valid_until);
CREATE INDEX ix_sales_quote_line_company_id_product_id ON sales_quote_line (company_id, product_id);
CREATE INDEX ix_sales_quote_line_company_id_quote_id_position ON sales_quote_line (company_id, quote_id, position);
CREATE INDEX ix_sales_shipment_company_id_day_id ON sales_shipment (company_id, day, id);
CREATE INDEX ix_sales_shipment_company_id_number_key_id ON sales_shipment (company_id, number_key, id);
CREATE INDEX ix_sales_shipment_company_id_order_id_id ON sales_shipment (company_id, order_id, id);
CREATE INDEX ix_sales_shipment_company_id_party_id_id ON sales_shipment (company_id, party_id, id);
CREATE INDEX ix_sales_shipment_company_id_state_id ON sales_shipment (company_id, state, id);
CREATE INDEX ix_sales_shipment_company_id_warehouse_id_id ON sales_shipment (company_id, warehouse_id, id);
CREATE INDEX ix_sales_shipment_line_company_id_order_line_id ON sales_shipment_line (company_id, order_line_id);
CREATE INDEX ix_sales_shipment_line_company_id_product_id ON sales_shipment_line (company_id, product_id);
CREATE INDEX ix_sales_shipment_line_company_id_shipment_id_position ON sales_shipment_line (company_id, shipment_id, position);
CREATE INDEX ix_sales_shipment_lot_company_id_line_id ON sales_shipment_lot (company_id, line_id);
CREATE INDEX ix_treasury_bank_account_company_id_name_key_id ON treasury_bank_account (company_id, name_key, id);
CREATE INDEX ix_treasury_payment_company_id_bank_account_id_day ON treasury_payment (company_id, bank_account_id, day);
CREATE INDEX ix_treasury_payment_company_id_day_id ON treasury_payment (company_id, day, id);
CREATE INDEX ix_treasury_payment_company_id_party_id_day_id ON treasury_payment (company_id, party_id, day, id);
CREATE INDEX ix_treasury_payment_company_id_party_id_unallocated ON treasury_payment (company_id, party_id, unallocated);
CREATE INDEX ix_treasury_payment_company_id_unallocated ON treasury_payment (company_id, unallocated);
