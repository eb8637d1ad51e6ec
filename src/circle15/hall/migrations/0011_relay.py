"""Tell the city what happens in a hall with its own instance, by triggers: no step forgets it."""

from django.db import migrations, models

from circle15.areas.row_security import by_area_path

# Nothing is written where no uplink is set up: the city itself, and halls without a server.
TELL = """
CREATE FUNCTION hall_tell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM hall_uplink) THEN
        INSERT INTO hall_outgoing (kind, ref, area_path)
        VALUES (TG_ARGV[0],
                CASE TG_TABLE_NAME WHEN 'hall_pause' THEN (to_jsonb(NEW) ->> 'session_id')::bigint
                                   ELSE NEW.id END,
                NEW.area_path);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER hall_span_told AFTER INSERT ON hall_span
    FOR EACH ROW EXECUTE FUNCTION hall_tell('span');
CREATE TRIGGER hall_session_told AFTER INSERT OR UPDATE ON hall_windowsession
    FOR EACH ROW EXECUTE FUNCTION hall_tell('seat');
CREATE TRIGGER hall_pause_told AFTER INSERT OR UPDATE ON hall_pause
    FOR EACH ROW EXECUTE FUNCTION hall_tell('seat');
"""
SILENT = """
DROP TRIGGER hall_pause_told ON hall_pause;
DROP TRIGGER hall_session_told ON hall_windowsession;
DROP TRIGGER hall_span_told ON hall_span;
DROP FUNCTION hall_tell();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("hall", "0010_appointments"),
    ]

    operations = [
        migrations.CreateModel(
            name="Outgoing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=5)),
                ("ref", models.BigIntegerField()),
                ("area_path", models.CharField(max_length=120)),
            ],
        ),
        migrations.AddField(
            model_name="hall",
            name="runs_itself",
            field=models.BooleanField(default=False),
        ),
        migrations.CreateModel(
            name="Received",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("origin", models.UUIDField()),
                ("seq", models.BigIntegerField()),
                ("area_path", models.CharField(max_length=120)),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("origin", "seq"), name="hall_received_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Uplink",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False),
                ),
                ("area_path", models.CharField(max_length=120)),
                ("site_code", models.CharField(max_length=24)),
                ("city_url", models.CharField(max_length=200)),
                ("token_sealed", models.TextField()),
                ("origin", models.UUIDField()),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("failed_at", models.DateTimeField(blank=True, null=True)),
                ("problem", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="hall_uplink_one")
                ],
            },
        ),
        by_area_path("hall_outgoing"),
        by_area_path("hall_received"),
        by_area_path("hall_uplink"),
        migrations.RunSQL(TELL, SILENT),
    ]
