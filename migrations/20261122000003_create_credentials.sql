-- Credentials and sessions: ordinary tables, never rebuilt. Their history is events of the user.

create table auth_passwords (
    user_id uuid primary key,
    hash text not null,
    changed_at timestamptz not null default clock_timestamp()
);

create table auth_sessions (
    id uuid primary key,
    user_id uuid not null,
    created_at timestamptz not null default clock_timestamp(),
    used_at timestamptz not null default clock_timestamp(),
    revoked_at timestamptz,
    user_agent text
);
create index auth_sessions_user on auth_sessions (user_id) where revoked_at is null;

-- Rotated refresh tokens, by SHA-256. The newest is unused; its predecessor is honoured once more within 10 s.
create table auth_refresh_tokens (
    hash bytea primary key,
    session_id uuid not null references auth_sessions (id) on delete cascade,
    parent_hash bytea,
    issued_at timestamptz not null default clock_timestamp(),
    expires_at timestamptz not null,
    used_at timestamptz,
    grace_used boolean not null default false
);
create index auth_refresh_tokens_session on auth_refresh_tokens (session_id);

-- One row once the first administrator exists; set-up never opens again by itself.
create table auth_setup (
    only_row boolean primary key default true check (only_row),
    completed_at timestamptz not null default clock_timestamp()
);
