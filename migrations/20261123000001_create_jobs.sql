-- Work that may take longer than a request: asked for by one process, done by any that projects.
create table jobs (
    id uuid primary key,
    kind text not null,
    -- What it works on, where its kind needs that: the name of a read model.
    subject text,
    requested_by uuid not null,
    status text not null default 'queued' check (status in ('queued', 'running', 'completed', 'failed', 'cancelled')),
    done bigint not null default 0,
    total bigint,
    unit text not null,
    result json,
    error text,
    cancelling boolean not null default false,
    attempts integer not null default 0,
    created_at timestamptz not null default clock_timestamp(),
    started_at timestamptz,
    ended_at timestamptz,
    -- Until when whoever works on it has the word.
    held_until timestamptz
);
create index jobs_requested_by on jobs (requested_by, created_at);
create index jobs_open on jobs (created_at) where ended_at is null;
