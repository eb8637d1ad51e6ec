"""What the window asks: who it is, what they came for, and how each paper came."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from circle15.cases.lines import CaseView, MaterialLine
from circle15.cases.states import AT_HAND, MaterialState, Mode
from circle15.core.identifiers.mobile import canonical_mobile, is_mobile
from circle15.standards.catalogue import CatalogueItem, Material, Question
from circle15.web.bureau.cases.shown import Paper
from circle15.web.bureau.cases.words import said
from circle15.web.bureau.sites.fact_forms import ManyFiles, ManyFilesField
from circle15.web.shared.person_form import NO_MOBILE

# The question of the catalogue the window answers itself: it has seen who came.
WHO_COMES = "who-comes"
MISSING, DEFERRED = "missing", "deferred"
HOW: Final = {
    "given": _("已交"),
    "shared": _("数据共享"),
    "committed": _("承诺代替"),
    DEFERRED: _("以后补"),
    MISSING: _("没有"),
}
_CHOOSE = {"required": _("请选择一项。"), "invalid_choice": _("请从列表中选择。")}
_LONGEST_SCAN = 200
_PICTURES = "image/jpeg,image/png,image/webp,application/pdf"


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
    division = forms.ChoiceField(label=_("参保或居住的乡镇（街道）"), error_messages=_CHOOSE)

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

    item = forms.ChoiceField(label=_("办什么"), error_messages=_CHOOSE)
    mode = forms.ChoiceField(
        label=_("怎样办"),
        choices=Mode.choices,
        initial=Mode.ORDINARY,
        widget=forms.RadioSelect,
        error_messages=_CHOOSE,
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
                error_messages=_CHOOSE,
            )

    @property
    def answers(self) -> dict[str, str]:
        """Return what was answered; what is left open is not among it."""
        return {key: value for key, value in self.cleaned_data.items() if value}


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A paper with its two controls."""

    shown: Paper
    how: forms.BoundField
    photo: forms.BoundField

    def __getattr__(self, name: str) -> Any:
        return getattr(self.shown, name)

    @property
    def how_label(self) -> str:
        return gettext("%s怎样收到") % self.shown.name


class PapersForm(forms.Form):
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
                error_messages=_CHOOSE,
            )
            self.fields[f"photo-{line.key}"] = ManyFilesField(
                required=False, widget=ManyFiles(attrs={"accept": _PICTURES})
            )

    @property
    def rows(self) -> list[PaperRow]:
        return [
            PaperRow(
                Paper(line, self.view.item.material(line.key)),
                self[f"how-{line.key}"],
                self[f"photo-{line.key}"],
            )
            for line in self.view.materials
        ]

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

    def changes(self) -> Iterator[tuple[str, str, list[Any]]]:
        """Yield each paper that changed: its key, how it came, and the pictures of it."""
        for line in self.view.materials:
            how = self.cleaned_data.get(f"how-{line.key}", MISSING)
            pictures = self.cleaned_data.get(f"photo-{line.key}") or []
            if pictures:
                yield line.key, "given", pictures
            elif how in {MISSING, DEFERRED}:
                if line.state in AT_HAND:
                    yield line.key, MISSING, []
            elif how != line.state:
                yield line.key, how, []


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
