-- Conversations that lists, search and counts leave out.
alter table view_conversations add column hidden boolean not null default false;
