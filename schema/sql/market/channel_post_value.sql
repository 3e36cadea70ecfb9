-- Guarantees: what a post shows of a listing, as it is told to a sender: market.listing_post with
-- as much of the description as a message of Telegram can hold. Null before the first publication.
create or replace function market.channel_post_value(p_listing bigint)
returns jsonb
language sql
stable
parallel safe
return (
    select p.value
        || jsonb_build_object('description', left(p.value ->> 'description', 4096))
    from (select market.listing_post(p_listing)) as p (value)
);

comment on function market.channel_post_value(bigint) is
    'Helper: what a post in a channel shows of a listing. Raises: nothing.';
