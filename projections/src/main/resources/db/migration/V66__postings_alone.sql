-- A posting has all that its entry has, and its id follows from the entry's: the table of entries and the
-- index by entry cost bytes at every booking and add nothing.
drop table kontor.journal_entry;
drop table if exists kontor_next.journal_entry, kontor_previous.journal_entry, kontor_scratch.journal_entry;
drop index kontor.posting_by_entry;
-- What a statement asks of this index is a position; the posting's id in it was never read.
drop index kontor.posting_by_account;
create index posting_by_account on kontor.posting (tenant_id, account_id, booked_at, position)
  where account_id is not null;
