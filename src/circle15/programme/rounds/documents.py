"""The papers of a round: its notice, the list of awarded sites, and the form as it was filled in.

Written in Chinese, as filed; no name or phone of an official stands on them.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from uuid import UUID

from django.utils import timezone, translation

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import Refused
from circle15.core.papers.letter import Letter, Pairs, Paragraph, Signatures
from circle15.core.papers.official import Block, Heading, Official, Table
from circle15.core.papers.official import Paragraph as Words
from circle15.core.papers.official_docx import official_docx
from circle15.core.papers.official_pdf import official_pdf
from circle15.programme.rounds.applying import written
from circle15.programme.rounds.form_docx import Form
from circle15.programme.rounds.prefill import bureau_of, county_names, county_of
from circle15.programme.rounds.queries import (
    application_by_uid,
    awarded_in,
    kind_of,
    round_by_uid,
)
from circle15.programme.rounds_models import Application, Round
from circle15.programme.rounds_states import OPEN
from circle15.sites.states import SiteKind
from circle15.standards.rounds import round_rules

MARK = "演示数据，不作依据"


class NobodyAwarded(Refused):
    """A list without anybody on it is no list."""


def writers() -> Mapping[str, Callable[[Official], bytes]]:
    """Return what writes an official paper, by the end of the file's name."""
    return {"docx": official_docx, "pdf": official_pdf}


def day_words(on: date) -> str:
    """Write a day as papers do."""
    return f"{on.year}年{on.month}月{on.day}日"


def notice(*, uid: UUID, by: Actor, today: date) -> Official:
    """Return the notice (通知) of a round. Raises NotFound."""
    one = round_by_uid(by, uid)
    with translation.override("zh-hans"):
        issuer, kind = bureau_of(one.area_name), kind_of(one)
        to = "各县（市、区）医疗保障局" if one.is_of_city else "各乡镇（街道）、各有关单位"
        return Official(
            title=f"关于组织申报{one.year}年度{kind.name.zh}的通知",
            addressee=to,
            blocks=tuple(_notice(one)),
            issuer=issuer,
            issuer_mark=issuer,
            day=day_words(min(today, timezone.localdate(one.opened_at))),
            mark=MARK if one.is_synthetic else "",
        )


def _notice(one: Round) -> Iterator[Block]:
    rules, kind = round_rules(), kind_of(one)
    yield Words(f"现组织{one.year}年度{kind.name.zh}申报，有关事项通知如下。")
    yield Heading("申报范围和名额")
    sites = "、".join(str(SiteKind(key).label) for key in kind.site_kinds)
    yield Words(f"本辖区内的{sites}，每个网点申报一份，本轮名额{one.quota}个。")
    yield Heading("遴选条件")
    for key in one.conditions:
        yield Heading(rules.conditions[key].name.zh + "。", level=3)
    yield Heading("申报方式和时间")
    yield Words(
        f"申报自{day_words(one.opens_on)}起，至{day_words(one.closes_on)}止，在“15分钟医保服务圈”"
        "系统内填写申报表。场所面积、窗口数、人员数等取自台账和登记，不另行填报；“基本情况”和"
        f"“示范点创建计划”各不超过{rules.most_chars}字。逾期的由组织单位书面受理后方可进入审核。"
    )
    yield Heading("办理程序")
    first = "县级医疗保障局审核并签署意见" if one.is_of_city else "县级医疗保障局审核"
    yield Words(f"{first}后上报；评审确定入选和候补名单，入选的上报备案，按标准建设。")
    if one.built_by:
        yield Words(f"建设应于{day_words(one.built_by)}前完成。")
    yield Words("备案不等于授牌：建设完成、验收合格后，经两人核定授予称号。")
    if one.phone:
        yield Words(f"联系单位：{one.contact}，联系电话：{one.phone}。")
    if one.note:
        yield Heading("其他")
        yield Words(one.note)


def awarded_list(*, uid: UUID, by: Actor, today: date) -> Official:
    """Return the list of awarded sites (授牌名单) of a round. Raises NobodyAwarded, NotFound."""
    one = round_by_uid(by, uid)
    found = list(awarded_in(by, one))
    if not found:
        raise NobodyAwarded(translation.gettext("这一轮还没有授牌的网点。"))
    with translation.override("zh-hans"):
        kind, issuer = kind_of(one), bureau_of(one.area_name)
        names = county_names()
        rows = tuple(
            (str(at), county_of(row.site, names), row.site.name, _day(row.awarded_on))
            for at, row in enumerate(found, start=1)
        )
        table = Table(
            f"{one.year}年度{kind.name.zh}名单",
            ("序号", "县（市、区）", "单位", "授予日期"),
            rows,
            (8, 20, 48, 24),
            (0,),
        )
        title = f"{one.year}年度“{kind.name.zh}”称号"
        words = f"经申报、审核、建设和验收，授予下列{len(found)}个单位{title}。"
        return Official(
            title=f"关于公布{one.year}年度{kind.name.zh}名单的通知",
            addressee="各有关单位",
            blocks=(Words(words), table, Words("授牌单位应保持建设标准，接受日常监督和评估。")),
            issuer=issuer,
            issuer_mark=issuer,
            day=day_words(today),
            mark=MARK if any(row.site.is_synthetic for row in found) else "",
        )


def _day(on: date | None) -> str:
    assert on is not None
    return day_words(on)


# Clauses: W-104, W-105, W-106, W-114
def form_of(*, uid: UUID, by: Actor, today: date) -> Form:
    """Return the form of an application: as it was filed, or as it stands while it is open."""
    application = application_by_uid(by, uid)
    with translation.override("zh-hans"):
        is_open = application.state in OPEN
        lines = written(application, on=today) if is_open else application.form
        one = application.round
        return Form(
            title=f"{one.year}年度{kind_of(one).form}",
            lines={**dict.fromkeys(round_rules().fields, ""), **lines},
            most_chars=round_rules().most_chars,
            opinion=application.opinion,
            confirmed=_confirmed(application),
            signed_as=application.signed_as,
            day=day_words(application.signed_on) if application.signed_on else "年　　月　　日",
            mark=MARK if application.site.is_synthetic else "",
        )


def _confirmed(application: Application) -> str:
    known = round_rules().conditions
    names = [known[key].name.zh for key in application.confirmed if key in known]
    return f"核实条件：{'、'.join(names)}。" if names else ""


def form_letter(form: Form) -> Letter:
    """Return a form as a letter, for its PDF."""
    fields = round_rules().fields
    pairs = [
        (one.name.zh, form.words(one.key, one.unit))
        for one in fields.values()
        if one.task in {"site", "contact"} and one.key != "reporting_unit"
    ]
    texts = [
        (f"{fields[key].name.zh}（不超过{form.most_chars}字）", form.lines[key])
        for key in ("profile", "plan")
    ]
    opinion = "\n".join(words for words in (form.opinion, form.confirmed) if words)
    files = [(fields["files"].name.zh, form.lines["files"])] if form.lines["files"] else []
    return Letter(
        title=form.title,
        number=f"填报单位：{form.lines['reporting_unit']}",
        blocks=(
            Pairs((*pairs, *texts, *files, ("县市区医疗保障局意见", opinion))),
            Paragraph(f"主要负责人签字：{form.signed_as}　　　（单位公章）"),
            Signatures((), "", form.day),
        ),
        foot="",
        mark=form.mark,
    )
