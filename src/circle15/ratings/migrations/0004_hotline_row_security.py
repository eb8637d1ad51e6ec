"""What waits for 12345 and for phones, and what came back, is seen with its order."""

from django.db import migrations

from circle15.areas.row_security import protect

OF_VISIBLE_ORDER = "EXISTS (SELECT FROM ratings_order WHERE ratings_order.id = order_id)"


class Migration(migrations.Migration):
    dependencies = [("ratings", "0003_hotline_and_texts")]
    operations = [
        protect(f"ratings_{table}", OF_VISIBLE_ORDER)
        for table in ("citymessage", "cityword", "ordertext")
    ]
