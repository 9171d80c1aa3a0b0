-- When somebody last used the server, as far as their stored sessions show: null if there is none.
create function last_active_at(who uuid) returns timestamptz
language sql stable as $$
    select max(used_at) from auth_sessions where user_id = who
$$;

-- Revoked sessions count as well.
drop index auth_sessions_user;
create index auth_sessions_user on auth_sessions (user_id);
