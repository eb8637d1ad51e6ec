"""Every route of the house, found in the URL configuration, with arguments of a place."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from tests.web.matrix.assessed import RULE
from tests.web.matrix.world import BOOK, FACT, Place

from circle15.web.shared.access import Access, accesses_of

# Arguments that name something of a place: what they are called in `Place.arguments`.
OF_A_PLACE = {
    "code": "code",
    "evidence_id": "evidence_id",
    "sheet_id": "sheet_id",
    "user_id": "user_id",
    "post_id": "post_id",
    "person_uid": "person_uid",
    "uid": "uid",
    "run_uid": "uid",
    "plan_uid": "plan_uid",
    "device_uid": "device_uid",
    "window_id": "window_id",
    "ticket_uid": "ticket_uid",
    "token_uid": "token_uid",
    "message_uid": "message_uid",
    "difference_uid": "difference_uid",
    "wish_uid": "wish_uid",
    "alarm_id": "alarm_id",
    "insured_uid": "insured_uid",
    "need_uid": "need_uid",
    "follow_up_uid": "follow_up_uid",
    "served_uid": "served_uid",
    "handler_uid": "handler_uid",
    "case_uid": "case_uid",
    "joint_uid": "joint_uid",
    "file_uid": "file_uid",
    "absence_id": "absence_id",
    "record_uid": "record_uid",
    "consultation_uid": "consultation_uid",
    "draw_uid": "draw_uid",
    "check_uid": "check_uid",
    "finding_uid": "finding_uid",
    "order_uid": "order_uid",
    "award_uid": "award_uid",
    "typical_uid": "typical_uid",
    "typical_file_uid": "typical_file_uid",
    "warning_uid": "warning_uid",
    "supervision_uid": "supervision_uid",
    "report_uid": "report_uid",
    "hand_in_uid": "hand_in_uid",
    "pharmacy_uid": "pharmacy_uid",
    "price_list_uid": "price_list_uid",
    "agreement_uid": "agreement_uid",
    "campaign_uid": "campaign_uid",
    "entry_uid": "entry_uid",
    "title_id": "title_id",
    "project_uid": "project_uid",
    "assignment_uid": "assignment_uid",
    "file_id": "duty_file_id",
    "notice_uid": "notice_uid",
    "round_uid": "round_uid",
    "application_uid": "application_uid",
    "target_uid": "target_uid",
    "session_uid": "session_uid",
    "material_id": "material_id",
    "activity_uid": "activity_uid",
    "survey_uid": "survey_uid",
    "incident_uid": "incident_uid",
    "fund_uid": "fund_uid",
    "fund_round_uid": "fund_round_uid",
}
# A route that needs another one of the place than the rest.
OF_A_ROUTE = {
    ("core_set_aside", "message_uid"): "aside_uid",
    ("core_case", "case_uid"): "filed_uid",
    ("plan_cancel", "plan_uid"): "waiting_uid",
}
# Arguments that are the same everywhere.
OF_THE_HOUSE: dict[str, object] = {
    "book": BOOK,
    "name": FACT,
    "layer": "sites",
    "status": 404,
    "form": "xlsx",
    "edition_id": None,
    "catalogue_id": None,
    "template_id": None,
    "paper": "granted",
    "key": "certificate",
    "size": "a4",
    "act": "withdraw",
    "which": "receipt",
    "media": "pdf",
    "kind": "coverage",
    "digest": None,
    # The link of a ticket is the right to it; nobody has this one.
    "link": UUID(int=1),
    "label": "A1",
    "hall_code": "nowhere",
    "site_code": "nowhere",  # its public board is everybody's
    "item": "certificate",
    "event": "birth",
    "door": "jiangsu-app",
    "appointment_uid": UUID(int=1),
    # A photo that is read is there for who asked only (tests/web/cases/test_photo.py).
    "reading_uid": UUID(int=1),
    # Of insured people at home: links nobody has.
    "code_uid": UUID(int=1),
    "mandate_uid": UUID(int=1),
    "secret": "0" * 32,
    "window": 1,
    "number": 1,
    "step": "pick",
    "group": "enrolment",
    "width": 80,
    "period": "2026Q1",
    "measure": "tickets",
    "rule_id": RULE,
    "task": "plan",
    "table": "journal",
}
# What is asked of a route by another word than of the rest.
IN_A_ROUTE = {
    ("campaign_line_act", "act"): "confirm",
    ("campaign_site_act", "act"): "confirm_rest",
    ("title_act", "act"): "ask",
    ("pharmacy_step", "act"): "keep",
    ("price_list_step", "act"): "drop",
    ("agreement_step", "act"): "end",
    ("outlet_step", "act"): "items",
    ("construction_step", "step"): "guarantee",
    ("duty_step", "step"): "progress",
    ("round_act", "act"): "start",
    ("round_file", "paper"): "notice",
    ("activity_new", "kind"): "patrol",
    ("incident_act", "act"): "follow_up",
    ("training_plan_act", "act"): "line",
    ("training_session_act", "act"): "cancel",
    ("fund_new", "kind"): "use",
    ("fund_act", "act"): "refuse",
    ("fund_look", "act"): "dismiss",
    ("fund_round_act", "act"): "link",
    ("setup_do", "act"): "bureaus",
}
FORMS = ("xlsx", "docx", "pdf")


@dataclass(frozen=True, slots=True)
class Route:
    """An address, what its arguments are called, and what it declares for each method."""

    name: str
    parameters: tuple[str, ...]
    reading: Access | None
    writing: Access | None

    @property
    def owned(self) -> tuple[str, ...]:
        return tuple(name for name in self.parameters if name in OF_A_PLACE)

    def access(self, method: str) -> Access | None:
        return self.writing if method == "POST" else self.reading

    def addresses(self, place: Place, house: dict[str, object]) -> list[str]:
        """Return the addresses of the route at a place; none if there is nothing of the kind."""
        known = {name: place.arguments.get(self._argument(name)) for name in self.owned}
        if None in known.values():
            return []
        rest = {
            name: IN_A_ROUTE.get((self.name, name), house[name])
            for name in self.parameters
            if name not in known
        }
        forms = FORMS if "form" in rest else ("",)
        return [reverse(self.name, kwargs=known | _with_form(rest, form)) for form in forms]

    def _argument(self, name: str) -> str:
        return OF_A_ROUTE.get((self.name, name), OF_A_PLACE[name])


def _with_form(rest: dict[str, object], form: str) -> dict[str, object]:
    return rest | {"form": form} if form else rest


@cache
def routes() -> tuple[Route, ...]:
    """Return all routes; fails on one without a name or with an argument nobody knows here."""
    found = tuple(_walk(get_resolver(), ""))
    unknown = {
        (route.name, name)
        for route in found
        for name in route.parameters
        if name not in OF_A_PLACE and name not in OF_THE_HOUSE
    }
    assert not unknown, f"say in tests/web/matrix/routes.py what these are: {unknown}"
    return found


def _walk(resolver: URLResolver, space: str) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver) and entry.namespace == "api":
            continue  # asked by tests/api/test_steps.py, with tokens and keys
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from _walk(entry, inner)
        else:
            yield _route(entry, space)


def _route(entry: URLPattern, space: str) -> Route:
    assert entry.name, f"a route without a name: {entry.pattern}"
    accesses = accesses_of(entry.callback)
    assert all(access.is_declared for access in accesses), entry.name
    by_mode = {access.mode: access for access in accesses}
    return Route(
        name=space + entry.name,
        parameters=tuple(entry.pattern.regex.groupindex),
        reading=by_mode.get("reads"),
        writing=by_mode.get("writes"),
    )
