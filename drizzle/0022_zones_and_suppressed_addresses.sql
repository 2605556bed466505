CREATE TABLE "suppressed_addresses" (
	"id" uuid PRIMARY KEY NOT NULL,
	"channel" text NOT NULL,
	"address" text NOT NULL,
	"customer_id" uuid,
	"reason" text NOT NULL,
	"code" text,
	"message_id" uuid,
	"result_id" uuid,
	"since" timestamp with time zone NOT NULL,
	CONSTRAINT "suppressed_addresses_once" UNIQUE NULLS NOT DISTINCT("channel","address","customer_id")
);
--> statement-breakpoint
ALTER TABLE "customers" ADD COLUMN "time_zone" text;--> statement-breakpoint
ALTER TABLE "suppressed_addresses" ADD CONSTRAINT "suppressed_addresses_customer_id_customers_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "suppressed_addresses" ADD CONSTRAINT "suppressed_addresses_message_id_messages_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."messages"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "suppressed_addresses_by_customer" ON "suppressed_addresses" USING btree ("customer_id");