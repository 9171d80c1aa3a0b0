-- What an erasure leaves of a conversation: its ids.
alter table view_conversations add column erased boolean not null default false;
create index view_conversations_owner_readable on view_conversations (owner_id) where not erased;
