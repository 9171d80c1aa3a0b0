-- Read models: written by projectors alone, rebuilt from the log at will. Columns come from events, never from a clock.

create table projections (
    name text primary key,
    version integer not null,
    position bigint not null,
    hash bytea not null
);

-- Aggregates whose events a projector could not take; the feed goes on without them.
create table parked_aggregates (
    projection text not null references projections (name) on delete cascade,
    scope text not null,
    position bigint not null,
    error text not null,
    primary key (projection, scope)
);

create table view_users (
    id uuid primary key,
    version bigint not null,
    role text not null,
    email text,
    display_name text not null,
    origin text not null,
    suspended boolean not null default false,
    created_at timestamptz not null
);

create table view_assistants (
    id uuid primary key,
    version bigint not null,
    owner_id uuid,
    name text not null,
    description text not null,
    instructions text not null,
    model text,
    temperature double precision,
    max_output_tokens integer,
    visibility text not null,
    status text not null,
    assistant_version integer not null,
    is_default boolean not null,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create index view_assistants_owner on view_assistants (owner_id);
create unique index view_assistants_default on view_assistants (is_default) where is_default;

create table view_conversations (
    id uuid primary key,
    version bigint not null,
    owner_id uuid not null,
    title text,
    assistant_id uuid not null,
    model text,
    pinned boolean not null default false,
    archived boolean not null default false,
    trashed boolean not null default false,
    leaf_id uuid,
    message_count bigint not null default 0,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create index view_conversations_page on view_conversations (owner_id, trashed, archived, updated_at desc, id desc);

create table view_messages (
    id uuid primary key,
    conversation_id uuid not null,
    parent_id uuid,
    -- The parent, or the conversation for a root: what siblings share.
    parent_key uuid not null,
    role text not null,
    user_id uuid,
    response_id uuid,
    content text not null,
    answer json,
    status text not null,
    position bigint not null,
    created_at timestamptz not null
);
create index view_messages_siblings on view_messages (parent_key, position);
create index view_messages_conversation on view_messages (conversation_id, position);

create table view_responses (
    id uuid primary key,
    conversation_id uuid not null,
    prompt_message_id uuid not null,
    message_id uuid not null unique,
    requested_by uuid not null,
    assistant_id uuid not null,
    assistant_version integer not null,
    model text not null,
    status text not null,
    attempt integer not null default 0,
    cancelling boolean not null default false,
    finish_reason text,
    input_tokens bigint,
    output_tokens bigint,
    error_code text,
    error_detail text,
    requested_at timestamptz not null,
    started_at timestamptz,
    ended_at timestamptz
);
create index view_responses_open on view_responses (requested_at) where ended_at is null;
create index view_responses_conversation on view_responses (conversation_id) where ended_at is null;
