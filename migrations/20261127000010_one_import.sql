-- One import of a person at a time, also where many are asked for at once. Of those that are open together already, the
-- first goes on.
update jobs j set status = 'cancelled', ended_at = clock_timestamp()
where kind = 'import' and ended_at is null
  and exists (select from jobs o where o.kind = 'import' and o.ended_at is null and o.requested_by = j.requested_by
              and o.id < j.id);
create unique index jobs_one_import on jobs (requested_by) where kind = 'import' and ended_at is null;
