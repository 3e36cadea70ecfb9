-- What enough people flag is hidden whether or not its last piece is put aside for a buyer.

insert into market_data.listing_moves (from_status, to_status, event)
values ('reserved', 'pending', 'resubmitted');
