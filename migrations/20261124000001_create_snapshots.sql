-- The state of long aggregates at some event, so that loading one need not fold all of them. Derived from the log
-- alone: any row may be deleted at any time. No text of people stands here, for aggregates hold none.
create table snapshots (
    aggregate_type text not null,
    aggregate_id text not null,
    -- Of the form in which the state is written; another form is as good as no snapshot.
    form integer not null,
    sequence bigint not null check (sequence > 0),
    state bytea not null,
    -- SHA-256 of the state: one that was damaged is not believed.
    digest bytea not null,
    constraint snapshots_aggregate primary key (aggregate_type, aggregate_id)
);
