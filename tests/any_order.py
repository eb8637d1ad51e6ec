"""Rows that no query put in order come in another order each time (`CIRCLE15_ANY_ORDER=1`).

PostgreSQL promises none, but a small fresh table gives its rows as they were written: a missing
`order_by` shows itself once in a hundred runs. Here it does in nearly every one.
"""

import random

from django.db.models import QuerySet


def shuffle_what_is_unordered() -> None:
    """Mix the rows of every selection that asked for no order."""
    fetch = QuerySet._fetch_all

    def fetch_and_mix(asked: QuerySet) -> None:
        is_new = asked._result_cache is None
        fetch(asked)
        if is_new and not asked.ordered:
            random.shuffle(asked._result_cache)

    QuerySet._fetch_all = fetch_and_mix
