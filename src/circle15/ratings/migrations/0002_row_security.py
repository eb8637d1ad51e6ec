"""Show ratings, their sums and orders in their area only; spans and appeals with their order."""

from django.db import migrations

from circle15.areas.row_security import SCOPE, by_area_path, protect

OF_VISIBLE_ORDER = "EXISTS (SELECT FROM ratings_order WHERE ratings_order.id = order_id)"


class Migration(migrations.Migration):
    dependencies = [("ratings", "0001_initial"), ("areas", "0001_initial")]
    operations = [
        *(
            by_area_path(f"ratings_{table}")
            for table in ("rating", "tally", "marktally", "dueday", "order")
        ),
        *(protect(f"ratings_{part}", OF_VISIBLE_ORDER) for part in ("orderspan", "appeal")),
        # A site counts with its county's numbers.
        protect(
            "ratings_ordercounter",
            f"starts_with(area_path, {SCOPE}) OR starts_with({SCOPE}, area_path)",
        ),
    ]
