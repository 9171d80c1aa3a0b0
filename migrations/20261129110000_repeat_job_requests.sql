-- A request for a job that is sent again with its Idempotency-Key finds the job that the first one asked for.
alter table jobs add column request_mac bytea;
create unique index jobs_request_mac on jobs (requested_by, request_mac) where request_mac is not null;
