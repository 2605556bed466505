CREATE TABLE "templates" (
	"id" uuid PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"language" text NOT NULL,
	"version" integer NOT NULL,
	"state" text NOT NULL,
	"content" jsonb NOT NULL,
	"based_on" integer NOT NULL,
	"note" text,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"approved_by" text,
	"approved_at" timestamp with time zone,
	"retired_by" text,
	"retired_at" timestamp with time zone,
	CONSTRAINT "templates_counted_from_one" CHECK ("templates"."version" > 0),
	CONSTRAINT "templates_approved_by_a_second_person" CHECK (("templates"."state" <> 'approved' or "templates"."approved_by" is not null) and ("templates"."approved_by" is null or "templates"."approved_by" <> "templates"."created_by"))
);
--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "template_version" integer;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "rendering" jsonb;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "segments" integer;--> statement-breakpoint
CREATE UNIQUE INDEX "templates_one_per_version" ON "templates" USING btree ("key","language","version");--> statement-breakpoint
-- What a version says and who wrote it never changes; it is approved once, by somebody else, and retired at most once.
CREATE FUNCTION keep_template() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'draft' OR NEW.approved_by IS NOT NULL OR NEW.retired_by IS NOT NULL THEN
      RAISE EXCEPTION 'template % % version % is drafted before it is approved', NEW.key, NEW.language, NEW.version;
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'template % % version % is kept', OLD.key, OLD.language, OLD.version;
  END IF;
  IF (NEW.id, NEW.key, NEW.language, NEW.version, NEW.content, NEW.based_on, NEW.created_by, NEW.created_at)
    IS DISTINCT FROM (OLD.id, OLD.key, OLD.language, OLD.version, OLD.content, OLD.based_on, OLD.created_by, OLD.created_at) THEN
    RAISE EXCEPTION 'template % % version % never changes; draft another one', OLD.key, OLD.language, OLD.version;
  END IF;
  IF NEW.state <> OLD.state AND NOT (OLD.state = 'draft' OR (OLD.state = 'approved' AND NEW.state = 'retired')) THEN
    RAISE EXCEPTION 'template % % version % is % and does not become %', OLD.key, OLD.language, OLD.version, OLD.state, NEW.state;
  END IF;
  IF OLD.state <> 'draft' AND (NEW.approved_by, NEW.approved_at) IS DISTINCT FROM (OLD.approved_by, OLD.approved_at) THEN
    RAISE EXCEPTION 'template % % version % keeps the name of who approved it', OLD.key, OLD.language, OLD.version;
  END IF;
  RETURN NEW;
END $$;--> statement-breakpoint
CREATE TRIGGER templates_never_change BEFORE INSERT OR UPDATE OR DELETE ON "templates" FOR EACH ROW EXECUTE FUNCTION keep_template();
