CREATE TABLE "contact_results" (
	"id" uuid PRIMARY KEY NOT NULL,
	"renewal_id" text NOT NULL,
	"kind" text NOT NULL,
	"state" text NOT NULL,
	"refusal" text,
	"refusal_detail" text,
	"result" text NOT NULL,
	"stage" text,
	"note" text,
	"call_back_at" timestamp with time zone,
	"new_policy_number" text,
	"early" boolean DEFAULT false NOT NULL,
	"loss_reason" text,
	"rival" text,
	"rival_premium" numeric(14, 2),
	"channel" text,
	"evidence" text,
	"closing" text[],
	"recorded_by" text NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	"sent_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "customers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"name" text NOT NULL,
	"phone" text,
	"email" text,
	"language" text DEFAULT 'zh-CN' NOT NULL,
	"tier" text,
	"sms_consent" boolean DEFAULT false NOT NULL,
	"email_consent" boolean DEFAULT false NOT NULL,
	"sms_opted_out_at" timestamp with time zone,
	"email_opted_out_at" timestamp with time zone,
	"do_not_contact_until" timestamp with time zone,
	CONSTRAINT "customers_key_unique" UNIQUE("key")
);
--> statement-breakpoint
CREATE TABLE "handover_items" (
	"handover_id" uuid NOT NULL,
	"renewal_id" text NOT NULL,
	"state" text NOT NULL,
	"owner_id" text,
	"channel" text,
	"proposed_channel" text,
	"offer_due_at" timestamp with time zone,
	"notified_at" timestamp with time zone,
	"decided_by" text,
	"decided_at" timestamp with time zone,
	CONSTRAINT "handover_items_handover_id_renewal_id_pk" PRIMARY KEY("handover_id","renewal_id")
);
--> statement-breakpoint
CREATE TABLE "handovers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"agent_id" text NOT NULL,
	"branch_id" text NOT NULL,
	"team_id" text,
	"supervisor_id" text,
	"state" text NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"opened_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "import_rejections" (
	"id" uuid PRIMARY KEY NOT NULL,
	"import_id" uuid NOT NULL,
	"line" integer NOT NULL,
	"column" text NOT NULL,
	"reason" text NOT NULL,
	"row" text[] NOT NULL
);
--> statement-breakpoint
CREATE TABLE "imports" (
	"id" uuid PRIMARY KEY NOT NULL,
	"state" text NOT NULL,
	"format" text,
	"file_name" text NOT NULL,
	"file_sha256" text,
	"dry_run" boolean DEFAULT false NOT NULL,
	"rows" integer DEFAULT 0 NOT NULL,
	"accepted" integer DEFAULT 0 NOT NULL,
	"rejected" integer DEFAULT 0 NOT NULL,
	"created" integer DEFAULT 0 NOT NULL,
	"changed" integer DEFAULT 0 NOT NULL,
	"unchanged" integer DEFAULT 0 NOT NULL,
	"failure" text,
	"requested_by" text NOT NULL,
	"requested_at" timestamp with time zone NOT NULL,
	"finished_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "journal" (
	"chain" text NOT NULL,
	"sequence" integer NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	"actor" text NOT NULL,
	"event" text NOT NULL,
	"reason" text NOT NULL,
	"inputs" jsonb NOT NULL,
	"previous_hash" text NOT NULL,
	"hash" text NOT NULL,
	CONSTRAINT "journal_chain_sequence_pk" PRIMARY KEY("chain","sequence")
);
--> statement-breakpoint
CREATE TABLE "messages" (
	"id" uuid PRIMARY KEY NOT NULL,
	"renewal_id" text NOT NULL,
	"touch" text NOT NULL,
	"channel" text NOT NULL,
	"recipient" text DEFAULT 'customer' NOT NULL,
	"customer_id" uuid NOT NULL,
	"template" text NOT NULL,
	"state" text NOT NULL,
	"reason" text,
	"due_at" timestamp with time zone NOT NULL,
	"latest_at" timestamp with time zone NOT NULL,
	"held_until" timestamp with time zone,
	"attempt_id" uuid,
	"claimed_at" timestamp with time zone,
	"address" text,
	"subject" text,
	"body" text,
	"provider_id" text,
	"answer" text,
	"settled_at" timestamp with time zone,
	CONSTRAINT "messages_attemptId_unique" UNIQUE("attempt_id")
);
--> statement-breakpoint
CREATE TABLE "business_clock" (
	"id" integer PRIMARY KEY NOT NULL,
	"wall_at" timestamp with time zone NOT NULL,
	"business_at" timestamp with time zone NOT NULL,
	"speed" double precision NOT NULL,
	"epoch" integer NOT NULL,
	"seen_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"id" uuid PRIMARY KEY NOT NULL,
	"subject" text NOT NULL,
	"key" text NOT NULL,
	"request" text NOT NULL,
	"body_hash" text NOT NULL,
	"locked_until" timestamp with time zone NOT NULL,
	"status" integer,
	"response" jsonb,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "intake_runs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"state" text NOT NULL,
	"business_day" text NOT NULL,
	"requested_by" text NOT NULL,
	"opened" integer DEFAULT 0 NOT NULL,
	"already_open" integer DEFAULT 0 NOT NULL,
	"left_out" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"cursor" jsonb,
	"started_at" timestamp with time zone NOT NULL,
	"finished_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "sending" (
	"id" integer PRIMARY KEY NOT NULL,
	"stopped" boolean DEFAULT false NOT NULL,
	"reason" text,
	"revision" bigint DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "stage_plans" (
	"version" integer PRIMARY KEY NOT NULL,
	"state" text NOT NULL,
	"content" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"published_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "branches" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"parent_id" text
);
--> statement-breakpoint
CREATE TABLE "staff" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"roles" text[] NOT NULL,
	"branch_id" text,
	"team_id" text,
	"departed_on" date,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "staff_has_a_role" CHECK (cardinality("staff"."roles") > 0)
);
--> statement-breakpoint
CREATE TABLE "teams" (
	"id" text PRIMARY KEY NOT NULL,
	"branch_id" text NOT NULL,
	"supervisor_id" text
);
--> statement-breakpoint
CREATE TABLE "policies" (
	"id" uuid PRIMARY KEY NOT NULL,
	"policy_number" text NOT NULL,
	"starts_on" date NOT NULL,
	"expires_on" date NOT NULL,
	"term_days" integer NOT NULL,
	"cover_type" text NOT NULL,
	"plate" text,
	"vin" text,
	"engine_number" text,
	"model" text,
	"first_registered_on" date,
	"premium" numeric(14, 2) NOT NULL,
	"claims_count" integer DEFAULT 0 NOT NULL,
	"claims_amount" numeric(14, 2) DEFAULT '0' NOT NULL,
	"channel" text,
	"branch_id" text NOT NULL,
	"agent_id" text,
	"supervisor_id" text,
	"specialist_id" text,
	"customer_id" uuid NOT NULL,
	"underwriting_approved" boolean DEFAULT true NOT NULL,
	"cancelled_on" date,
	"renewed_as" text,
	"note" text,
	"left_out_reason" text,
	"import_id" uuid
);
--> statement-breakpoint
CREATE TABLE "renewals" (
	"id" text PRIMARY KEY NOT NULL,
	"policy_id" uuid NOT NULL,
	"branch_id" text NOT NULL,
	"team_id" text,
	"owner_id" text,
	"segment" text NOT NULL,
	"priority" integer NOT NULL,
	"expires_on" date NOT NULL,
	"expiry_revision" integer DEFAULT 0 NOT NULL,
	"armed_revision" integer DEFAULT 0 NOT NULL,
	"plan_version" integer NOT NULL,
	"stage" text,
	"stage_opened_at" timestamp with time zone,
	"stage_ends_at" timestamp with time zone,
	"result_counted" boolean DEFAULT false NOT NULL,
	"next_action_at" timestamp with time zone,
	"next_action" text,
	"handed_out_at" timestamp with time zone,
	"confirmed_at" timestamp with time zone,
	"attempts" integer DEFAULT 0 NOT NULL,
	"call_back_at" timestamp with time zone,
	"refused_contact_at" timestamp with time zone,
	"second_round_due_at" timestamp with time zone,
	"second_round_reason" text,
	"escalated" boolean DEFAULT false NOT NULL,
	"call_centre_since" timestamp with time zone,
	"orphaned_at" timestamp with time zone,
	"unowned_seconds" integer DEFAULT 0 NOT NULL,
	"outcome" text,
	"loss_reason" text,
	"renewable" boolean DEFAULT true NOT NULL,
	"receiving_channel" text,
	"new_policy_number" text,
	"renewed_early" boolean DEFAULT false NOT NULL,
	"opened_at" timestamp with time zone NOT NULL,
	"closed_at" timestamp with time zone,
	"workflow_started_at" timestamp with time zone,
	CONSTRAINT "renewals_policyId_unique" UNIQUE("policy_id")
);
--> statement-breakpoint
CREATE TABLE "tasks" (
	"id" uuid PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"kind" text NOT NULL,
	"renewal_id" text,
	"handover_id" uuid,
	"branch_id" text NOT NULL,
	"team_id" text,
	"assignee_id" text,
	"role" text NOT NULL,
	"state" text NOT NULL,
	"stage" text,
	"priority" integer DEFAULT 0 NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"completed_at" timestamp with time zone,
	"completed_by" text,
	"completion" jsonb,
	"dropped_reason" text
);
--> statement-breakpoint
ALTER TABLE "contact_results" ADD CONSTRAINT "contact_results_renewal_id_renewals_id_fk" FOREIGN KEY ("renewal_id") REFERENCES "public"."renewals"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contact_results" ADD CONSTRAINT "contact_results_recorded_by_staff_id_fk" FOREIGN KEY ("recorded_by") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "handover_items" ADD CONSTRAINT "handover_items_handover_id_handovers_id_fk" FOREIGN KEY ("handover_id") REFERENCES "public"."handovers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "handover_items" ADD CONSTRAINT "handover_items_renewal_id_renewals_id_fk" FOREIGN KEY ("renewal_id") REFERENCES "public"."renewals"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "handover_items" ADD CONSTRAINT "handover_items_owner_id_staff_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "handovers" ADD CONSTRAINT "handovers_agent_id_staff_id_fk" FOREIGN KEY ("agent_id") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "handovers" ADD CONSTRAINT "handovers_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "handovers" ADD CONSTRAINT "handovers_supervisor_id_staff_id_fk" FOREIGN KEY ("supervisor_id") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "import_rejections" ADD CONSTRAINT "import_rejections_import_id_imports_id_fk" FOREIGN KEY ("import_id") REFERENCES "public"."imports"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_renewal_id_renewals_id_fk" FOREIGN KEY ("renewal_id") REFERENCES "public"."renewals"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_customer_id_customers_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "staff" ADD CONSTRAINT "staff_branch_id_branches_id_fk" FOREIGN KEY ("branch_id") REFERENCES "public"."branches"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "staff" ADD CONSTRAINT "staff_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "teams" ADD CONSTRAINT "teams_branch_id_branches_id_fk" FOREIGN KEY ("branch_id") REFERENCES "public"."branches"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policies" ADD CONSTRAINT "policies_branch_id_branches_id_fk" FOREIGN KEY ("branch_id") REFERENCES "public"."branches"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policies" ADD CONSTRAINT "policies_agent_id_staff_id_fk" FOREIGN KEY ("agent_id") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policies" ADD CONSTRAINT "policies_supervisor_id_staff_id_fk" FOREIGN KEY ("supervisor_id") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policies" ADD CONSTRAINT "policies_specialist_id_staff_id_fk" FOREIGN KEY ("specialist_id") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policies" ADD CONSTRAINT "policies_customer_id_customers_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "renewals" ADD CONSTRAINT "renewals_policy_id_policies_id_fk" FOREIGN KEY ("policy_id") REFERENCES "public"."policies"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "renewals" ADD CONSTRAINT "renewals_branch_id_branches_id_fk" FOREIGN KEY ("branch_id") REFERENCES "public"."branches"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "renewals" ADD CONSTRAINT "renewals_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "renewals" ADD CONSTRAINT "renewals_owner_id_staff_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_renewal_id_renewals_id_fk" FOREIGN KEY ("renewal_id") REFERENCES "public"."renewals"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_assignee_id_staff_id_fk" FOREIGN KEY ("assignee_id") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "contact_results_by_renewal" ON "contact_results" USING btree ("renewal_id","recorded_at");--> statement-breakpoint
CREATE INDEX "contact_results_by_state" ON "contact_results" USING btree ("state","sent_at");--> statement-breakpoint
CREATE INDEX "handover_items_by_renewal" ON "handover_items" USING btree ("renewal_id");--> statement-breakpoint
CREATE INDEX "handovers_by_team" ON "handovers" USING btree ("team_id","state");--> statement-breakpoint
CREATE INDEX "import_rejections_by_line" ON "import_rejections" USING btree ("import_id","line");--> statement-breakpoint
CREATE UNIQUE INDEX "messages_one_per_touch" ON "messages" USING btree ("renewal_id","touch","channel","recipient");--> statement-breakpoint
CREATE INDEX "messages_by_customer" ON "messages" USING btree ("customer_id","claimed_at");--> statement-breakpoint
CREATE INDEX "messages_by_state" ON "messages" USING btree ("state","due_at");--> statement-breakpoint
CREATE UNIQUE INDEX "idempotency_keys_one_per_subject" ON "idempotency_keys" USING btree ("subject","key");--> statement-breakpoint
CREATE INDEX "staff_team" ON "staff" USING btree ("team_id");--> statement-breakpoint
CREATE UNIQUE INDEX "policies_one_per_term" ON "policies" USING btree ("policy_number","starts_on");--> statement-breakpoint
CREATE INDEX "policies_by_expiry" ON "policies" USING btree ("expires_on","id");--> statement-breakpoint
CREATE INDEX "policies_by_plate" ON "policies" USING btree ("plate");--> statement-breakpoint
CREATE INDEX "policies_by_vin" ON "policies" USING btree ("vin");--> statement-breakpoint
CREATE INDEX "policies_by_customer" ON "policies" USING btree ("customer_id");--> statement-breakpoint
CREATE INDEX "policies_left_out" ON "policies" USING btree ("left_out_reason","id") WHERE "policies"."left_out_reason" is not null;--> statement-breakpoint
CREATE INDEX "renewals_by_expiry" ON "renewals" USING btree ("expires_on","id");--> statement-breakpoint
CREATE INDEX "renewals_open_by_expiry" ON "renewals" USING btree ("expires_on","id") WHERE "renewals"."outcome" is null;--> statement-breakpoint
CREATE INDEX "renewals_by_next_action" ON "renewals" USING btree ("next_action_at","id") WHERE "renewals"."outcome" is null;--> statement-breakpoint
CREATE INDEX "renewals_by_priority" ON "renewals" USING btree ("priority","id") WHERE "renewals"."outcome" is null;--> statement-breakpoint
CREATE INDEX "renewals_by_owner" ON "renewals" USING btree ("owner_id","expires_on");--> statement-breakpoint
CREATE INDEX "renewals_by_team" ON "renewals" USING btree ("team_id","expires_on");--> statement-breakpoint
CREATE INDEX "renewals_by_branch" ON "renewals" USING btree ("branch_id","expires_on");--> statement-breakpoint
CREATE INDEX "renewals_without_workflow" ON "renewals" USING btree ("opened_at") WHERE "renewals"."workflow_started_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "tasks_one_per_key" ON "tasks" USING btree ("key");--> statement-breakpoint
CREATE INDEX "tasks_by_assignee" ON "tasks" USING btree ("assignee_id","state","due_at","priority");--> statement-breakpoint
CREATE INDEX "tasks_by_role" ON "tasks" USING btree ("branch_id","role","state","due_at");--> statement-breakpoint
CREATE INDEX "tasks_by_renewal" ON "tasks" USING btree ("renewal_id");