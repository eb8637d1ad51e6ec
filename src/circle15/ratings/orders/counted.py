"""What each number of orders counts: one definition for figures and the lists behind them."""

from collections.abc import Mapping

from django.db.models import Q

from circle15.ratings.states import OPEN, OrderKind, OrderState

_BAD = Q(kind=OrderKind.BAD_RATING, is_excluded=False)
_NAMED = _BAD & Q(is_real_name=True)
# Opened anew, what the former round did no longer counts.
_STANDS = ~Q(state=OrderState.REOPENED)
_REPLIED, _DONE = _STANDS & Q(answered_at__isnull=False), _STANDS & Q(handled_at__isnull=False)
_ASKED, _IS_OPEN = Q(confirmed_at__isnull=False), Q(state__in=OPEN)

COUNTED: Mapping[str, Q] = {
    "orders": _BAD,
    "replied": _BAD & _REPLIED,
    "rectified": _BAD & _ASKED & _DONE,
    "revisited": _BAD & _ASKED,
    "content": _BAD & _ASKED & Q(is_satisfied=True),
    "named": _NAMED,
    "named_replied": _NAMED & _REPLIED,
    "named_rectified": _NAMED & _DONE,
    "named_revisited": _NAMED & _ASKED,
    "excluded": Q(is_excluded=True),
    "open_orders": _IS_OPEN,
    "overdue": _IS_OPEN & Q(overdue_at__isnull=False),
}
