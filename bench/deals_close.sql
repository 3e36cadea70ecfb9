-- A buyer asks for a piece, the seller confirms it: two calls, each its own transaction.
\set listing random(:first, :last)
\set buyer random(:first_buyer, :last_buyer)
select r.deal_id from market.deal_request(:buyer, :listing, 1) as r \gset
select from market.deal_confirm(:seller, :deal_id::uuid);
