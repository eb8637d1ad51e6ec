"""What officers fill in about checks: whom to send where, a sample, a word on what was found."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from circle15.assessments.editions import applicable, in_force
from circle15.assessments.inspection_states import FindingState, InspectionStep
from circle15.assessments.inspections.drawing import MOST_EACH, Published
from circle15.sites.states import SiteKind
from circle15.web.bureau.services.entry_forms import CHOOSE, WRITE, day_field
from circle15.web.shared.number_fields import WholeNumberField

if TYPE_CHECKING:
    from circle15.assessments.inspections.interest import Candidate
    from circle15.assessments.inspections.queries import LineView

USUAL_DAYS = timedelta(days=14)
JUDGED: Final = (
    SiteKind.TOWN_CENTRE,
    SiteKind.VILLAGE_POINT,
    SiteKind.HOSPITAL_STATION,
    SiteKind.PHARMACY,
)


def books(kinds: Iterable[str]) -> list[tuple[str, str]]:
    """Return the rule books in force that judge some kinds of sites."""
    editions = in_force(timezone.localdate())
    judged = {
        each.edition.id: each.edition for kind in kinds for each in applicable(kind, editions)
    }
    language = get_language() or ""
    return [(book, edition.title.in_language(language)) for book, edition in judged.items()]


class SendForm(forms.Form):
    """Under which book, by whom, until when."""

    book = forms.ChoiceField(label=gettext_lazy("评分规则"), error_messages=CHOOSE)
    inspectors = forms.MultipleChoiceField(
        label=gettext_lazy("检查员（一至两名）"),
        widget=forms.CheckboxSelectMultiple,
        error_messages=CHOOSE,
    )
    due_on = day_field(gettext_lazy("最迟提交"))

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        kinds: Iterable[str],
        people: Sequence["Candidate"],
    ) -> None:
        super().__init__(data, initial={"due_on": timezone.localdate() + USUAL_DAYS})
        book, inspectors = self.fields["book"], self.fields["inspectors"]
        assert isinstance(book, forms.ChoiceField)
        assert isinstance(inspectors, forms.MultipleChoiceField)
        book.choices = books(kinds)
        inspectors.choices = [
            (str(each.user_id), f"{each.name} · {each.organisation}") for each in people if each.may
        ]

    def clean_inspectors(self) -> list[int]:
        return [int(each) for each in self.cleaned_data["inspectors"]]


class PlanForm(SendForm):
    """A check of one site."""

    reason = forms.CharField(
        label=gettext_lazy("检查事由"), required=False, max_length=200, widget=forms.TextInput
    )


class DrawForm(forms.Form):
    """A sample from a published text."""

    document = forms.CharField(
        label=gettext_lazy("公布的文件"),
        max_length=160,
        error_messages=WRITE,
        help_text=gettext_lazy("抽取前已公布、谁都能查到的文件名称和文号"),
    )
    text = forms.CharField(
        label=gettext_lazy("文件中的一段文字"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages=WRITE,
        help_text=gettext_lazy("原样抄录；换行和多个空格都算一个空格"),
    )
    published_on = day_field(gettext_lazy("公布日期"))
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("网点类型"),
        choices=[(str(kind.value), kind.label) for kind in JUDGED],
        widget=forms.CheckboxSelectMultiple,
        error_messages=CHOOSE,
    )
    per_stratum = WholeNumberField(
        label=gettext_lazy("每县每类抽几个"),
        min_value=1,
        max_value=MOST_EACH,
        initial=2,
        error_messages=WRITE,
    )
    title = forms.CharField(
        label=gettext_lazy("名称"), max_length=120, required=False, widget=forms.TextInput
    )

    def source(self) -> Published:
        given = self.cleaned_data
        return Published(given["document"], given["text"], given["published_on"])


class WhyForm(forms.Form):
    """A reason, for steps that need one."""

    why = forms.CharField(
        label=gettext_lazy("理由"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages=WRITE,
    )


class NoteForm(forms.Form):
    """A note that may stay empty."""

    note = forms.CharField(
        label=gettext_lazy("办结意见"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class AssignForm(forms.Form):
    """A second inspector."""

    user_id = forms.ChoiceField(label=gettext_lazy("加派谁"), error_messages=CHOOSE)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, people: Sequence["Candidate"]
    ) -> None:
        super().__init__(data)
        field = self.fields["user_id"]
        assert isinstance(field, forms.ChoiceField)
        known = [(str(each.user_id), f"{each.name} · {each.organisation}") for each in people]
        field.choices = [("", _("请选择")), *known]


class ReleaseForm(WhyForm):
    """Whom to take off."""

    place = forms.ChoiceField(label=gettext_lazy("撤下谁"), error_messages=CHOOSE)
    field_order = ("place", "why")

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, seats: Iterable[tuple[int, str]]
    ) -> None:
        super().__init__(data)
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(place), name) for place, name in seats]


class SettleForm(forms.Form):
    """Whose answer counts on a line, and why."""

    rule_id = forms.CharField(max_length=60, widget=forms.HiddenInput)
    place = forms.ChoiceField(
        label=gettext_lazy("采用谁的"), widget=forms.RadioSelect, error_messages=CHOOSE
    )
    why = forms.CharField(label=gettext_lazy("理由"), max_length=500, error_messages=WRITE)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, line: "LineView", names: Mapping[int, str]
    ) -> None:
        rule = line.line.rule_id
        # Every line has its own form on the page; what was sent belongs to one of them.
        mine = data if data is not None and data.get("rule_id") == rule else None
        super().__init__(mine, initial={"rule_id": rule}, auto_id=f"{rule}-%s")
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(each.place), names[each.place]) for each in line.answers]


class JudgeForm(WhyForm):
    """Explained or confirmed, and why."""

    state = forms.ChoiceField(
        label=gettext_lazy("核实结果"),
        choices=[
            (str(FindingState.EXPLAINED.value), gettext_lazy("已说明，不是弄虚作假")),
            (str(FindingState.CONFIRMED.value), gettext_lazy("确认属实，建议按一票否决认定")),
        ],
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    field_order = ("state", "why")


STEP_FORMS: Final[Mapping[InspectionStep, type[forms.Form]]] = {
    InspectionStep.CANCEL: WhyForm,
    InspectionStep.CLOSE: NoteForm,
}
