-- Whether its reader found an answer good: up or down.
alter table view_messages add column feedback text;
