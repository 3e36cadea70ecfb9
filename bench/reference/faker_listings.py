"""Listings as Python's Faker makes them, for COPY: `faker_listings.py ROWS FILE`. As many columns as `kardan seed` writes that a
listing must have, each of the right type; Faker knows no parts, so its sentences stand for titles and descriptions."""

import csv
import sys

from faker import Faker

COLUMNS = [
    "id", "kind", "status", "owner_user_id", "created_by", "title", "description", "category_id", "subcategory_id",
    "brand_label", "part_number", "condition", "place_id", "currency", "price_minor", "stock_quantity", "contact_name",
    "contact_phone", "contact_telegram", "created_at", "updated_at",
]


def main():
    rows, path = int(sys.argv[1]), sys.argv[2]
    fake = Faker("ru_RU")
    Faker.seed(1)
    with open(path, "w", newline="") as file:
        out = csv.writer(file)
        out.writerow(COLUMNS)
        for number in range(1_000_000, 1_000_000 + rows):
            person = fake.random_int(1, 500)
            at = fake.date_time_between("-2y").isoformat()
            out.writerow([
                number, "part", "draft", person, person, fake.sentence(nb_words=6), fake.text(max_nb_chars=200), 1, 2,
                fake.company()[:60], fake.bothify("?##-####-??").upper(), fake.random_element(("new", "used")),
                fake.random_int(1, 50), "RUB", fake.random_int(10_000, 10_000_000), fake.random_int(1, 20), fake.name(),
                fake.phone_number(), fake.user_name(), at, at,
            ])


if __name__ == "__main__":
    main()
