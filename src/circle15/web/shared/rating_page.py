"""The steps of rating a service, the same on phone, pad, machine and at home: a grade, then why.

Each step is a page of its own and works without a script. A bad grade asks why by one tap.
"""

from dataclasses import dataclass

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from circle15.ratings.orders.opening import Asker
from circle15.ratings.rating import Given
from circle15.ratings.states import RatedBy
from circle15.standards.ratings import labels_of, rating_rules
from circle15.web.shared.item_words import said

MOST_PHONE = 20


@dataclass(frozen=True, slots=True)
class GradeShown:
    """A face to tap."""

    value: int
    name: str
    icon: str
    is_chosen: bool


def chosen_grade(given: QueryDict) -> int | None:
    """Return the grade that was tapped, if it is one."""
    text = given.get("grade", "")
    grade = int(text) if text.isascii() and text.isdecimal() and len(text) == 1 else None
    return grade if grade in rating_rules().grades else None


def given_of(posted: QueryDict, *, asker: Asker | None = None) -> Given:
    """Return what was ticked; a grade that is none becomes 0, which is refused with words."""
    person = posted.get("person_grade", "")
    phone = posted.get("phone", "").strip()[:MOST_PHONE]
    return Given(
        item_grade=chosen_grade(posted) or 0,
        person_grade=int(person) if person.isascii() and person.isdecimal() else None,
        labels=[each for each in posted.getlist("labels") if each],
        text=posted.get("text", ""),
        asker=asker or Asker(phone=phone),
    )


def steps(  # noqa: PLR0913 -- what differs between the doors
    request: HttpRequest,
    *,
    channel: RatedBy,
    is_visit: bool,
    asks_phone: bool = True,
    asks_text: bool = True,
    refusal: str = "",
) -> dict[str, object]:
    """Return what the templates of a rating need: all grades, or one with its labels."""
    rules = rating_rules()
    given = request.POST if request.method == "POST" else request.GET
    grade = chosen_grade(given)
    is_bad = grade is not None and rules.is_bad(grade)
    found = labels_of(grade) if grade is not None else ()
    return {
        "grades": _grades(grade),
        "grade": grade,
        "grade_name": said(rules.grades[grade]) if grade is not None else "",
        "is_bad": is_bad,
        "core": [(each.code, said(each.name)) for each in found if each.is_core],
        "more": [(each.code, said(each.name)) for each in found if not each.is_core],
        "rates_person": is_visit and rules.ways[channel].rates_person,
        "asks_phone": asks_phone and is_bad,
        "asks_text": asks_text,
        "most_text": rules.text_length,
        "text": given.get("text", ""),
        "phone": given.get("phone", ""),
        "refusal": refusal,
        "voluntary": _("评价自愿，不写姓名；工作人员看不到是谁评的。"),
    }


def _grades(chosen: int | None) -> list[GradeShown]:
    return [
        GradeShown(value, said(name), f"face-{value}", value == chosen)
        for value, name in rating_rules().grades.items()
    ]
