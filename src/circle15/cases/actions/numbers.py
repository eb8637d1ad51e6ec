"""Numbers of cases: county, day, and a count without gaps."""

from datetime import date

from django.db import connection

from circle15.areas.scope import paths_to

_DIVISION_CODE = 12
# Its row stays locked until the commit: a number given back by a rollback is given again.
_NEXT = """
INSERT INTO cases_casecounter (area_path, day, last) VALUES (%s, %s, 1)
ON CONFLICT (area_path, day) DO UPDATE SET last = cases_casecounter.last + 1
RETURNING last
"""


def county_of(area_path: str) -> str:
    """Return the path of the county an area lies in; the city's for what lies in none."""
    city, *below = paths_to(area_path)
    is_county = below and len(below[0].strip("/").rpartition("/")[2]) == _DIVISION_CODE
    return below[0] if is_county else city


def next_number(area_path: str, on: date) -> str:
    """Give the next number of the county and day; take it last, others wait for the commit."""
    county = county_of(area_path)
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [county, on])
        last = cursor.fetchone()[0]
    code = county.strip("/").rpartition("/")[2]
    return f"{code[:6]}{on:%Y%m%d}{last:05}"
