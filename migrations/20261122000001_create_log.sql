-- The event log, format 1. docs/log-format/README.md fixes every byte of it.

-- One row, inserted by `convosphere database migrate` in code: its id is random.
create table log (
    only_row boolean primary key default true check (only_row),
    id uuid not null,
    format integer not null,
    genesis bytea not null,
    master_fingerprint text not null,
    created_at timestamptz not null default clock_timestamp()
);

-- `json`, never `jsonb`: the bytes that were hashed are the bytes that are stored.
create table events (
    position bigint not null,
    event_id uuid not null,
    command_id uuid not null,
    aggregate_type text not null,
    aggregate_id text not null,
    sequence bigint not null check (sequence > 0),
    scope text not null,
    event_type text not null,
    event_version text not null,
    metadata json not null,
    payload json not null,
    recorded_at timestamptz not null,
    hash bytea not null,
    constraint events_position primary key (position),
    constraint events_sequence unique (aggregate_type, aggregate_id, sequence)
);
create index events_scope on events (scope, position);

create function refuse_change_of_events() returns trigger language plpgsql as $$
begin
    raise exception 'events are append-only' using errcode = '42501';
end
$$;
create trigger events_are_append_only before update or delete or truncate on events
    for each statement execute function refuse_change_of_events();
revoke update, delete, truncate on events from public;

-- A tombstone keeps its row with `wrapped` null: a subject never gets a second key.
create table subject_keys (
    subject text not null,
    wrapped bytea,
    master text not null,
    created_at timestamptz not null default clock_timestamp(),
    destroyed_at timestamptz,
    constraint subject_keys_subject primary key (subject),
    check ((wrapped is null) = (destroyed_at is not null))
);

-- Uniqueness across aggregates, by keyed digest.
create table reservations (
    kind text not null,
    mac bytea not null,
    owner text not null,
    constraint reservations_kind_mac primary key (kind, mac)
);
create index reservations_owner on reservations (owner);

create table idempotency_keys (
    principal text not null,
    operation text not null,
    key text not null,
    body_mac bytea not null,
    command_id uuid not null,
    -- Of the command's first event; the others stand next to it.
    position bigint not null,
    created_at timestamptz not null,
    constraint idempotency_keys_key primary key (principal, operation, key)
);
create index idempotency_keys_created_at on idempotency_keys (created_at);

-- Who works on a run. The aggregate's attempt is the fence; a lease only keeps workers from doing the same.
create table leases (
    run uuid not null,
    owner text not null,
    expires_at timestamptz not null,
    constraint leases_run primary key (run)
);

-- Appends one batch: events in the order given, and the rows that belong to the same commands.
-- VOLATILE and READ COMMITTED, so that what follows the lock sees what the lock waited for.
-- CS001: the log no longer has the (position, hash) that the caller has seen.
create function append_events(
    seen_position bigint, seen_hash bytea,
    event_ids uuid[], command_ids uuid[], aggregate_types text[], aggregate_ids text[], sequences bigint[],
    scopes text[], event_types text[], event_versions text[], metadatas text[], payloads text[], digests bytea[],
    key_subjects text[], key_wrapped bytea[], key_masters text[],
    reservation_kinds text[], reservation_macs bytea[], reservation_owners text[],
    released_kinds text[], released_macs bytea[],
    idempotency_principals text[], idempotency_operations text[], idempotency_names text[],
    idempotency_macs bytea[], idempotency_commands uuid[],
    lease_runs uuid[], lease_owners text[],
    fixed_time timestamptz default null
) returns table (at_position bigint, at_time timestamptz, at_hash bytea)
language plpgsql volatile as $$
declare
    last_position bigint;
    last_hash bytea;
    batch_time timestamptz;
    time_bytes bytea;
    next_position bigint;
    next_digest bytea;
    hashes bytea[] := '{}';
begin
    perform pg_advisory_xact_lock(4853001);
    select e.position, e.hash into last_position, last_hash from events e order by e.position desc limit 1;
    if not found then
        last_position := 0;
        select l.genesis into strict last_hash from log l;
    end if;
    if seen_position > 0 and (seen_position, seen_hash) is distinct from (last_position, last_hash)
        and not exists (select from events e where e.position = seen_position and e.hash = seen_hash) then
        raise exception 'the log does not have position % with the hash seen', seen_position using errcode = 'CS001';
    end if;

    batch_time := coalesce(fixed_time, clock_timestamp());
    time_bytes := int8send((extract(epoch from batch_time) * 1000000)::bigint);
    next_position := last_position;
    foreach next_digest in array digests loop
        next_position := next_position + 1;
        last_hash := sha256(last_hash || int8send(next_position) || time_bytes || next_digest);
        hashes := hashes || last_hash;
    end loop;

    insert into events (position, event_id, command_id, aggregate_type, aggregate_id, sequence, scope, event_type,
                        event_version, metadata, payload, recorded_at, hash)
    select last_position + row.n, row.event_id, row.command_id, row.aggregate_type, row.aggregate_id, row.sequence,
           row.scope, row.event_type, row.event_version, row.metadata::json, row.payload::json, batch_time, row.hash
    from unnest(event_ids, command_ids, aggregate_types, aggregate_ids, sequences, scopes, event_types,
                event_versions, metadatas, payloads, hashes)
         with ordinality as row (event_id, command_id, aggregate_type, aggregate_id, sequence, scope, event_type,
                                 event_version, metadata, payload, hash, n);

    if cardinality(key_subjects) > 0 then
        insert into subject_keys (subject, wrapped, master, created_at)
        select k.subject, k.wrapped, k.master, batch_time
        from unnest(key_subjects, key_wrapped, key_masters) as k (subject, wrapped, master);
    end if;
    if cardinality(released_kinds) > 0 then
        delete from reservations r using unnest(released_kinds, released_macs) as x (kind, mac)
        where r.kind = x.kind and r.mac = x.mac;
    end if;
    if cardinality(reservation_kinds) > 0 then
        insert into reservations (kind, mac, owner)
        select * from unnest(reservation_kinds, reservation_macs, reservation_owners);
    end if;
    if cardinality(idempotency_names) > 0 then
        delete from idempotency_keys i
        using unnest(idempotency_principals, idempotency_operations, idempotency_names) as x (principal, operation, key)
        where i.principal = x.principal and i.operation = x.operation and i.key = x.key
            and i.created_at < batch_time - interval '24 hours';
        insert into idempotency_keys (principal, operation, key, body_mac, command_id, position, created_at)
        select i.principal, i.operation, i.key, i.mac, i.command,
               last_position + array_position(command_ids, i.command), batch_time
        from unnest(idempotency_principals, idempotency_operations, idempotency_names, idempotency_macs,
                    idempotency_commands) as i (principal, operation, key, mac, command);
    end if;
    if cardinality(lease_runs) > 0 then
        insert into leases (run, owner, expires_at)
        select l.run, l.owner, batch_time + interval '10 seconds' from unnest(lease_runs, lease_owners) as l (run, owner);
    end if;

    return query
        select last_position + h.n, batch_time, h.hash from unnest(hashes) with ordinality as h (hash, n) order by h.n;
end
$$;
