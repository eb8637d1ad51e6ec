"""The frame of what is sent to a site that has to put something right, and of its answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from circle15.accounts.actors import Actor
from circle15.assessments.report_states import ReportKind
from circle15.assessments.reports.drafts import MARK, Draft, bureau_of, day_words
from circle15.core.papers.official import Block, Heading, Official, Paragraph, Table
from circle15.sites.models import Site


@dataclass(frozen=True, slots=True)
class Ordered:
    """What a notice (整改通知书) and its receipt (整改回执) are about."""

    number: str
    site: Site
    site_name: str
    area_path: str
    since: date
    is_synthetic: bool

    def notice(self, blocks: Iterable[Block], *, by: Actor, today: date) -> Draft:
        """Draft what the bureau of `by` asks of the site."""
        issuer = bureau_of(by.area_name)
        paper = Official(
            title="整改通知书",
            addressee=self.site_name,
            blocks=tuple(blocks),
            issuer=issuer,
            issuer_mark=issuer,
            day=day_words(today),
            mark=self._mark,
        )
        return self._draft(ReportKind.RECTIFY, paper, today)

    def receipt(self, blocks: Iterable[Block], *, today: date) -> Draft:
        """Draft what the site answers."""
        paper = Official(
            title="整改回执",
            addressee="上级医疗保障部门",
            blocks=tuple(blocks),
            issuer=self.site_name,
            day=day_words(today),
            mark=self._mark,
        )
        return self._draft(ReportKind.RECEIPT, paper, today)

    @property
    def _mark(self) -> str:
        return MARK if self.is_synthetic else ""

    def _draft(self, kind: ReportKind, paper: Official, today: date) -> Draft:
        return Draft(
            kind=kind,
            paper=paper,
            area_path=self.area_path,
            subject=self.number,
            since=self.since,
            until=max(today, self.since),
            site=self.site,
            is_synthetic=self.is_synthetic,
        )


def asked(words: str, *more: str) -> tuple[Block, ...]:
    """Say what is to be put right, each text a paragraph."""
    return (Heading("整改要求"), *(Paragraph(each) for each in (words, *more)))


def matter(heading: str, rows: Iterable[tuple[str, str]]) -> tuple[Block, ...]:
    """Say what it is about, in a table of two columns."""
    return (Heading(heading), Table("", ("项目", "内容"), tuple(rows), (2, 7)))
