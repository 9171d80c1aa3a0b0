-- Plans its query once for each connection, and where it is called at all. As a function in SQL it became part of each
-- statement that names it: planning took 3 ms before every answer, also where the conversation has its model.
--
-- The model that was chosen, as long as its provider lists it or somebody has named it, else the first of the provider
-- that has worked for longest. A function, since every message asks for it beside something else.
create or replace function default_model() returns text
language plpgsql stable as $$
begin
    return coalesce(
        (select d.model from view_default_model d where d.model like 'builtin/%'),
        (select d.model from view_default_model d
         cross join lateral (select split_part(d.model, '/', 1) as provider,
                                    substr(d.model, strpos(d.model, '/') + 1) as model) named
         join view_providers p on p.name = named.provider
         where named.model = any (p.named_models)
            or exists (select from view_models m where m.provider_id = p.id and m.model = named.model)),
        (select p.name || '/' || m.model
         from view_providers p cross join lateral (
             select model, place::bigint as place from view_models where provider_id = p.id and answers
             union all
             select named, 1000000 + place from unnest(p.named_models) with ordinality as names (named, place)
         ) m
         where p.health = 'ok' order by p.created_at, p.id, m.place limit 1)
    );
end
$$;
