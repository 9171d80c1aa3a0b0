-- Backups keep the tombstones beside them up to date: whether there are new ones is asked all the time.
create index subject_keys_destroyed on subject_keys (destroyed_at) where wrapped is null;
