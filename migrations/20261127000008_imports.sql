-- Which product a conversation was imported from, and what its messages bring along that no run of ours tells.
alter table view_conversations add column imported_from text;
alter table view_messages add column model text;
alter table view_messages add column input_tokens bigint;
alter table view_messages add column output_tokens bigint;
