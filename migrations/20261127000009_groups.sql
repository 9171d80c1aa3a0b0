-- People whom managers have put together.
create table view_groups (
    id uuid primary key,
    version bigint not null,
    name text not null,
    description text not null,
    created_at timestamptz not null,
    updated_at timestamptz not null
);

create table view_group_members (
    group_id uuid not null,
    user_id uuid not null,
    added_at timestamptz not null,
    primary key (group_id, user_id)
);
create index view_group_members_user on view_group_members (user_id);

-- The groups that read it, where its visibility is "groups".
alter table view_knowledge_bases add column group_ids uuid[] not null default '{}';

-- The knowledge bases that somebody may read: the one place that says who reads what. The planner takes it apart.
create function readable_knowledge_bases(reader uuid) returns table (id uuid) language sql stable as $$
    select k.id from view_knowledge_bases k
    where k.owner_id = reader
       or k.visibility = 'everyone'
       or (k.visibility = 'groups'
           and exists (select from view_group_members m where m.user_id = reader and m.group_id = any (k.group_ids)))
$$;
