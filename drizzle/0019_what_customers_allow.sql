CREATE TABLE "consents" (
	"id" uuid PRIMARY KEY NOT NULL,
	"customer_id" uuid NOT NULL,
	"channel" text NOT NULL,
	"purpose" text NOT NULL,
	"state" text NOT NULL,
	"source" text NOT NULL,
	"evidence" text,
	"renewal_id" text,
	"recorded_by" text,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "inbound_messages" (
	"id" text PRIMARY KEY NOT NULL,
	"provider" text NOT NULL,
	"sender" text NOT NULL,
	"recipient" text NOT NULL,
	"body" text NOT NULL,
	"meaning" text NOT NULL,
	"certain" boolean NOT NULL,
	"received_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "inbound_senders" (
	"message_id" text NOT NULL,
	"customer_id" uuid NOT NULL,
	CONSTRAINT "inbound_senders_message_id_customer_id_pk" PRIMARY KEY("message_id","customer_id")
);
--> statement-breakpoint
ALTER TABLE "customers" ADD COLUMN "sms_notice_consent" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "customers" ADD COLUMN "email_notice_consent" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "consents" ADD CONSTRAINT "consents_customer_id_customers_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "consents" ADD CONSTRAINT "consents_renewal_id_renewals_id_fk" FOREIGN KEY ("renewal_id") REFERENCES "public"."renewals"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "consents" ADD CONSTRAINT "consents_recorded_by_staff_id_fk" FOREIGN KEY ("recorded_by") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "inbound_senders" ADD CONSTRAINT "inbound_senders_message_id_inbound_messages_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."inbound_messages"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "inbound_senders" ADD CONSTRAINT "inbound_senders_customer_id_customers_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "consents_by_customer" ON "consents" USING btree ("customer_id","channel","purpose","at");--> statement-breakpoint
CREATE INDEX "inbound_senders_by_customer" ON "inbound_senders" USING btree ("customer_id");--> statement-breakpoint
CREATE INDEX "customers_by_phone" ON "customers" USING btree ("phone") WHERE "customers"."phone" is not null;--> statement-breakpoint
-- What a list said was asked for reminders and for the confirmation alike.
UPDATE "customers" SET "sms_notice_consent" = "sms_consent", "email_notice_consent" = "email_consent" WHERE "sms_consent" OR "email_consent";--> statement-breakpoint
INSERT INTO "consents" ("id", "customer_id", "channel", "purpose", "state", "source", "evidence", "at")
SELECT gen_random_uuid(), c."id", said.channel, purpose, 'given', 'list', 'before-history', coalesce(business_now(), now())
FROM "customers" c
CROSS JOIN LATERAL (VALUES ('sms', c."sms_consent"), ('email', c."email_consent")) AS said (channel, given)
CROSS JOIN unnest(ARRAY['renewal-reminder', 'service-notice']) AS purpose
WHERE said.given;--> statement-breakpoint
REVOKE UPDATE, DELETE, TRUNCATE ON "consents" FROM xubao_app;
