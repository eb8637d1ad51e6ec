"""Items of an edition that is no draft are frozen: cases stand on them."""

from django.db import migrations

FREEZE = """
CREATE FUNCTION items_itemversion_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE of_edition bigint := CASE TG_OP WHEN 'DELETE' THEN OLD.edition_id ELSE NEW.edition_id END;
BEGIN
  IF EXISTS (SELECT FROM items_edition WHERE id = of_edition AND state <> 'draft')
     OR TG_OP = 'UPDATE' AND OLD.edition_id <> NEW.edition_id THEN
    RAISE EXCEPTION 'items of an edition that is no draft are frozen';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("items", "0001_initial")]
    operations = [
        migrations.RunSQL(
            sql=[
                FREEZE,
                """CREATE TRIGGER items_itemversion_frozen
                BEFORE INSERT OR UPDATE OR DELETE ON items_itemversion
                FOR EACH ROW EXECUTE FUNCTION items_itemversion_frozen()""",
            ],
            reverse_sql=[
                "DROP TRIGGER items_itemversion_frozen ON items_itemversion",
                "DROP FUNCTION items_itemversion_frozen()",
            ],
        )
    ]
