"""The applications of a round as a workbook: every cell text, and a line on the trail."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.exports import MOST_LINES, note_export
from circle15.core.papers.sheet import text_workbook
from circle15.programme.rounds.prefill import county_names, county_of
from circle15.programme.rounds.queries import applications, name_of_round, round_by_uid
from circle15.programme.rounds_models import Application
from circle15.programme.rounds_states import ApplicationState


@transaction.atomic
def export_applications(*, uid: UUID, by: Actor, at: datetime) -> bytes:
    """Return the applications of a round as a workbook. Raises TooManyLines, NotFound."""
    one = round_by_uid(by, uid)
    rows = list(applications(by, one)[: MOST_LINES + 1])
    note_export(len(rows), "application", by=by, at=at)
    heads = (
        *(_("轮次"), _("县（市、区）"), _("网点编码"), _("网点"), _("进度"), _("报送日期")),
        *(_("是否逾期"), _("县级意见"), _("签署日期"), _("授牌日期"), _("撤牌日期"), _("数据性质")),
    )
    name, names = name_of_round(one), county_names()
    return text_workbook(_("申报情况"), heads, (tuple(_row(name, row, names)) for row in rows))


def _row(name: str, row: Application, names: dict[str, str]) -> Iterator[str]:
    yield name
    yield county_of(row.site, names)
    yield row.site.code
    yield row.site.name
    yield str(ApplicationState(row.state).label)
    yield timezone.localdate(row.filed_at).isoformat() if row.filed_at else ""
    yield _("逾期") if row.is_late else ""
    yield row.opinion
    for day in (row.signed_on, row.awarded_on, row.revoked_on):
        yield day.isoformat() if day else ""
    yield _("合成数据") if row.site.is_synthetic else ""
