"""To whom a case may be given, where it may be sent, and what its places are called."""

from datetime import date

from django.db.models import Q

from circle15.accounts.actors import Actor
from circle15.accounts.models import Post, User
from circle15.accounts.refusals import NotFound
from circle15.accounts.states import PERMISSIONS, Permission
from circle15.areas.models import Division
from circle15.areas.scope import EVERYWHERE, area_scope, paths_to
from circle15.areas.states import Level
from circle15.cases.actions.routing import may_handle_at, office_at
from circle15.cases.lines import CaseView
from circle15.cases.staff import named_at_post
from circle15.cases.states import BEFORE_INTAKE

_WORK_ON = {Permission.HANDLE_CASES, Permission.TAKE_IN}
_ROLES = tuple(role for role, may in PERMISSIONS.items() if may & _WORK_ON)


def colleagues(view: CaseView, *, by: Actor, on: date) -> tuple[tuple[str, str], ...]:
    """Return who may take over a case, by id, nearest to it first; not who has it now."""
    line = view.line
    is_before = line.state in BEFORE_INTAKE or not line.handler_path
    path = line.area_path if is_before else line.handler_path
    with area_scope(EVERYWHERE):
        held = Q(until__isnull=True) | Q(until__gte=on)
        posts = Post.objects.filter(held, role__in=_ROLES, since__lte=on)
        posts = posts.filter(area_path__in=[*paths_to(path), path]).order_by("id")
        by_person = {post.person_id: post for post in posts}
        users = User.objects.filter(person_id__in=by_person, is_active=True)
        found = [
            (by_person[user.person_id], user)
            for user in users.select_related("person").order_by("id")
            if user.pk not in {line.owner_id, by.user_id}
        ]
        found.sort(key=lambda pair: -len(pair[0].area_path))
        return tuple((str(user.pk), named_at_post(post, user)) for post, user in found)


def offices(view: CaseView) -> tuple[tuple[str, str], ...]:
    """Return the back offices of the city that may handle a case, but for its own."""
    line = view.line
    with area_scope(EVERYWHERE):
        city = paths_to(line.area_path)[0]
        rows = Division.objects.filter(
            path__startswith=city, level__in=(Level.CITY, Level.COUNTY)
        ).order_by("path")
        return tuple(
            (row.path, row.name)
            for row in rows
            if row.path != line.handler_path and may_handle_at(view.item, row.path)
        )


def office_name(path: str) -> str:
    """Name the back office at a path; "" for none."""
    if not path:
        return ""
    with area_scope(EVERYWHERE):
        try:
            return office_at(path).name
        except NotFound:
            return ""
