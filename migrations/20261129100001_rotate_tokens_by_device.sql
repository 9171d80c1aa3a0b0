-- A refresh token whose answer was lost is honoured once more for the device that has used it: a keyed digest of its
-- user agent and of its network. Of a session that was ended because an older token came back, its owner learns so.
alter table auth_refresh_tokens add column device bytea;
alter table auth_sessions add column ended_by_reuse boolean not null default false;
-- Sealed from now on, under the key of the user: what stands here in clear is forgotten.
update auth_sessions set user_agent = null where user_agent is not null;
comment on column auth_sessions.user_agent is 'sealed under the key of the user';
-- For the removal of what has expired.
create index auth_refresh_tokens_expires on auth_refresh_tokens (expires_at);
create index auth_refresh_tokens_parent on auth_refresh_tokens (parent_hash);
