"""The notice of results (结果通报) of a campaign: what was published, nothing that was not."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.states import Permission
from circle15.areas.queries import divisions_under
from circle15.areas.states import Level
from circle15.assessments.campaign_models import Campaign
from circle15.assessments.campaign_states import Outcome
from circle15.assessments.campaigns.queries import (
    Result,
    campaign_by_uid,
    progress,
    results_of,
    titles_in,
)
from circle15.assessments.report_states import ReportKind
from circle15.assessments.reports.drafts import (
    NOTHING,
    Draft,
    NothingToReport,
    any_synthetic,
    bureau_of,
    day_words,
)
from circle15.assessments.states import Purpose
from circle15.core.papers.official import Attachment, Block, Heading, Official, Paragraph, Table
from circle15.standards.text import number_text


# Clauses: W-30
def results_notice(*, by: Actor, campaign_uid: UUID, today: date) -> Draft:
    """Draft the notice of a campaign. Raises NotAllowed, NotFound, NothingToReport."""
    demand(by, Permission.RUN_ASSESSMENTS)
    campaign = campaign_by_uid(by, campaign_uid)
    found = results_of(campaign, by=by)
    if not found:
        raise NothingToReport(_("这次考核还没有公布的结果，公布以后才能通报。"))
    issuer = bureau_of(by.area_name)
    counties = _counties(by)
    paper = Official(
        title=f"关于{campaign.name}结果的通报",
        addressee="各有关单位",
        blocks=tuple(_blocks(campaign, found, counties, by)),
        issuer=issuer,
        issuer_mark=issuer,
        day=day_words(today),
        attachments=(Attachment("考核结果一览表", (_table(found, counties),)),),
        mark=any_synthetic(one.is_synthetic for one in found),
    )
    return Draft(
        kind=ReportKind.RESULTS,
        paper=paper,
        area_path=by.area_path,
        subject=str(campaign.uid),
        since=campaign.freeze_on,
        until=max(one.published_on for one in found),
        is_synthetic=any(one.is_synthetic for one in found),
    )


def _counties(by: Actor) -> dict[str, str]:
    rows = divisions_under(by.area_path, levels=(Level.COUNTY,)).values_list("path", "name")
    return dict(rows)


def _county(one: Result, counties: dict[str, str]) -> str:
    return next((name for path, name in counties.items() if one.area_path.startswith(path)), "")


def _blocks(
    campaign: Campaign, found: Sequence[Result], counties: dict[str, str], by: Actor
) -> Iterator[Block]:
    first = found[0]
    kind = str(Purpose(campaign.kind).label)
    yield Paragraph(
        f"现将{campaign.name}（{kind}，规则为“{campaign.edition.title}”第{first.version}版，事实截止"
        f"{day_words(campaign.freeze_on)}）的结果通报如下。"
    )
    yield Heading("总体结果")
    yield Paragraph(_overall(campaign, found, by))
    if len(counties) > 1:
        yield _by_county(found, counties)
    vetoed = [one for one in found if one.vetoes]
    if vetoed:
        yield Heading("一票否决")
        for one in vetoed:
            yield Paragraph(f"{one.site_name}：{'、'.join(one.vetoes)}，按不合格处理。")
    yield from _titles(campaign, by)
    yield Heading("工作要求")
    yield Paragraph("请各单位对照失分条款逐项整改，整改情况在台账如实记录，不得补造材料。")
    yield Paragraph("对结果的异议已在公布前受理并答复；每份结果附校验码，可在系统内重算核对。")


def _overall(campaign: Campaign, found: Sequence[Result], by: Actor) -> str:
    totals = [one.total for one in found]
    mean = round(sum(totals, Decimal()) / len(totals), 1)
    outcomes = Counter(one.outcome for one in found)
    sites = progress(by, [campaign])[campaign.pk].sites
    words = (
        f"参加网点{sites}个，已公布{len(found)}个，满分{number_text(found[0].max_total)}分，"
        f"平均{number_text(mean)}分，最高{number_text(max(totals))}分，最低"
        f"{number_text(min(totals))}分。"
    )
    if campaign.pass_mark is None:
        return f"{words}主管部门未设合格线，只通报得分。"
    return (
        f"{words}合格线{number_text(campaign.pass_mark)}分，达到的{outcomes[Outcome.PASS]}个，"
        f"不合格{outcomes[Outcome.FAIL]}个。"
    )


def _by_county(found: Sequence[Result], counties: dict[str, str]) -> Table:
    grouped: dict[str, list[Result]] = defaultdict(list)
    for one in found:
        grouped[_county(one, counties)].append(one)
    rows = tuple(
        (
            name,
            str(len(each)),
            number_text(round(sum((one.total for one in each), Decimal()) / len(each), 1)),
            str(sum(one.outcome == Outcome.PASS for one in each)),
        )
        for name, each in sorted(grouped.items())
    )
    heads = ("地区", "网点", "平均分", "达到合格线")
    return Table("表1 分地区结果", heads, rows, (4, 2, 2, 2), (1, 2, 3))


def _titles(campaign: Campaign, by: Actor) -> Iterator[Block]:
    rows = titles_in(by)
    granted = [row for row in rows if row.entry.campaign_id == campaign.pk]
    gone = [
        row
        for row in rows.select_related("withdrawn_for")
        if row.withdrawn_for and row.withdrawn_for.campaign_id == campaign.pk
    ]
    if granted or gone:
        yield Heading("授予和撤销称号")
    for words, each in (("授予", granted), ("撤销", gone)):
        names: dict[str, list[str]] = defaultdict(list)
        for row in each:
            names[str(row.get_kind_display())].append(row.site.name)
        for kind, sites in names.items():
            yield Paragraph(f"{words}“{kind}”{len(sites)}个：{'、'.join(sites)}。")


def _table(found: Sequence[Result], counties: dict[str, str]) -> Table:
    rows = tuple(
        (
            str(at),
            one.site_name,
            _county(one, counties) or NOTHING,
            number_text(one.total),
            str(Outcome(one.outcome).label),
        )
        for at, one in enumerate(found, start=1)
    )
    heads = ("序号", "网点", "地区", "得分", "结果")
    return Table("", heads, rows, (2, 8, 4, 2, 4), (0, 3))
