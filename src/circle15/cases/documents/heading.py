"""What every paper of a case says of it, and of the one who issues it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from circle15.core.papers.letter import Block, Code, Letter, Pairs
from circle15.hall.printing.paper import Line, Qr, Rule, Size, Words

HOTLINE = "12393"


@dataclass(frozen=True, slots=True)
class CaseHeading:
    """A case on paper; name and number of a person are masked before they come here."""

    number: str
    item: str
    applicant: str
    id_number: str
    site: str
    address: str
    phone: str
    # The phone's page of the case; empty where the person has none.
    link: str
    agent: str = ""
    agent_title: str = ""
    is_synthetic: bool = False

    @property
    def mark(self) -> str:
        return _("合成数据，不是真实办件") if self.is_synthetic else ""

    def pairs(self, *more: tuple[str, str]) -> Pairs:
        """Return the case in a table, and what else the paper says."""
        rows = [
            (_("事项"), self.item),
            (_("办件编号"), self.number),
            (_("申请人"), f"{self.applicant}　{self.id_number}"),
        ]
        if self.agent:
            rows.append((self.agent_title or _("代办人"), self.agent))
        return Pairs((*rows, *((name, value) for name, value in more if value)))

    def code(self, *lines: str) -> tuple[Block, ...]:
        """Return the code of the case's page with what it is for."""
        return (Code(self.link, lines),) if self.link else ()

    def letter(self, title: str, number: str, blocks: Sequence[Block]) -> Letter:
        """Return the paper in its frame."""
        where = "　".join(each for each in (self.site, self.address, self.phone) if each)
        return Letter(
            title=title,
            number=number,
            blocks=tuple(blocks),
            foot=_("%(where)s　医保服务热线 %(hotline)s") % {"where": where, "hotline": HOTLINE},
            mark=self.mark,
            page_words=_("第 %(page)s 页，共 {nb} 页"),
        )


@dataclass(frozen=True, slots=True)
class Strip:
    """The same on a roll of 80 mm."""

    heading: CaseHeading
    title: str
    lines: tuple[Line, ...] = field(default=())

    def all_lines(self) -> tuple[Line, ...]:
        """Return what is printed, from the top."""
        head = self.heading
        told: list[Line] = []
        if head.is_synthetic:
            told.append(Words(_("演示数据，不能办事"), Size.SMALL))
        told += [Words(self.title, Size.LARGE, bold=True), Words(head.site, Size.SMALL), Rule()]
        told += [left(head.item, bold=True), left(f"{head.applicant} {head.id_number}")]
        told += [left(_("编号 %(number)s") % {"number": head.number}), Rule(), *self.lines]
        if head.link:
            told += [Rule(), Qr(head.link), Words(_("手机扫码看办到哪一步"), Size.SMALL)]
        return (*told, Words(_("医保服务热线 %s") % HOTLINE, Size.SMALL))


def left(words: str, *, bold: bool = False) -> Words:
    """Return a line that begins at the edge of the roll."""
    return Words(words, Size.SMALL, bold=bold, left=True)


def day_words(day: date | datetime) -> str:
    """Write a day as papers do: 2026年11月22日."""
    if isinstance(day, datetime):
        day = timezone.localdate(day)
    return str(formats.date_format(day, "DATE_FORMAT"))
