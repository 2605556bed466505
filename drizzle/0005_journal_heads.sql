-- Where each chain of the journal ends. A tail or a whole chain that is taken out leaves its head behind.
CREATE TABLE "journal_heads" (
	"chain" text PRIMARY KEY NOT NULL,
	"sequence" integer NOT NULL,
	"hash" text NOT NULL
) with (fillfactor = 70);
--> statement-breakpoint
-- Nothing is appended between the copy of the heads and the trigger that keeps them.
lock table journal in share row exclusive mode;
--> statement-breakpoint
insert into journal_heads (chain, sequence, hash)
  select distinct on (chain) chain, sequence, hash from journal order by chain, sequence desc;
--> statement-breakpoint
revoke insert, update, delete, truncate on journal_heads from xubao_app;
--> statement-breakpoint
-- Runs as its owner: whoever appends an entry moves the head of that chain, and nobody moves a head otherwise.
-- The row of the head is also the lock of its chain: chains do not wait for each other.
create or replace function chain_journal() returns trigger language plpgsql security definer
  set search_path = pg_catalog, public, pg_temp as $$
declare
  last_sequence integer;
  last_hash text;
begin
  select sequence, hash into last_sequence, last_hash from journal_heads where chain = new.chain for update;
  if not found then
    insert into journal_heads values (new.chain, 0, '') on conflict (chain) do nothing;
    select sequence, hash into last_sequence, last_hash from journal_heads where chain = new.chain for update;
  end if;
  new.sequence := last_sequence + 1;
  new.previous_hash := last_hash;
  new.at := business_now();
  new.recorded_at := clock_timestamp();
  new.hash := journal_hash(new);
  update journal_heads set sequence = new.sequence, hash = new.hash where chain = new.chain;
  return new;
end
$$;
--> statement-breakpoint
revoke execute on function chain_journal() from public;
