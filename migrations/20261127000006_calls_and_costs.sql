-- The models that a run has asked, in their order, and what they cost in millionths of the currency of the prices.
alter table view_responses add column cost bigint, add column calls json;
