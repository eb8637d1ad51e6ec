"""Where somebody worked when something was done, for trails that keep the account only."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import F

from circle15.accounts.models import Post


@dataclass(frozen=True, slots=True)
class Doer:
    """An account in a role on a day, as an event of the trail names it."""

    user_id: int
    role: str
    on: date


def workplaces(doers: Iterable[Doer]) -> dict[Doer, str]:
    """Name the site each worked at, or the bureau of those who work for a whole division.

    One query for all. Who held no such post on that day is left out.
    """
    wanted = set(doers)
    own_first = F("covers_id").asc(nulls_first=True)
    held = (
        Post.objects.filter(person__user__in={doer.user_id for doer in wanted})
        .select_related("organisation", "person__user")
        .order_by(own_first, "-since", "id")
    )
    posts = list(held) if wanted else []
    found = ((doer, next((post for post in posts if _is_of(post, doer)), None)) for doer in wanted)
    return {doer: _place(post) for doer, post in found if post is not None}


def _is_of(post: Post, doer: Doer) -> bool:
    is_held = post.since <= doer.on and (post.until is None or doer.on <= post.until)
    return is_held and (post.person.user.pk, post.role) == (doer.user_id, doer.role)


def _place(post: Post) -> str:
    # The post of an officer covers the division of the organisation, any other one a site in it.
    whole = post.area_path == post.organisation.area_path
    return post.organisation.name if whole else post.area_name
