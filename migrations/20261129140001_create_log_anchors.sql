-- Ends of the log, each with a MAC under the master key. ADR 0031.
create table log_anchors (
    log_id uuid not null,
    position bigint not null,
    hash text not null,
    recorded_at timestamptz not null,
    restored boolean not null,
    mac text not null,
    constraint log_anchors_mac primary key (mac)
);
