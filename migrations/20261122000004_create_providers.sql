-- Providers of models and what they have told of. Their keys lie sealed in the log alone.

create table view_providers (
    id uuid primary key,
    version bigint not null,
    name text not null,
    kind text not null,
    base_url text not null,
    private_network boolean not null,
    has_key boolean not null,
    -- The check that is awaited, or the last one.
    check_number integer not null,
    pending boolean not null,
    health text,
    fault text,
    checked_at timestamptz,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create index view_providers_name on view_providers (name);

create table view_models (
    provider_id uuid not null,
    model text not null,
    context_window integer,
    place integer not null,
    primary key (provider_id, model)
);

-- What a running answer has said so far, sealed: what a worker that died leaves behind.
create table partial_answers (
    run uuid primary key,
    attempt integer not null,
    sealed json not null,
    saved_at timestamptz not null default clock_timestamp()
);
