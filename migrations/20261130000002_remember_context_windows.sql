-- Tokens that the model of a run takes: what bounded its prompt, so that the prompt can be made again.
alter table view_responses add column context_window integer;
