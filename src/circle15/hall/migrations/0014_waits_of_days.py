"""Keep how long people waited on a day so that days and halls add up; filled for those there are."""

from django.db import migrations, models

_SEE_ALL = "SELECT set_config('circle15.area', '/', true)"
_FILL = """
UPDATE hall_hallday d SET waits = found.waits
FROM (
    SELECT hall_id, day, jsonb_object_agg(minute::text, n) AS waits
    FROM (
        SELECT hall_id, day, minute, count(*) AS n
        FROM (
            SELECT t.hall_id, t.day,
                   least(180, floor((coalesce(s.wait_s, 0) + greatest(
                       extract(epoch FROM s.first_at - t.queued_at), 0)) / 60))::int AS minute
            FROM hall_ticket t
            JOIN LATERAL (
                SELECT min(begun_at) AS first_at, bool_or(state = 'called') AS was_called,
                       sum(extract(epoch FROM ended_at - begun_at))
                           FILTER (WHERE state = 'waiting') AS wait_s
                FROM hall_span WHERE ticket_id = t.id
            ) s ON s.was_called
        ) called
        GROUP BY hall_id, day, minute
    ) counted
    GROUP BY hall_id, day
) found
WHERE found.hall_id = d.hall_id AND found.day = d.day
"""
_AS_BEFORE = "SELECT set_config('circle15.area', '', true)"


class Migration(migrations.Migration):
    dependencies = [("hall", "0013_wait_for_ticket")]
    operations = [
        migrations.AddField("hallday", "waits", models.JSONField(default=dict)),
        migrations.RunSQL(sql=[_SEE_ALL, _FILL, _AS_BEFORE], reverse_sql=migrations.RunSQL.noop),
    ]
