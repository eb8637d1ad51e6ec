"""The results of a campaign as a workbook: every cell text, and a line on the trail."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.exports import MOST_LINES, note_export
from circle15.assessments.campaign_models import Campaign, Entry
from circle15.assessments.campaign_states import EntryState, Outcome
from circle15.assessments.campaigns.queries import campaign_by_uid, entries_of
from circle15.assessments.states import Purpose, VetoStanding
from circle15.assessments.vetoes import veto_standing
from circle15.core.papers.sheet import text_workbook
from circle15.standards.text import number_text


@transaction.atomic
def export_results(*, uid: UUID, by: Actor, at: datetime) -> bytes:
    """Return a campaign's sites with points and outcome as a workbook. Raises TooManyLines."""
    campaign = campaign_by_uid(by, uid)
    rows = list(entries_of(by, campaign)[: MOST_LINES + 1])
    note_export(len(rows), "assessment", by=by, at=at)
    heads = (
        *(_("评估"), _("种类"), _("规则"), _("版本"), _("台账冻结日"), _("网点编码"), _("网点")),
        *(_("所在地"), _("进度"), _("计算得分"), _("最终得分"), _("满分"), _("合格线")),
        *(_("结果"), _("一票否决"), _("公布日期"), _("校验码"), _("数据性质")),
    )
    return text_workbook(_("评估结果"), heads, (tuple(_row(campaign, row)) for row in rows))


def _row(campaign: Campaign, entry: Entry) -> Iterator[str]:
    sheet, site = entry.sheet, entry.site
    yield campaign.name
    yield str(Purpose(campaign.kind).label)
    yield campaign.edition.book
    yield campaign.edition.version
    yield campaign.freeze_on.isoformat()
    yield site.code
    yield site.name
    yield site.division.name
    yield str(EntryState(entry.state).label)
    yield _points(sheet.total if sheet else None)
    yield _points(entry.total)
    yield _points(sheet.max_total if sheet else None)
    yield _points(campaign.pass_mark) or _("未设合格线")
    yield str(Outcome(entry.outcome).label) if entry.outcome else ""
    yield _vetoes(entry)
    yield timezone.localdate(entry.published_at).isoformat() if entry.published_at else ""
    yield entry.result_digest
    yield _("合成数据") if site.is_synthetic else ""


def _vetoes(entry: Entry) -> str:
    if entry.vetoed is None:
        return ""
    standing = VetoStanding(veto_standing(entry.vetoed))
    return f"{_('、').join(entry.vetoed.vetoes)}（{standing.label}）"


def _points(value: Decimal | None) -> str:
    return "" if value is None else number_text(value)
