"""What the window asks: who it is, what they came for, and how each paper came."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from circle15.cases.lines import CaseView, MaterialLine
from circle15.cases.looked_up import SOURCE, LookedUp
from circle15.cases.refusals import LookedUpAhead
from circle15.cases.states import AT_HAND, MaterialState, Mode
from circle15.core.identifiers.mobile import canonical_mobile, is_mobile
from circle15.core.text import without_invisible
from circle15.standards.catalogue import CatalogueItem, Material, Question
from circle15.standards.shared_sources import shared_sources
from circle15.web.bureau.cases.shown import Paper
from circle15.web.bureau.cases.words import said
from circle15.web.bureau.sites.fact_forms import ManyFiles, ManyFilesField
from circle15.web.shared.person_form import NO_MOBILE

# The question of the catalogue the window answers itself: it has seen who came.
WHO_COMES = "who-comes"
MISSING, DEFERRED = "missing", "deferred"
OTHER = "other"
HOW: Final = {
    "given": _("已交"),
    "shared": _("数据共享"),
    "committed": _("承诺代替"),
    DEFERRED: _("以后补"),
    MISSING: _("没有"),
}
CHOOSE = {"required": _("请选择一项。"), "invalid_choice": _("请从列表中选择。")}
_LONGEST_SCAN = 200
PICTURES = "image/jpeg,image/png,image/webp,application/pdf"


class FindForm(forms.Form):
    """A number typed, or read from a card, a code or a receipt."""

    number = forms.CharField(
        label=_("身份证号码"),
        max_length=_LONGEST_SCAN,
        help_text=_("刷身份证、扫医保码或受理通知书上的码，也可以输入号码或办件编号。"),
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "data-case-first": True,
            }
        ),
        error_messages={"required": _("请刷身份证，或者输入身份证号码。")},
    )


class CardForm(forms.Form):
    """A photo of the identity card, to be read."""

    card = forms.FileField(
        label=_("身份证人像面的照片"),
        help_text=_("平整、清楚、不反光。核对完就删，不留照片。"),
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        error_messages={
            "required": _("请先拍照或选择文件。"),
            "empty": _("文件是空的，请重新选择。"),
        },
    )


class RegisterForm(forms.Form):
    """Somebody who is in no register of the city yet."""

    number = forms.CharField(
        label=_("身份证号码"),
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("请填写身份证号码。")},
    )
    name = forms.CharField(
        label=_("姓名"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-case-first": True}),
        error_messages={"required": _("请填写姓名。")},
    )
    phone = forms.CharField(
        label=_("手机号码"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}),
        help_text=_("结果出来后发短信用。"),
    )
    division = forms.ChoiceField(label=_("参保或居住的乡镇（街道）"), error_messages=CHOOSE)

    def __init__(self, data: Any = None, *, divisions: Iterable[Any] = (), **more: Any) -> None:
        super().__init__(data, **more)
        _offer(self, "division", [("", _("请选择")), *divisions])

    def clean_phone(self) -> str:
        """Let no number be kept that no message reaches."""
        number = canonical_mobile(self.cleaned_data["phone"])
        if number and not is_mobile(number):
            raise forms.ValidationError(NO_MOBILE)
        return number


class OpenForm(forms.Form):
    """What it is about, and who acts for the person."""

    item = forms.ChoiceField(label=_("办什么"), error_messages=CHOOSE)
    mode = forms.ChoiceField(
        label=_("怎样办"),
        choices=Mode.choices,
        initial=Mode.ORDINARY,
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    agent = forms.CharField(
        label=_("代办人身份证号码"),
        required=False,
        max_length=30,
        help_text=_("亲友来代办的才填，刷他的身份证；由本网点工作人员帮办、代办的不填。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, data: Any = None, *, items: Iterable[Any] = (), **more: Any) -> None:
        super().__init__(data, **more)
        _offer(self, "item", [("", _("请选择")), *items])
        self.fields["item"].widget.attrs["data-case-first"] = True


def _offer(form: forms.Form, name: str, choices: list[Any]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


def may_be_asked(item: CatalogueItem, answers: Mapping[str, str]) -> Iterator[Question]:
    """Yield the questions that concern the person, or may once those before are answered.

    So that all of them are answered in one go; answers that turn out not to matter are dropped.
    """
    shown: set[str] = set()
    for question in item.questions:
        if question.key == WHO_COMES:
            continue
        left = [each for each in question.when if not each.holds(answers)]
        if all(each.question in shown and each.question not in answers for each in left):
            shown.add(question.key)
            yield question


class QuestionsForm(forms.Form):
    """The questions of an item that concern this person; any may be left open for now."""

    def __init__(
        self, data: Any = None, *, item: CatalogueItem, answers: Mapping[str, str]
    ) -> None:
        super().__init__(data, prefix="q", initial=dict(answers))
        for question in may_be_asked(item, answers):
            self.fields[question.key] = forms.ChoiceField(
                label=said(question.text),
                help_text=said(question.hint),
                choices=[(each.key, said(each.text)) for each in question.choices],
                widget=forms.RadioSelect,
                required=False,
                error_messages=CHOOSE,
            )

    @property
    def answers(self) -> dict[str, str]:
        """Return what was answered; what is left open is not among it."""
        return {key: value for key, value in self.cleaned_data.items() if value}


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A paper with its controls; those of a source only where it may be looked up."""

    shown: Paper
    how: forms.BoundField
    photo: forms.BoundField
    source: tuple[forms.BoundField, ...]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.shown, name)

    @property
    def how_label(self) -> str:
        return gettext("%s怎样收到") % self.shown.name

    @property
    def source_label(self) -> str:
        return gettext("%s从哪里查到") % self.shown.name


