"""What the window asks for a joint handling: one form that grows, every paper in it once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from circle15.cases.actions.joint import JointItem, Together
from circle15.cases.actions.storing import checked
from circle15.cases.documents.of_case import limit_words, wanted_words
from circle15.cases.states import Mode
from circle15.items.authority import authority_of
from circle15.items.guiding import clean
from circle15.items.joint import Following, JointPaper, following, papers_once, question_key
from circle15.ledger.files import UnsafeFile
from circle15.standards.catalogue import Authority, Catalogue, Material, Question
from circle15.standards.core_platform import filing_of
from circle15.standards.item_forms import Door, FieldKind, asked_at
from circle15.standards.life_events import LifeEvent
from circle15.web.bureau.cases.words import said
from circle15.web.bureau.sites.fact_forms import ManyFiles, ManyFilesField
from circle15.web.counter.cases.forms import (
    CHOOSE,
    HOW,
    MISSING,
    PICTURES,
    WHO_COMES,
    OpenForm,
    SourcesForm,
    may_be_asked,
    source_fields,
    source_names,
)
from circle15.web.shared.item_fields import ItemForm, initial_of

if TYPE_CHECKING:
    from circle15.sites.models import Site

_BEGIN = "begndate"
_STILL = _("还有问题没有回答，答完才知道要哪些材料。")
_OTHER_PAPERS = _("回答变了，要的材料也变了，请核对下面的材料再收。")


class EventForm(forms.Form):
    """Which thing has happened."""

    event = forms.ChoiceField(label=_("发生了什么事"), error_messages=CHOOSE)

    def __init__(self, data: Any = None, *, events: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(data, **more)
        field = self.fields["event"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("请选择")), *events]


@dataclass(frozen=True, slots=True)
class OfferedItem:
    """An item that follows from the event: what this site may do with it, and whether it is chosen.

    `elsewhere` says where to go with it where this site has no part in it.
    """

    following: Following
    authority: str
    is_chosen: bool
    elsewhere: str = ""

    @property
    def key(self) -> str:
        return self.following.item.key

    @property
    def name(self) -> str:
        return said(self.following.item.short_name)

    @property
    def limit_words(self) -> str:
        return limit_words(self.following.item.limit)

    @property
    def is_here(self) -> bool:
        return self.authority != Authority.NONE

    @property
    def reasons(self) -> list[str]:
        """Say why the item is not for this person, by what was answered."""
        return [said(each) for each in self.following.tailored.reasons]

    @property
    def is_open(self) -> bool:
        made = self.following.tailored
        return bool(made.open_questions) and made.verdict != "no"


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A paper with its controls, and which items need it."""

    paper: JointPaper
    how: forms.BoundField
    photo: forms.BoundField
    source: tuple[forms.BoundField, ...]

    @property
    def name(self) -> str:
        return said(self.paper.material.name)

    @property
    def wanted(self) -> str:
        return wanted_words(self.paper.material)

    @property
    def is_required(self) -> bool:
        return self.paper.material.is_required

    @property
    def needed_by(self) -> str:
        return gettext("、").join(said(item.short_name) for item, _material in self.paper.needed)

    @property
    def how_label(self) -> str:
        return gettext("%s怎样收到") % self.name

    @property
    def source_label(self) -> str:
        return gettext("%s从哪里查到") % self.name


