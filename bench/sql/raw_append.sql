-- The limit of an append: one row of the size of a short message, one transaction, one durable commit.
\set sequence random(1, 2000000000)
insert into raw_events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
values ('conversation', gen_random_uuid()::text, :sequence, 'message_posted', '1',
        '{"message_id":"019a0000-0000-7000-8000-000000000000","parent_id": null,"author":"019a0000-0000-7000-8000-000000000001","content":"How does a view that was lost come back, and what do readers see in the meantime?","attachments": []}'::json,
        '{"actor":{"kind":"user","id":"019a0000-0000-7000-8000-000000000001"},"request": null,"via":"api"}'::json);
