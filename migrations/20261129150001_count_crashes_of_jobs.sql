-- Workers that died over a job, whatever ended them; and when a job that was put back may be taken again.
alter table jobs add column crashes integer not null default 0;
alter table jobs add column not_before timestamptz;