class JointForm(SourcesForm):
    """The questions of an event, then its items with theirs, then all papers once.

    What comes next appears once what it hangs on is answered; nothing typed is lost on the way.
    """

    mode = OpenForm.base_fields["mode"]
    agent = OpenForm.base_fields["agent"]

    def __init__(  # noqa: PLR0913 -- an event, where it is handled, and what was typed
        self,
        event: LifeEvent,
        catalogue: Catalogue,
        site: "Site",
        data: QueryDict | None = None,
        files: Any = None,
        *,
        takes: bool = False,
    ) -> None:
        self.event, self.catalogue, self.site, self.takes = event, catalogue, site, takes
        self.typed = data.copy() if data is not None else QueryDict(mutable=True)
        typed = None if data is None else self.typed
        super().__init__(typed, files, initial={"mode": Mode.ORDINARY})
        for question in event.questions:
            self.fields[f"e-{question.key}"] = _asked(question, is_required=True)
        for key, question in self.questions.items():
            self._add(f"q-{key}", _asked(question, is_required=takes), "")
        self.paper_rows = [self._row(paper) for paper in self.papers]

    @cached_property
    def answers(self) -> dict[str, str]:
        """Return what was answered of the event."""
        given = {one.key: self.typed.get(f"e-{one.key}", "") for one in self.event.questions}
        return clean(self.event, given)

    @property
    def is_answered(self) -> bool:
        return self.is_bound and len(self.answers) == len(self.event.questions)

    @cached_property
    def offered(self) -> list[OfferedItem]:
        """Return what follows from the answers; what was not offered before is chosen at first."""
        if not self.is_answered:
            return []
        before, chosen = self.typed.getlist("offered"), self.typed.getlist("item")
        return [
            self._offered(each, is_ticked=each.item.key in chosen or each.item.key not in before)
            for each in following(self.event, self.catalogue, self.answers)
        ]

    def _offered(self, each: Following, *, is_ticked: bool) -> OfferedItem:
        given = {
            one.key: self.typed.get(f"q-{question_key(one)}", "") for one in each.item.questions
        }
        comes = "proxy" if self.typed.get("agent", "").strip() else "self"
        known = each.knowing({**given, WHO_COMES: comes})
        authority = authority_of(each.item, level=self.site.division.level, kind=self.site.kind)
        may = authority != Authority.NONE and known.tailored.verdict != "no"
        return OfferedItem(known, authority, is_ticked and may)

    @property
    def chosen(self) -> list[OfferedItem]:
        return [each for each in self.offered if each.is_chosen]

    @cached_property
    def questions(self) -> dict[str, Question]:
        """Return what the items ask beside the event, those of the same words once."""
        found: dict[str, Question] = {}
        for each in self.offered:
            if each.is_here and (each.is_chosen or each.reasons):
                for question in may_be_asked(each.following.item, each.following.answers):
                    if question.key not in each.following.given:
                        found.setdefault(question_key(question), question)
        return found

    @property
    def is_open(self) -> bool:
        """Tell whether anything is still to be answered before the papers are known."""
        return not self.is_answered or any(each.is_open for each in self.chosen)

    @cached_property
    def papers(self) -> tuple[JointPaper, ...]:
        if self.is_open:
            return ()
        made = [each.following for each in self.chosen]
        return papers_once((each.item, each.tailored.materials) for each in made)

    @cached_property
    def details(self) -> dict[str, ItemForm]:
        """Return what is filed of each item chosen, asked beside the papers."""
        found = {}
        for each in [] if self.is_open else self.chosen:
            filing = filing_of(each.key)
            asked = asked_at(filing.fields, Door.WINDOW) if filing else ()
            fields = tuple(one for one in asked if one.kind is not FieldKind.AGREE)
            if fields:
                is_shown = each.key in self.typed.getlist("filed")
                today = {_BEGIN: timezone.localdate().isoformat()}
                found[each.key] = ItemForm(
                    fields,
                    self.typed if is_shown or self.takes else None,
                    prefix=f"d-{each.key}",
                    initial=initial_of(fields, today),
                    may_wait=not self.takes,
                )
        return found

    @property
    def filings(self) -> list[tuple[OfferedItem, ItemForm]]:
        return [(each, self.details[each.key]) for each in self.chosen if each.key in self.details]

    def _add(self, name: str, field: forms.Field, usual: object) -> None:
        """Add a field; where it was not on the page yet, it stands as usual."""
        self.fields[name] = field
        self.typed.setdefault(name, str(usual))

    def _row(self, paper: JointPaper) -> PaperRow:
        how, photo = f"how-{paper.key}", f"photo-{paper.key}"
        choices = [(key, HOW[key]) for key in _ways(paper.material)]
        field = forms.ChoiceField(choices=choices, widget=forms.RadioSelect, error_messages=CHOOSE)
        self._add(how, field, MISSING)
        self.fields[photo] = ManyFilesField(
            required=False, widget=ManyFiles(attrs={"accept": PICTURES})
        )
        if paper.material.is_shareable:
            for name, each in source_fields(paper.key, paper.material).items():
                self._add(name, each, each.initial or "")
        names = [name for name in source_names(paper.key) if name in self.fields]
        return PaperRow(paper, self[how], self[photo], tuple(self[name] for name in names))

    def clean(self) -> dict[str, Any]:
        """Say all that keeps the items from being taken in, at once."""
        told: dict[str, Any] = super().clean() or self.cleaned_data
        for row in self.paper_rows:
            key = row.paper.key
            self._check_photos(key, told)
            if told.get(f"how-{key}") == "shared" and not told.get(f"photo-{key}"):
                self.demand_source(key, row.name, told)
        if self.takes and self.is_answered:
            self._check_whole()
        return told

    def _check_photos(self, key: str, told: dict[str, Any]) -> None:
        for picture in told.get(f"photo-{key}") or []:
            try:
                checked(picture.read())
            except UnsafeFile as refusal:
                self.add_error(f"photo-{key}", str(refusal))
            picture.seek(0)

    def _check_whole(self) -> None:
        shown = set(self.typed.getlist("papers"))
        if not self.chosen:
            self.add_error(None, gettext("请至少选一个事项。"))
        elif self.is_open:
            self.add_error(None, str(_STILL))
        elif shown != {paper.key for paper in self.papers}:
            self.add_error(None, str(_OTHER_PAPERS))
        for each, form in self.filings:
            for errors in form.errors.values():
                words = gettext("“%(item)s”的备案内容：%(why)s")
                self.add_error(None, words % {"item": each.name, "why": errors[0]})

    @property
    def missing(self) -> int:
        """Count the required papers that are not there."""
        here = [
            self.typed.get(f"how-{row.paper.key}") for row in self.paper_rows if row.is_required
        ]
        return here.count(MISSING)

    def together(
        self, *, person_uid: UUID, agent_uid: UUID | None, ticket_uid: UUID | None
    ) -> Together:
        """Return what is to be taken in; only of a form that is valid."""
        return Together(
            event_key=self.event.key,
            site_code=self.site.code,
            person_uid=person_uid,
            items=tuple(self._item(each.following) for each in self.chosen),
            agent_uid=agent_uid,
            mode=Mode(self.cleaned_data["mode"]),
            ticket_uid=ticket_uid,
        )

    def _item(self, each: Following) -> JointItem:
        key = each.item.key
        details = self.details[key].values if key in self.details else {}
        came = {material.key: paper for paper, material in self._of(each)}
        return JointItem(
            item_key=key,
            answers=each.answers,
            form={name: value for name, value in details.items() if value},
            given=tuple(name for name, paper in came.items() if self._how(paper) == "given"),
            committed=tuple(name for name, it in came.items() if self._how(it) == "committed"),
            shared={
                name: self.looked_up(paper.key)
                for name, paper in came.items()
                if self._how(paper) == "shared"
            },
            pictures={
                name: self.pictures[paper.key]
                for name, paper in came.items()
                if self.pictures[paper.key]
            },
        )

    def _of(self, each: Following) -> Iterator[tuple[JointPaper, Material]]:
        for paper in self.papers:
            for item, material in paper.needed:
                if item.key == each.item.key:
                    yield paper, material

    def _how(self, paper: JointPaper) -> str:
        """Say how a paper came; a photo of it is the paper itself."""
        return "given" if self.pictures[paper.key] else self.cleaned_data[f"how-{paper.key}"]

    @cached_property
    def pictures(self) -> Mapping[str, tuple[bytes, ...]]:
        return {
            paper.key: tuple(
                each.read() for each in self.cleaned_data.get(f"photo-{paper.key}") or []
            )
            for paper in self.papers
        }


def _asked(question: Question, *, is_required: bool) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=said(question.text),
        help_text=said(question.hint),
        choices=[(each.key, said(each.text)) for each in question.choices],
        widget=forms.RadioSelect,
        required=is_required,
        error_messages=CHOOSE,
    )


def _ways(material: Material) -> Iterator[str]:
    """Yield how a paper may come, as all items that need it have it."""
    yield "given"
    if material.is_shareable:
        yield "shared"
    if material.by_commitment:
        yield "committed"
    yield MISSING
