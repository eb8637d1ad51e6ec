"""The trail's tables, closed against change and shown by area."""

from django.db import migrations, models

TABLES = ("audit_event", "audit_link", "audit_head")

REFUSE = """
CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = '42501'; END $$
"""
# Statement triggers fire even when row-level security leaves no row to change.
CLOSE = """
CREATE TRIGGER {table}_no_{name} BEFORE {what} ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change()
"""
KINDS = {"change": "UPDATE OR DELETE", "truncate": "TRUNCATE"}
CLOSE_ALL = [
    CLOSE.format(table=table, name=name, what=what)
    for table in TABLES
    for name, what in KINDS.items()
]
OPEN_ALL = [f"DROP TRIGGER {table}_no_{name} ON {table}" for table in TABLES for name in KINDS]
# The owner is the role the application runs as, hence FORCE. Without a scope: NULL, no row.
# Everywhere ("/") comes first: the check of the chain must see a row whose path was falsified.
SHOW_BY_AREA = (
    "ALTER TABLE audit_event ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE audit_event FORCE ROW LEVEL SECURITY",
    """CREATE POLICY audit_event_read ON audit_event FOR SELECT
    USING (current_setting('circle15.area', true) = '/'
        OR starts_with(area_path, nullif(current_setting('circle15.area', true), '')))""",
    "CREATE POLICY audit_event_write ON audit_event FOR INSERT WITH CHECK (true)",
)
SHOW_ALL = (
    "DROP POLICY audit_event_write ON audit_event",
    "DROP POLICY audit_event_read ON audit_event",
    "ALTER TABLE audit_event NO FORCE ROW LEVEL SECURITY",
    "ALTER TABLE audit_event DISABLE ROW LEVEL SECURITY",
)


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Event",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("actor_id", models.BigIntegerField(null=True)),
                ("actor_name", models.TextField()),
                ("actor_role", models.TextField()),
                ("verb", models.TextField()),
                ("target_kind", models.TextField()),
                ("target_id", models.TextField()),
                ("area_path", models.TextField()),
                ("old", models.JSONField(null=True)),
                ("new", models.JSONField(null=True)),
                ("clause", models.TextField()),
                ("request_id", models.TextField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["at", "id"], name="audit_event_at"),
                    models.Index(fields=["actor_id", "at"], name="audit_event_actor"),
                    models.Index(
                        fields=["target_kind", "target_id", "at"], name="audit_event_target"
                    ),
                    models.Index(
                        fields=["area_path"],
                        name="audit_event_area",
                        opclasses=["text_pattern_ops"],
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("area_path__regex", "^/([^/]+/)*$")),
                        name="audit_event_area_is_path",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Head",
            fields=[
                ("last", models.BigIntegerField(primary_key=True, serialize=False)),
                ("first", models.BigIntegerField(unique=True)),
                ("chain_mac", models.BinaryField()),
                ("sealed_at", models.DateTimeField()),
                ("mac", models.BinaryField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("last__gte", models.F("first"))),
                        name="audit_head_positions_in_order",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Link",
            fields=[
                ("position", models.BigIntegerField(primary_key=True, serialize=False)),
                ("event_id", models.BigIntegerField(unique=True)),
                ("mac", models.BinaryField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("position__gte", 1)), name="audit_link_position_from_1"
                    )
                ],
            },
        ),
        migrations.RunSQL(
            sql=(REFUSE, *CLOSE_ALL),
            reverse_sql=(*OPEN_ALL, "DROP FUNCTION audit_refuse_change()"),
        ),
        migrations.RunSQL(sql=SHOW_BY_AREA, reverse_sql=SHOW_ALL),
    ]
