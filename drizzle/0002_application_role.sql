-- The application logs in as xubao_app, which owns nothing: it cannot change the schema, nor update or delete journal entries.
do $$ begin
  create role xubao_app nologin;
exception when duplicate_object or unique_violation then null;
end $$;
--> statement-breakpoint
grant usage on schema public to xubao_app;
--> statement-breakpoint
grant select, insert, update, delete on all tables in schema public to xubao_app;
--> statement-breakpoint
revoke update, delete on journal from xubao_app;
--> statement-breakpoint
alter default privileges in schema public grant select, insert, update, delete on tables to xubao_app;
