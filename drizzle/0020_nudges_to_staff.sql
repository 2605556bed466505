CREATE TABLE "month_list_entries" (
	"period" date NOT NULL,
	"renewal_id" text NOT NULL,
	"owner_id" text,
	"team_id" text,
	"specialist_id" text,
	"expires_on" date NOT NULL,
	"stage" text,
	CONSTRAINT "month_list_entries_period_renewal_id_pk" PRIMARY KEY("period","renewal_id")
);
--> statement-breakpoint
CREATE TABLE "month_lists" (
	"period" date PRIMARY KEY NOT NULL,
	"taken_at" timestamp with time zone NOT NULL,
	"cases" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "staff_messages" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"staff_id" text NOT NULL,
	"day" date NOT NULL,
	"channel" text NOT NULL,
	"about" text DEFAULT '' NOT NULL,
	"state" text NOT NULL,
	"reason" text,
	"due_at" timestamp with time zone NOT NULL,
	"latest_at" timestamp with time zone NOT NULL,
	"attempt_id" uuid,
	"claimed_at" timestamp with time zone,
	"listed" jsonb,
	"provider" text,
	"provider_id" text,
	"answer" text,
	"settled_at" timestamp with time zone,
	CONSTRAINT "staff_messages_attemptId_unique" UNIQUE("attempt_id")
);
--> statement-breakpoint
ALTER TABLE "staff" ADD COLUMN "email" text;--> statement-breakpoint
ALTER TABLE "staff" ADD COLUMN "phone" text;--> statement-breakpoint
ALTER TABLE "staff" ADD COLUMN "language" text DEFAULT 'zh-CN' NOT NULL;--> statement-breakpoint
ALTER TABLE "staff" ADD COLUMN "digest_sms" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "month_list_entries" ADD CONSTRAINT "month_list_entries_period_month_lists_period_fk" FOREIGN KEY ("period") REFERENCES "public"."month_lists"("period") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "month_list_entries" ADD CONSTRAINT "month_list_entries_renewal_id_renewals_id_fk" FOREIGN KEY ("renewal_id") REFERENCES "public"."renewals"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "staff_messages" ADD CONSTRAINT "staff_messages_staff_id_staff_id_fk" FOREIGN KEY ("staff_id") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "month_list_entries_by_owner" ON "month_list_entries" USING btree ("period","owner_id");--> statement-breakpoint
CREATE INDEX "month_list_entries_by_team" ON "month_list_entries" USING btree ("period","team_id");--> statement-breakpoint
CREATE INDEX "month_list_entries_by_specialist" ON "month_list_entries" USING btree ("period","specialist_id");--> statement-breakpoint
CREATE UNIQUE INDEX "staff_messages_one_per_day" ON "staff_messages" USING btree ("kind","staff_id","day","channel","about");--> statement-breakpoint
CREATE INDEX "staff_messages_by_state" ON "staff_messages" USING btree ("state","due_at","id");--> statement-breakpoint
CREATE INDEX "staff_messages_by_round" ON "staff_messages" USING btree ("kind","day","state");