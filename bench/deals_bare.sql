-- Two bare updates of a row, each its own transaction: what two locked steps cost at least.
\set id random(:first, :last)
update bench_bare set n = n + 1 where id = :id;
update bench_bare set n = n + 1 where id = :id;
