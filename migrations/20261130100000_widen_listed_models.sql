-- How much a listed model may say at once, and the models that an administrator has named because the provider lists none.

alter table view_models add column max_output_tokens integer;
alter table view_providers add column named_models text[] not null default '{}';
