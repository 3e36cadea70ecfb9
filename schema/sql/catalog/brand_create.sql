-- Guarantees: the brand exists with its own name and the given spellings; a spelling belongs to
-- one brand. Locks the new rows only. Idempotent by the slug: a repeat returns the brand that is
-- there and adds the spellings that are not.

create or replace function catalog.brand_create(
    p_actor bigint,
    p_slug text,
    p_name text,
    p_country text,
    p_kind text,
    p_synonyms text[]
)
returns table (
    brand_id bigint,
    created boolean
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_id bigint;
    v_created boolean;
    v_added integer;
begin
    perform people.actor_require(p_actor, 'moderator');

    insert into catalog_data.brands as b (slug, name, country, kind)
    values (p_slug, btrim(p_name), p_country, p_kind)
    on conflict on constraint brand_slug_taken do nothing
    returning b.id into v_id;
    v_created := v_id is not null;

    if not v_created then
        select b.id into v_id
        from catalog_data.brands as b
        where b.slug = p_slug
            and b.name = btrim(p_name)
            and b.kind = p_kind;
        if v_id is null then
            raise exception using
                errcode = '23505',
                constraint = 'brand_slug_taken',
                message = format('Another brand is called %s.', p_slug);
        end if;
    end if;

    insert into catalog_data.brand_synonyms (brand_id, synonym)
    select distinct on (catalog_data.name_normalise(w.synonym)) v_id, btrim(w.synonym)
    from (select p_name union all select unnest(p_synonyms)) as w (synonym)
    order by catalog_data.name_normalise(w.synonym), w.synonym
    on conflict on constraint brand_synonyms_pkey do nothing;
    get diagnostics v_added = row_count;

    if v_created or v_added > 0 then
        perform ops.audit_write(
            p_actor, 'brand.create', 'brand', v_id::text,
            jsonb_build_object('slug', p_slug, 'synonyms', to_jsonb(p_synonyms)));
    end if;

    return query select v_id, v_created;
end
$$;

comment on function catalog.brand_create(bigint, text, text, text, text, text[]) is
    'A moderator adds a brand with its spellings; created is false when it was there already, and '
    'its new spellings are added. Raises: actor_unknown, actor_blocked, role_required, '
    'brand_slug_taken, brand_slug_shape, brand_name_filled, brand_country_shape, '
    'brand_kind_known, brand_synonym_taken, brand_synonym_filled.';

grant execute on function catalog.brand_create(bigint, text, text, text, text, text[])
    to kardan_api, kardan_bot;
