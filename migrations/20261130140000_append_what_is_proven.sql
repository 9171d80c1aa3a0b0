-- Looks only for the predecessors that the caller cannot prove: what it has appended itself lies before the position and
-- hash that it has seen, and CS001 tells where the log does not have those. A look costs 2.5 us, an event 15.
--
-- Appends one batch: events in the order given, and the rows that belong to the same commands.
-- VOLATILE and READ COMMITTED, so that what follows the lock sees what the lock waited for.
-- `unproven` counts the events from 1 whose predecessor must be looked for.
-- CS001: the log no longer has the (position, hash) that the caller has seen.
-- CS002: the log does not have the event before one of these in its aggregate: the caller has seen what was lost.
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

    -- Of these nobody has proven that the event before them is in the log. A scalar subquery stays one look into
    -- `events_sequence`; as an anti-join it might be planned as a scan of the whole log.
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
               -- A command without events stands where the log ended.
               last_position + coalesce(array_position(command_ids, i.command), 0), batch_time
        from unnest(idempotency_principals, idempotency_operations, idempotency_names, idempotency_macs,
                    idempotency_commands) as i (principal, operation, key, mac, command);
    end if;
    if cardinality(lease_runs) > 0 then
        insert into leases (run, owner, expires_at)
        select l.run, l.owner, batch_time + interval '10 seconds' from unnest(lease_runs, lease_owners) as l (run, owner);
    end if;
end
$$;

-- As nodes of the version before call it: every event but the first of its aggregate is looked for.
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
    fixed_time timestamptz default null
) returns table (at_position bigint, at_time timestamptz, at_hash bytea)
language sql volatile as $$
    select * from append_events(
        seen_position, seen_hash, event_ids, command_ids, aggregate_types, aggregate_ids, sequences, scopes, event_types,
        event_versions, metadatas, payloads, digests, key_subjects, key_wrapped, key_masters, reservation_kinds,
        reservation_macs, reservation_owners, released_kinds, released_macs, idempotency_principals,
        idempotency_operations, idempotency_names, idempotency_macs, idempotency_commands, lease_runs, lease_owners,
        array(select n::int from unnest(sequences) with ordinality as x (sequence, n) where sequence > 1), fixed_time)
$$;
