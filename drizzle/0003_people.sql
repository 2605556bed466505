CREATE TABLE "concession_asks" (
	"concession_id" uuid NOT NULL,
	"level" text NOT NULL,
	"asked_at" timestamp with time zone NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"answer" text,
	"answered_by" text,
	"answered_at" timestamp with time zone,
	CONSTRAINT "concession_asks_concession_id_level_pk" PRIMARY KEY("concession_id","level")
);
--> statement-breakpoint
CREATE TABLE "concessions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"renewal_id" text NOT NULL,
	"branch_id" text NOT NULL,
	"percent" numeric(5, 2) NOT NULL,
	"step" text NOT NULL,
	"benefit" text,
	"reason" text NOT NULL,
	"premium" numeric(14, 2) NOT NULL,
	"ladder_version" integer NOT NULL,
	"state" text NOT NULL,
	"level" text NOT NULL,
	"due_at" timestamp with time zone,
	"requested_by" text NOT NULL,
	"requested_at" timestamp with time zone NOT NULL,
	"decided_by" text,
	"decided_at" timestamp with time zone,
	"decision_note" text
);
--> statement-breakpoint
CREATE TABLE "credits" (
	"renewal_id" text NOT NULL,
	"part" text NOT NULL,
	"staff_id" text NOT NULL,
	"rate" numeric(4, 2) NOT NULL,
	"rule" text NOT NULL,
	"credited_at" timestamp with time zone NOT NULL,
	CONSTRAINT "credits_renewal_id_part_pk" PRIMARY KEY("renewal_id","part")
);
--> statement-breakpoint
CREATE TABLE "fleets" (
	"id" text PRIMARY KEY NOT NULL,
	"branch_id" text NOT NULL,
	"number" text NOT NULL,
	"negotiator_id" text,
	"opened_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "loss_checks" (
	"id" uuid PRIMARY KEY NOT NULL,
	"renewal_id" text NOT NULL,
	"month" text NOT NULL,
	"seed" text NOT NULL,
	"branch_id" text NOT NULL,
	"agent_id" text,
	"loss_reason" text NOT NULL,
	"state" text NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"drawn_at" timestamp with time zone NOT NULL,
	"confirmed" boolean,
	"actual_reason" text,
	"note" text,
	"found_by" text,
	"found_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "absences" (
	"id" uuid PRIMARY KEY NOT NULL,
	"staff_id" text NOT NULL,
	"from_on" date NOT NULL,
	"to_on" date NOT NULL,
	"reason" text,
	"recorded_by" text NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	CONSTRAINT "absences_end_after_they_begin" CHECK ("absences"."to_on" >= "absences"."from_on")
);
--> statement-breakpoint
CREATE TABLE "quotes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"renewal_id" text NOT NULL,
	"version" integer NOT NULL,
	"kind" text NOT NULL,
	"premium" numeric(14, 2) NOT NULL,
	"valid_until" timestamp with time zone,
	"note" text,
	"quoted_by" text NOT NULL,
	"quoted_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "settings" (
	"name" text NOT NULL,
	"version" integer NOT NULL,
	"content" jsonb NOT NULL,
	"changed_by" text NOT NULL,
	"changed_at" timestamp with time zone NOT NULL,
	"reason" text,
	CONSTRAINT "settings_name_version_pk" PRIMARY KEY("name","version")
);
--> statement-breakpoint
ALTER TABLE "contact_results" ADD COLUMN "evidence_kind" text;--> statement-breakpoint
ALTER TABLE "contact_results" ADD COLUMN "evidence_reference" text;--> statement-breakpoint
ALTER TABLE "contact_results" ADD COLUMN "occurred_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "contact_results" ADD COLUMN "after_the_fact" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "contact_results" ADD COLUMN "script" text[];--> statement-breakpoint
ALTER TABLE "contact_results" ADD COLUMN "corrects_id" uuid;--> statement-breakpoint
ALTER TABLE "contact_results" ADD COLUMN "corrected_by" text;--> statement-breakpoint
ALTER TABLE "contact_results" ADD COLUMN "corrected_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "contact_results" ADD COLUMN "correction_reason" text;--> statement-breakpoint
ALTER TABLE "staff" ADD COLUMN "customer_capacity" integer;--> statement-breakpoint
ALTER TABLE "staff" ADD COLUMN "contacts_per_day" integer;--> statement-breakpoint
ALTER TABLE "policies" ADD COLUMN "fleet_number" text;--> statement-breakpoint
ALTER TABLE "renewals" ADD COLUMN "manager_id" text;--> statement-breakpoint
ALTER TABLE "renewals" ADD COLUMN "fleet_id" text;--> statement-breakpoint
ALTER TABLE "renewals" ADD COLUMN "win_back_of" text;--> statement-breakpoint
ALTER TABLE "renewals" ADD COLUMN "held_until" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "renewals" ADD COLUMN "hold_reason" text;--> statement-breakpoint
ALTER TABLE "renewals" ADD COLUMN "corrected_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "assigned_because" text;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "claimed_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "manager_id" text;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "concession_id" uuid;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "loss_check_id" uuid;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "fleet_id" text;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "starts_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "concession_asks" ADD CONSTRAINT "concession_asks_concession_id_concessions_id_fk" FOREIGN KEY ("concession_id") REFERENCES "public"."concessions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "concessions" ADD CONSTRAINT "concessions_renewal_id_renewals_id_fk" FOREIGN KEY ("renewal_id") REFERENCES "public"."renewals"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "concessions" ADD CONSTRAINT "concessions_requested_by_staff_id_fk" FOREIGN KEY ("requested_by") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "credits" ADD CONSTRAINT "credits_renewal_id_renewals_id_fk" FOREIGN KEY ("renewal_id") REFERENCES "public"."renewals"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "credits" ADD CONSTRAINT "credits_staff_id_staff_id_fk" FOREIGN KEY ("staff_id") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "fleets" ADD CONSTRAINT "fleets_branch_id_branches_id_fk" FOREIGN KEY ("branch_id") REFERENCES "public"."branches"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "fleets" ADD CONSTRAINT "fleets_negotiator_id_staff_id_fk" FOREIGN KEY ("negotiator_id") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "loss_checks" ADD CONSTRAINT "loss_checks_renewal_id_renewals_id_fk" FOREIGN KEY ("renewal_id") REFERENCES "public"."renewals"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "loss_checks" ADD CONSTRAINT "loss_checks_found_by_staff_id_fk" FOREIGN KEY ("found_by") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "absences" ADD CONSTRAINT "absences_staff_id_staff_id_fk" FOREIGN KEY ("staff_id") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quotes" ADD CONSTRAINT "quotes_renewal_id_renewals_id_fk" FOREIGN KEY ("renewal_id") REFERENCES "public"."renewals"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quotes" ADD CONSTRAINT "quotes_quoted_by_staff_id_fk" FOREIGN KEY ("quoted_by") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "concessions_by_renewal" ON "concessions" USING btree ("renewal_id","requested_at");--> statement-breakpoint
CREATE INDEX "concessions_by_state" ON "concessions" USING btree ("state","due_at");--> statement-breakpoint
CREATE INDEX "concessions_by_branch" ON "concessions" USING btree ("branch_id","requested_at");--> statement-breakpoint
CREATE INDEX "credits_by_person" ON "credits" USING btree ("staff_id","credited_at");--> statement-breakpoint
CREATE UNIQUE INDEX "loss_checks_one_per_case" ON "loss_checks" USING btree ("renewal_id");--> statement-breakpoint
CREATE INDEX "loss_checks_by_branch" ON "loss_checks" USING btree ("branch_id","state","due_at");--> statement-breakpoint
CREATE INDEX "absences_by_person" ON "absences" USING btree ("staff_id","from_on");--> statement-breakpoint
CREATE UNIQUE INDEX "quotes_one_per_version" ON "quotes" USING btree ("renewal_id","version");--> statement-breakpoint
CREATE INDEX "quotes_by_renewal" ON "quotes" USING btree ("renewal_id");--> statement-breakpoint
ALTER TABLE "contact_results" ADD CONSTRAINT "contact_results_corrected_by_staff_id_fk" FOREIGN KEY ("corrected_by") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "renewals" ADD CONSTRAINT "renewals_manager_id_staff_id_fk" FOREIGN KEY ("manager_id") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "renewals" ADD CONSTRAINT "renewals_fleet_id_fleets_id_fk" FOREIGN KEY ("fleet_id") REFERENCES "public"."fleets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "renewals" ADD CONSTRAINT "renewals_win_back_of_renewals_id_fk" FOREIGN KEY ("win_back_of") REFERENCES "public"."renewals"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_manager_id_staff_id_fk" FOREIGN KEY ("manager_id") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "renewals_by_manager" ON "renewals" USING btree ("manager_id","expires_on");--> statement-breakpoint
CREATE INDEX "renewals_by_fleet" ON "renewals" USING btree ("fleet_id");--> statement-breakpoint
CREATE INDEX "renewals_closed" ON "renewals" USING btree ("closed_at","id") WHERE "renewals"."outcome" is not null;--> statement-breakpoint
CREATE INDEX "tasks_by_manager" ON "tasks" USING btree ("manager_id","due_at") WHERE "tasks"."state" = 'open';