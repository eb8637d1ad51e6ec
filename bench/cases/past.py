"""A past of cases for the benchmarks: seven counties, their towns and sites, 6 % open."""
# ruff: noqa: PLC0415 -- models need the set-up

CITY = "/320600000000/"
COUNTIES, TOWNS, SITES = 7, 15, 18

# Numbers, people and days by arithmetic: the same rows every time, no chance needed.
_FILL = """
INSERT INTO cases_case (
    uid, number, item_key, item_version_id, person_uid, person_name, person_path, organisation_name,
    agent_name, channel, mode, site_name, authority, area_path, handler_path, state, since,
    first_owner_id, first_owner_name, owner_id, owner_name, covered_name, answers, form_sealed,
    opened_at, submitted_at, accepted_at, due_on, is_forecast, urgent_on, outcome, basis,
    decision_note, decided_at, decided_by_name, result_number, appeals, closed_at, once_holder,
    once_key, is_synthetic)
SELECT
    gen_random_uuid(), 'P' || lpad(n::text, 18, '0'), 'own-record', %(version)s,
    gen_random_uuid(), '合**', county, '', '', 'window', 'ordinary', '合成网点', 'handle',
    county || town || '/' || site || '/',
    CASE WHEN n %% 3 = 0 THEN county ELSE county || town || '/' || site || '/' END,
    state, at, n %% 400, '', CASE WHEN is_open AND n / 16 %% 3 > 0 THEN n %% 400 END, '', '',
    '{}', repeat('x', 120), at, at, at, (at + interval '20 days')::date, false,
    CASE WHEN is_open THEN (at + interval '20 days')::date ELSE at::date END,
    CASE WHEN is_open THEN '' ELSE 'approved' END, '', '',
    CASE WHEN is_open THEN NULL ELSE at + interval '9 days' END, '', '', 0,
    CASE WHEN is_open THEN NULL ELSE at + interval '10 days' END, '', '', true
FROM (
    SELECT n, n %% 16 = 0 AS is_open,
        CASE WHEN n %% 16 <> 0 THEN 'closed'
            ELSE (ARRAY['accepted', 'accepted', 'handling', 'review', 'ready', 'submitted'])
                [1 + n / 16 %% 6] END AS state,
        timestamptz '2026-11-20 09:00+08' - (%(count)s - n) * interval '150 days' / %(count)s AS at,
        '/320600000000/3206' || lpad((81 + n %% %(counties)s)::text, 2, '0') || '000000/' AS county,
        '3206' || lpad((81 + n %% %(counties)s)::text, 2, '0')
            || lpad((100 + n / 7 %% %(towns)s)::text, 3, '0') || '000' AS town,
        'S-' || n / 105 %% %(sites)s AS site
    FROM generate_series(1, %(count)s) n) rows
"""


def fill(count: int) -> None:
    """Write so many past cases of a catalogue that is in force."""
    from django.db import connection
    from django.utils import timezone

    from circle15.items.queries import version_on

    if not count:
        return
    values = {
        "count": count,
        "counties": COUNTIES,
        "towns": TOWNS,
        "sites": SITES,
        "version": version_on("own-record", timezone.localdate()),
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('circle15.area', '/', false)")
        cursor.execute(_FILL, values)
        cursor.execute("VACUUM ANALYZE cases_case")
        cursor.execute("SELECT set_config('circle15.area', '', false)")
