"""A register as a workbook: masked, every cell text, a line on the trail, never very many."""

from collections.abc import Sequence
from datetime import datetime
from itertools import islice

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import Refused
from circle15.audit.actions import record
from circle15.core.papers.sheet import text_workbook
from circle15.ledger.people.areas import service_area
from circle15.ledger.people.cards import PersonCard
from circle15.ledger.people.queries import PeopleFilter, every_person
from circle15.ledger.people.states import Insurance
from circle15.standards.registers import registers

# More people in one file take two officers, which no page offers.
MOST_PEOPLE = 1_000


class TooManyPeople(Refused):
    def __init__(self) -> None:
        super().__init__(
            _("符合条件的超过 %(most)s 人，请按台账、村（社区）缩小范围再导出。")
            % {"most": f"{MOST_PEOPLE:,}"}
        )


@transaction.atomic
def export_people(*, wanted: PeopleFilter, by: Actor, at: datetime) -> bytes:
    """Return the people of a list as a workbook, masked. Raises NotAllowed, TooManyPeople."""
    found = list(islice(every_person(by, wanted, on=timezone.localdate(at)), MOST_PEOPLE + 1))
    if len(found) > MOST_PEOPLE:
        raise TooManyPeople
    record(
        who=by.who,
        verb="person.export",
        target_kind="insured",
        target_id="",
        area_path=service_area(by),
        at=at,
        new={"people": len(found), "register": wanted.register, "area": wanted.area_path},
    )
    return text_workbook(_("服务对象（个人）"), _heads(), map(_cells, found))


def _heads() -> tuple[str, ...]:
    return (
        *(_("姓名"), _("证件号码"), _("电话"), _("出生年份"), _("所在村（社区）")),
        *(_("参保状态"), _("所在台账"), _("数据性质")),
    )


def _cells(one: PersonCard) -> Sequence[str]:
    language = get_language() or ""
    names = (registers()[key].name for key in one.registers if key in registers())
    return (
        one.masked_name,
        one.masked_id,
        one.masked_phone,
        str(one.birth_year or ""),
        one.area_name,
        str(Insurance(one.insurance).label),
        _("、").join(name.in_language(language) for name in names),
        _("合成数据") if one.is_synthetic else "",
    )