@dataclass(frozen=True, slots=True)
class Change:
    """A paper that came another way than was noted: how, its pictures, where it was looked up."""

    key: str
    how: str
    pictures: list[Any]
    looked_up: LookedUp | None = None


class SourcesForm(forms.Form):
    """What asks, beside how papers came, where shared data was looked up."""

    def demand_source(self, key: str, name: str, told: dict[str, Any]) -> None:
        """Add what is wrong with where a paper was looked up."""
        source, other, day = source_names(key)
        wanted = other if told.get(source) == OTHER else source
        if wanted not in self.errors and not _plain(told.get(wanted)):
            words = gettext("%s：请写明从哪里查到（系统或登记册）。")
            self.add_error(wanted, words % name)
        if (told.get(day) or date.min) > timezone.localdate():
            self.add_error(day, str(LookedUpAhead()))

    def looked_up(self, key: str) -> LookedUp:
        """Return where a paper was looked up, today where no day was told."""
        source, other, day = (self.cleaned_data.get(name) for name in source_names(key))
        name = _plain(other) if source == OTHER else str(source)
        return LookedUp(name, day or timezone.localdate())


class PapersForm(SourcesForm):
    """How each paper came; a photo is a paper that came."""

    def __init__(self, view: CaseView, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files)
        self.view = view
        for line in view.materials:
            material = view.item.material(line.key)
            self.fields[f"how-{line.key}"] = forms.ChoiceField(
                choices=[(key, HOW[key]) for key in ways(view.item, material)],
                initial=standing(line),
                widget=forms.RadioSelect,
                error_messages=CHOOSE,
            )
            self.fields[f"photo-{line.key}"] = ManyFilesField(
                required=False, widget=ManyFiles(attrs={"accept": PICTURES})
            )
            if material and material.is_shareable:
                self.fields.update(
                    source_fields(line.key, material, noted=line.source, on=line.looked_up_on)
                )

    @property
    def rows(self) -> list[PaperRow]:
        return [
            PaperRow(
                Paper(line, self.view.item.material(line.key)),
                self[f"how-{line.key}"],
                self[f"photo-{line.key}"],
                tuple(self[name] for name in source_names(line.key) if name in self.fields),
            )
            for line in self.view.materials
        ]

    def clean(self) -> dict[str, Any]:
        """Name every paper that was looked up, and nobody says where."""
        told: dict[str, Any] = super().clean() or self.cleaned_data
        for line in self.view.materials:
            # A photo of it is the paper itself.
            is_seen = told.get(f"how-{line.key}") == "shared"
            if is_seen and not told.get(f"photo-{line.key}"):
                self.demand_source(line.key, said(line.name), told)
        return told

    @property
    def missing(self) -> int:
        return sum(line.is_required and line.state not in AT_HAND for line in self.view.materials)

    def chosen(self, name: str) -> list[str]:
        """Return the papers for which one way was chosen."""
        return [
            line.key
            for line in self.view.materials
            if self.cleaned_data.get(f"how-{line.key}") == name
        ]

    def changes(self) -> Iterator[Change]:
        """Yield each paper that changed."""
        for line in self.view.materials:
            how = self.cleaned_data.get(f"how-{line.key}", MISSING)
            pictures = self.cleaned_data.get(f"photo-{line.key}") or []
            looked_up = self.looked_up(line.key) if how == "shared" else None
            if pictures:
                yield Change(line.key, "given", pictures)
            elif how in {MISSING, DEFERRED}:
                if line.state in AT_HAND:
                    yield Change(line.key, MISSING, [])
            elif how != line.state or looked_up != line.looked_up:
                yield Change(line.key, how, [], looked_up)


def source_fields(
    key: str, material: Material, *, noted: str = "", on: date | None = None
) -> dict[str, forms.Field]:
    """Return what asks where a paper was looked up: known sources, any other, and the day."""
    known = [text.zh for text in shared_sources().of(material)]
    other = noted if noted and noted not in known else ""
    usual = known[0] if len(known) == 1 else ""
    choices = [(text.zh, said(text)) for text in shared_sources().of(material)]
    source, written, day = source_names(key)
    return {
        source: forms.ChoiceField(
            label=_("从哪里查到"),
            choices=[("", _("请选择")), *choices, (OTHER, _("其他系统或登记册"))],
            initial=OTHER if other else noted or usual,
            required=False,
            error_messages=CHOOSE,
        ),
        written: forms.CharField(
            label=_("系统或登记册名称"),
            max_length=SOURCE,
            initial=other,
            required=False,
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        ),
        day: forms.DateField(
            label=_("查询日期"),
            initial=on or timezone.localdate(),
            required=False,
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            error_messages={"invalid": _("请填写日期，例如 2026-03-01。")},
        ),
    }


def _plain(words: str | None) -> str:
    return without_invisible(words or "").strip()


def source_names(key: str) -> tuple[str, str, str]:
    """Name the fields that say where a paper was looked up: known, other, and the day."""
    return f"source-{key}", f"other-{key}", f"looked-{key}"


def ways(item: CatalogueItem, material: Material | None) -> Iterator[str]:
    """Yield how a paper may come, as the catalogue has it."""
    yield "given"
    if material and material.is_shareable:
        yield "shared"
    if material and material.by_commitment:
        yield "committed"
    if material and material.is_deferrable and item.is_conditional_intake_allowed:
        yield DEFERRED
    yield MISSING


def standing(line: MaterialLine) -> str:
    """Return the way that is ticked at first."""
    if line.state == MaterialState.REJECTED:
        return MISSING
    return str(MaterialState(line.state).value)
