"""The receipt of a joint handling (一件事联办回执): every case with its number and its day."""

from collections.abc import Iterator

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from circle15.cases.documents.heading import HOTLINE, CaseHeading, day_words, left
from circle15.cases.joint import JointView
from circle15.cases.lines import CaseLine
from circle15.core.papers.letter import Block, Grid, Heading, Letter, Pairs, Paragraph, Signatures
from circle15.hall.printing.paper import Line, Qr, Rule, Size, Words
from circle15.sites.public import open_site


def joint_letter(view: JointView, *, link: str) -> Letter:
    """Return the receipt on A4."""
    words = _("共 %(n)s 件，%(day)s 一次收件")
    number = words % {"n": len(view.cases), "day": day_words(view.handled_at)}
    head = _heading(view, link=link)
    return head.letter(title(), number, tuple(_blocks(view, head)))


def title() -> str:
    """Name the receipt."""
    return _("一件事联办回执")


def _heading(view: JointView, *, link: str) -> CaseHeading:
    site = open_site(view.area_path.rstrip("/").rpartition("/")[2])
    return CaseHeading(
        number="",
        item=_event(view),
        applicant=view.person_name,
        id_number="",
        site=view.site_name,
        address=site.address if site else "",
        phone=site.phone if site else "",
        link=link,
        is_synthetic=view.is_synthetic,
    )


def _event(view: JointView) -> str:
    return view.event_name.in_language(get_language() or "")


def _blocks(view: JointView, head: CaseHeading) -> Iterator[Block]:
    yield Paragraph(
        _("%(name)s：“%(event)s”这件事，下面各项已经一次收件，各按自己的时限办理。")
        % {"name": view.person_name, "event": _event(view)}
    )
    yield Pairs(((_("一件事"), _event(view)), (_("申请人"), view.person_name), *_agent(view)))
    yield Heading(_("收了哪些"))
    yield Grid(
        (_("事项"), _("办件编号"), _("状态"), _("最迟办结")),
        tuple((_item(one), one.number, one.state_name, due_words(one)) for one in view.cases),
        (6, 7, 3, 4),
    )
    if any(one.accepted_at is None for one in view.cases):
        yield Paragraph(_("还没有受理的，缺什么会一次告知您；每一件的受理通知书另外出具。"))
    yield from head.code(
        _("手机扫码看每一件办到哪一步"),
        _("或者报任意一个办件编号"),
        _("结果可以到全市任何一个医保服务网点领"),
    )
    places = (_("申请人签字："), _("收件人：%s") % view.clerk_name)
    yield Signatures(places, head.site, day_words(view.handled_at))


def _agent(view: JointView) -> Iterator[tuple[str, str]]:
    name = view.cases[0].agent_name if view.cases else ""
    if name:
        yield _("代办人"), name


def _item(line: CaseLine) -> str:
    return line.item_name.in_language(get_language() or "")


def due_words(line: CaseLine) -> str:
    """Say by when a case is done; what is not accepted yet has no day."""
    return day_words(line.due_on) if line.due_on else _("受理后告知")


def joint_strip(view: JointView, *, link: str) -> tuple[Line, ...]:
    """Return the receipt on a roll, from the top."""
    return tuple(_lines(view, link=link))


def _lines(view: JointView, *, link: str) -> Iterator[Line]:
    if view.is_synthetic:
        yield Words(_("演示数据，不能办事"), Size.SMALL)
    yield Words(title(), Size.LARGE, bold=True)
    yield Words(view.site_name, Size.SMALL)
    yield Rule()
    yield left(_event(view), bold=True)
    yield left(f"{view.person_name}　{day_words(view.handled_at)}")
    yield Rule()
    for number, one in enumerate(view.cases, 1):
        yield left(f"{number}. {_item(one)}", bold=True)
        yield left(_("编号 %(number)s") % {"number": one.number})
        yield left(
            _("%(state)s，最迟办结：%(day)s") % {"state": one.state_name, "day": due_words(one)}
        )
    yield Rule()
    yield Qr(link)
    yield Words(_("手机扫码看每一件办到哪一步"), Size.SMALL)
    yield Words(_("医保服务热线 %s") % HOTLINE, Size.SMALL)
