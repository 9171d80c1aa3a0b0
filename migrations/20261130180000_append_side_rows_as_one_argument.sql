-- The rows that are committed with the events of a batch are one argument, so that a new kind is a new `insert` here and not
-- another signature.
--
-- Appends one batch: the events in the given order, and `side_rows`: lists of rows by kind.
-- VOLATILE and READ COMMITTED, so that what follows the lock sees what the lock waited for.
-- `unproven` are the numbers, from 1, of the events whose predecessor must be checked.
-- CS001: the log does not have the position and hash that the caller has seen.
-- CS002: the log does not have the predecessor of an event in its aggregate: the caller has seen what was lost.
create function append_events(
    seen_position bigint, seen_hash bytea,
    event_ids uuid[], command_ids uuid[], aggregate_types text[], aggregate_ids text[], sequences bigint[],
    scopes text[], event_types text[], event_versions text[], metadatas text[], payloads text[], digests bytea[],
    side_rows jsonb,
    unproven int[],
    fixed_time timestamptz default null
) returns table (at_position bigint, at_time timestamptz, at_hash bytea)
language plpgsql volatile set plan_cache_mode = force_generic_plan as $$
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

    return query
    insert into events (position, event_id, command_id, aggregate_type, aggregate_id, sequence, scope, event_type,
                        event_version, metadata, payload, recorded_at, hash)
    select last_position + row.n, row.event_id, row.command_id, row.aggregate_type, row.aggregate_id, row.sequence,
           row.scope, row.event_type, row.event_version, row.metadata::json, row.payload::json, batch_time, row.hash
    from unnest(event_ids, command_ids, aggregate_types, aggregate_ids, sequences, scopes, event_types,
                event_versions, metadatas, payloads, hashes)
         with ordinality as row (event_id, command_id, aggregate_type, aggregate_id, sequence, scope, event_type,
                                 event_version, metadata, payload, hash, n)
    returning events.position, events.recorded_at, events.hash;

    -- Nobody has proven that the predecessors of these events are in the log. A scalar subquery remains one lookup in
    -- `events_sequence`; an anti-join might be planned as a scan of the whole log.
    if cardinality(unproven) > 0 and exists (
        select from unnest(unproven) as x (n)
        where (
            select e.position from events e
            where e.aggregate_type = aggregate_types[x.n] and e.aggregate_id = aggregate_ids[x.n]
                and e.sequence = sequences[x.n] - 1
        ) is null
    ) then
        raise exception 'an event does not follow the last one of its aggregate' using errcode = 'CS002';
    end if;
    if side_rows ? 'keys' then
        insert into subject_keys (subject, wrapped, master, created_at)
        select r.subject, r.wrapped, r.master, batch_time
        from jsonb_to_recordset(side_rows -> 'keys') as r (subject text, wrapped bytea, master text);
    end if;
    if side_rows ? 'releases' then
        delete from reservations
        using jsonb_to_recordset(side_rows -> 'releases') as r (kind text, mac bytea)
        where reservations.kind = r.kind and reservations.mac = r.mac;
    end if;
    if side_rows ? 'reservations' then
        insert into reservations (kind, mac, owner)
        select r.kind, r.mac, r.owner
        from jsonb_to_recordset(side_rows -> 'reservations') as r (kind text, mac bytea, owner text);
    end if;
    if side_rows ? 'idempotency_keys' then
        delete from idempotency_keys i
        using jsonb_to_recordset(side_rows -> 'idempotency_keys') as r (principal text, operation text, key text)
        where i.principal = r.principal and i.operation = r.operation and i.key = r.key
            and i.created_at < batch_time - interval '24 hours';
        insert into idempotency_keys (principal, operation, key, body_mac, command_id, position, created_at)
        select r.principal, r.operation, r.key, r.body_mac, r.command_id,
               -- A command without events gets the position at which the log ended.
               last_position + coalesce(array_position(command_ids, r.command_id), 0), batch_time
        from jsonb_to_recordset(side_rows -> 'idempotency_keys')
            as r (principal text, operation text, key text, body_mac bytea, command_id uuid);
    end if;
    if side_rows ? 'leases' then
        insert into leases (run, owner, expires_at)
        select r.run, r.owner, batch_time + interval '10 seconds'
        from jsonb_to_recordset(side_rows -> 'leases') as r (run uuid, owner text);
    end if;
end
$$;

-- As processes of the previous version call it.
create or replace function append_events(
    seen_position bigint, seen_hash bytea,
    event_ids uuid[], command_ids uuid[], aggregate_types text[], aggregate_ids text[], sequences bigint[],
    scopes text[], event_types text[], event_versions text[], metadatas text[], payloads text[], digests bytea[],
    key_subjects text[], key_wrapped bytea[], key_masters text[],
    reservation_kinds text[], reservation_macs bytea[], reservation_owners text[],
    released_kinds text[], released_macs bytea[],
    idempotency_principals text[], idempotency_operations text[], idempotency_names text[],
    idempotency_macs bytea[], idempotency_commands uuid[],
    lease_runs uuid[], lease_owners text[],
    unproven int[],
    fixed_time timestamptz default null
) returns table (at_position bigint, at_time timestamptz, at_hash bytea)
language sql volatile as $$
    select * from append_events(
        seen_position, seen_hash, event_ids, command_ids, aggregate_types, aggregate_ids, sequences, scopes, event_types,
        event_versions, metadatas, payloads, digests,
        (select coalesce(jsonb_object_agg(kind, rows), '{}') from (values
            ('keys', (select jsonb_agg(r) from unnest(key_subjects, key_wrapped, key_masters)
                as r (subject, wrapped, master))),
            ('releases', (select jsonb_agg(r) from unnest(released_kinds, released_macs) as r (kind, mac))),
            ('reservations', (select jsonb_agg(r) from unnest(reservation_kinds, reservation_macs, reservation_owners)
                as r (kind, mac, owner))),
            ('idempotency_keys', (select jsonb_agg(r) from unnest(idempotency_principals, idempotency_operations,
                idempotency_names, idempotency_macs, idempotency_commands)
                as r (principal, operation, key, body_mac, command_id))),
            ('leases', (select jsonb_agg(r) from unnest(lease_runs, lease_owners) as r (run, owner)))
        ) as s (kind, rows) where rows is not null),
        unproven, fixed_time)
$$;

-- Processes of earlier versions are gone.
drop function append_events(
    bigint, bytea, uuid[], uuid[], text[], text[], bigint[], text[], text[], text[], text[], text[], bytea[], text[], bytea[],
    text[], text[], bytea[], text[], text[], bytea[], text[], text[], text[], bytea[], uuid[], uuid[], text[], timestamptz);
