"""The life of a round of money on its page: its applications, and how it is closed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from circle15.accounts.actors import Actor
from circle15.accounts.states import Permission
from circle15.programme.funds.closing import ask_closing, close, keep_open, link_round
from circle15.programme.funds.together import applications_of, rounds_to_link
from circle15.programme.funds_models import FundRound
from circle15.programme.rounds.queries import name_of_round, rounds
from circle15.web.bureau.funds.forms import CLOSING, CloseForm, LinkForm
from circle15.web.bureau.programme.shown import application_row
from circle15.web.shared.access import StaffRequest


def life_forms(
    request: StaffRequest, of: FundRound, data: Any = None
) -> list[LinkForm | CloseForm]:
    """Return what the reader may do with a round: nothing where it is another's or closed."""
    by = request.actor
    manages = by.can(Permission.MANAGE_FUNDS) and by.covers(of.area_path)
    if not manages or of.closed_at is not None:
        return []
    found: list[LinkForm | CloseForm] = []
    if by.can(Permission.VIEW_PROGRAMME):
        choices = [(str(one.uid), name_of_round(one)) for one in rounds_to_link(by, of)]
        initial = {"applications": str(of.applications.uid) if of.applications else ""}
        found.append(LinkForm(data, rounds=choices, initial=initial))
    acts = ("ask", "close", "keep") if of.asked_at else ("ask",)
    words = {"words": of.rest_words}
    return [*found, *(CloseForm(data, act=act, initial=words) for act in acts if act in CLOSING)]


def take(form: LinkForm | CloseForm, of: FundRound, *, by: Actor, at: datetime) -> FundRound:
    """Take the step a form asks for. Raises what its action raises."""
    given = form.cleaned_data
    if form.act == "link":
        chosen = given["applications"]
        return link_round(uid=of.uid, applications=UUID(chosen) if chosen else None, by=by, at=at)
    if form.act == "ask":
        return ask_closing(uid=of.uid, words=given["words"], by=by, at=at)
    return (close if form.act == "close" else keep_open)(uid=of.uid, by=by, at=at)


def linked_round(by: Actor, of: FundRound) -> dict[str, Any]:
    """Return the round of applications the money is for, where the reader may see it."""
    if of.applications is None or not by.can(Permission.VIEW_PROGRAMME):
        return {}
    one = rounds(by).filter(pk=of.applications.pk).first()
    return {"linked": one, "linked_name": name_of_round(one)} if one else {}


def application_states(by: Actor, of: FundRound) -> dict[str, dict[str, Any]]:
    """Return how the application of each site stands, by its path."""
    if not by.can(Permission.VIEW_PROGRAMME):
        return {}
    return {path: application_row(one) for path, one in applications_of(by, of).items()}
