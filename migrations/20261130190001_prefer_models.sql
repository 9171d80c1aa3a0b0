-- The default and favourite models of users.
alter table view_preferences
    add column default_model text,
    add column favorite_models text[] not null default '{}';
