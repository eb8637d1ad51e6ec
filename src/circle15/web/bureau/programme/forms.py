"""What opening a round, each task of an application and each step of it asks."""

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from circle15.programme.rounds.opening import MOST_QUOTA, Wanted
from circle15.programme.rounds_states import ApplicationStep
from circle15.standards.rounds import RoundKind, round_rules
from circle15.web.bureau.campaigns.forms import ActForm, NoteForm, WordsForm, file_field, note_field
from circle15.web.bureau.services.entry_forms import CHOOSE, WRITE, choose, day_field
from circle15.web.shared.number_fields import WholeNumberField


def _language() -> str:
    return get_language() or "zh-hans"


class RoundForm(forms.Form):
    """A new round: its kind, its year, its window, how many by which conditions."""

    kind = forms.ChoiceField(label=gettext_lazy("种类"), error_messages=CHOOSE)
    year = WholeNumberField(
        label=gettext_lazy("年度"),
        min_value=2020,
        max_value=2099,
        help_text=gettext_lazy("申报表、通知和名单都写这个年度"),
    )
    opens_on = day_field(gettext_lazy("申报开始"))
    closes_on = day_field(gettext_lazy("申报截止"))
    built_by = day_field(gettext_lazy("建成期限"), required=False)
    quota = WholeNumberField(label=gettext_lazy("名额"), min_value=1, max_value=MOST_QUOTA)
    conditions = forms.MultipleChoiceField(
        label=gettext_lazy("遴选条件"),
        widget=forms.CheckboxSelectMultiple,
        error_messages=CHOOSE,
    )
    contact = forms.CharField(
        label=gettext_lazy("联系单位"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("申报人有问题找谁：写单位或科室，不写个人；不写就是本单位"),
    )
    phone = forms.CharField(
        label=gettext_lazy("联系电话"),
        max_length=30,
        error_messages=WRITE,
        help_text=gettext_lazy("带区号的固定电话或热线"),
    )
    note = note_field(gettext_lazy("补充说明"), required=False)

    def __init__(self, *args: Any, kinds: Iterable[RoundKind], today: date, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["year"].initial = today.year
        self.fields["opens_on"].initial = today
        choose(self.fields["kind"], [(one.key, one.name.in_language(_language())) for one in kinds])
        field = self.fields["conditions"]
        assert isinstance(field, forms.MultipleChoiceField)
        known = round_rules().conditions.values()
        field.choices = [(one.key, one.name.in_language(_language())) for one in known]
        field.initial = [one.key for one in known]

    def wanted(self) -> Wanted:
        given = self.cleaned_data
        return Wanted(
            kind=given["kind"],
            year=given["year"],
            opens_on=given["opens_on"],
            closes_on=given["closes_on"],
            quota=given["quota"],
            conditions=tuple(given["conditions"]),
            built_by=given["built_by"],
            note=given["note"],
            contact=given["contact"],
            phone=given["phone"],
        )


class StartForm(ActForm):
    site = forms.ChoiceField(label=gettext_lazy("网点"), error_messages=CHOOSE)

    def __init__(self, *args: Any, sites: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        choose(self.fields["site"], list(sites))


class ChangeForm(ActForm):
    closes_on = day_field(gettext_lazy("申报截止"))
    quota = WholeNumberField(label=gettext_lazy("名额"), min_value=1, max_value=MOST_QUOTA)
    note = note_field(gettext_lazy("调整的理由"))


class PlanForm(ActForm):
    file = file_field()


class JudgePlanForm(ActForm):
    """What is said of a county's plan; only a return needs words."""

    plan = forms.ChoiceField(label=gettext_lazy("县（市、区）"), error_messages=CHOOSE)
    verdict = forms.ChoiceField(
        label=gettext_lazy("意见"), widget=forms.RadioSelect, error_messages=CHOOSE
    )
    note = note_field(gettext_lazy("理由"), required=False)

    def __init__(self, *args: Any, plans: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        choose(self.fields["plan"], list(plans))
        field = self.fields["verdict"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("approve", _("同意")), ("return", _("退回修改"))]


class TextForm(forms.Form):
    """One of the two texts; its length is counted by the action, as it is kept."""

    text = forms.CharField(
        strip=False, widget=forms.Textarea(attrs={"rows": 12}), error_messages=WRITE
    )

    def __init__(self, *args: Any, label: str, hint: str, **more: Any) -> None:
        super().__init__(*args, **more)
        most = round_rules().most_chars
        self.fields["text"].label = label
        self.fields["text"].help_text = hint
        self.fields["text"].widget.attrs["data-c15-count"] = str(most)


class ContactForm(forms.Form):
    person = forms.ChoiceField(
        label=gettext_lazy("联系人"), widget=forms.RadioSelect, error_messages=CHOOSE
    )

    def __init__(self, *args: Any, people: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["person"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(people)


class FileForm(forms.Form):
    file = file_field()


class ReturnForm(ActForm):
    """A reason for each line that is not right, as many as there are."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for one in round_rules().fields.values():
            self.fields[f"why_{one.key}"] = forms.CharField(
                label=one.name.in_language(_language()), required=False, max_length=300
            )

    def reasons(self) -> Mapping[str, str]:
        return {
            key.removeprefix("why_"): words for key, words in self.cleaned_data.items() if words
        }


class EndorseForm(ActForm):
    opinion = forms.CharField(
        label=gettext_lazy("县级医疗保障局意见"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages=WRITE,
    )
    confirmed = forms.MultipleChoiceField(
        label=gettext_lazy("核实符合的遴选条件"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    signed_as = forms.CharField(
        label=gettext_lazy("签署职务"),
        max_length=60,
        error_messages=WRITE,
        help_text=gettext_lazy("写职务，不写姓名；账号和日期由系统记下"),
    )

    def __init__(self, *args: Any, conditions: Iterable[str], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["opinion"].widget.attrs["data-c15-count"] = str(round_rules().most_chars)
        known, field = round_rules().conditions, self.fields["confirmed"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(key, known[key].name.in_language(_language())) for key in conditions]


class ProposeForm(ActForm):
    acceptance = forms.ChoiceField(label=gettext_lazy("依据的验收结果"), error_messages=CHOOSE)
    built_on = day_field(gettext_lazy("建设完成日期"))

    def __init__(self, *args: Any, acceptances: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        found = list(acceptances)
        choose(self.fields["acceptance"], found)
        if not found:
            self.fields["acceptance"].help_text = _("这个网点还没有公布的验收结果")


STEP_FORMS: Final[Mapping[ApplicationStep, type[ActForm]]] = MappingProxyType(
    {
        ApplicationStep.FILE: ActForm,
        ApplicationStep.ACCEPT_LATE: WordsForm,
        ApplicationStep.REFUSE_LATE: WordsForm,
        ApplicationStep.RETURN: ReturnForm,
        ApplicationStep.ENDORSE: EndorseForm,
        ApplicationStep.SELECT: NoteForm,
        ApplicationStep.WAIT: WordsForm,
        ApplicationStep.DECLINE: WordsForm,
        ApplicationStep.RECORD: NoteForm,
        ApplicationStep.PROPOSE: ProposeForm,
        ApplicationStep.AWARD: NoteForm,
        ApplicationStep.PROPOSE_REVOKE: WordsForm,
        ApplicationStep.REVOKE: NoteForm,
        ApplicationStep.KEEP: WordsForm,
        ApplicationStep.WITHDRAW: NoteForm,
    }
)
