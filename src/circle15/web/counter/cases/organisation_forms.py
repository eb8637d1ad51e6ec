"""What the window asks of an organisation: which one, who comes for it, what it came for."""

from collections.abc import Iterable
from typing import Any, Final

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from circle15.areas.wording import worded
from circle15.cases.organisations import KnownAgent
from circle15.cases.states import Mode
from circle15.core.identifiers import (
    canonical_resident_id,
    canonical_social_credit_code,
    check_resident_id,
    check_social_credit_code,
)
from circle15.core.messages import joined
from circle15.ledger.people.entering import OrganisationEntry
from circle15.ledger.people.states import Source
from circle15.standards.organisation_cases import organisation_cases
from circle15.web.bureau.cases.words import said

ANOTHER: Final = "another"
_CHOOSE = {"required": _("请选择一项。"), "invalid_choice": _("请从列表中选择。")}
_OFF = {"autocomplete": "off", "spellcheck": "false"}


class FindOrganisationForm(forms.Form):
    """A unified social credit code, or a name or part of one."""

    organisation = forms.CharField(
        label=_("统一社会信用代码或单位名称"),
        max_length=120,
        help_text=_("18 位代码查全市；名称写全也查全市，只写一部分的查本辖区。"),
        widget=forms.TextInput(attrs=_OFF),
        error_messages={"required": _("请填写统一社会信用代码或单位名称。")},
    )

    def clean_organisation(self) -> str:
        """Refuse a code that can't be one, naming all that is wrong with it."""
        typed = str(self.cleaned_data["organisation"]).strip()
        if not is_code(typed):
            return " ".join(typed.split())
        code = canonical_social_credit_code(typed)
        if problems := check_social_credit_code(code):
            raise forms.ValidationError(worded(joined(problems)))
        return code


def is_code(typed: str) -> bool:
    """Tell a code, rightly typed or not, from a name: letters and digits only, some of each."""
    plain = canonical_social_credit_code(typed)
    return plain.isascii() and plain.isalnum() and any(char.isdigit() for char in plain)


class NewOrganisationForm(forms.Form):
    """An organisation that is in no register of the city yet."""

    credit_code = forms.CharField(
        label=_("统一社会信用代码"),
        max_length=30,
        help_text=_("照营业执照、法人证书填写，18 位。"),
        widget=forms.TextInput(attrs={**_OFF, "autocapitalize": "characters"}),
        error_messages={"required": _("请填写统一社会信用代码。")},
    )
    name = forms.CharField(
        label=_("单位名称"),
        max_length=120,
        widget=forms.TextInput(attrs=_OFF),
        error_messages={"required": _("请填写单位名称。")},
    )
    division_code = forms.ChoiceField(label=_("所在乡镇（街道）"), error_messages=_CHOOSE)
    contact_phone = forms.CharField(
        label=_("单位电话"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={**_OFF, "inputmode": "tel"}),
    )

    def __init__(self, data: Any = None, *, divisions: Iterable[Any] = (), **more: Any) -> None:
        super().__init__(data, **more)
        _offer(self, "division_code", [("", _("请选择")), *divisions])

    def clean_credit_code(self) -> str:
        code = canonical_social_credit_code(self.cleaned_data["credit_code"])
        if problems := check_social_credit_code(code):
            raise forms.ValidationError(worded(joined(problems)))
        return code

    def entry(self, *, is_synthetic: bool) -> OrganisationEntry:
        return OrganisationEntry(**self.cleaned_data, source=Source.CASE, is_synthetic=is_synthetic)


class AgentForm(forms.Form):
    """Who comes for the organisation; all that is wrong is said at once."""

    known = forms.ChoiceField(
        label=_("谁来办"), required=False, widget=forms.RadioSelect, error_messages=_CHOOSE
    )
    number = forms.CharField(
        label=_("单位经办人身份证号码"),
        required=False,
        max_length=30,
        help_text=_("刷他的身份证。"),
        widget=forms.TextInput(attrs=_OFF),
    )
    name = forms.CharField(
        label=_("单位经办人姓名"),
        required=False,
        max_length=60,
        help_text=_("第一次来的才要填。"),
        widget=forms.TextInput(attrs=_OFF),
    )
    role = forms.ChoiceField(label=_("他的身份"), widget=forms.RadioSelect, error_messages=_CHOOSE)

    def __init__(
        self,
        data: Any = None,
        *,
        agents: Iterable[KnownAgent] = (),
        **more: Any,
    ) -> None:
        super().__init__(data, **more)
        self._offer_agents(list(agents))
        rules = organisation_cases()
        _offer(self, "role", [(each.key, said(each.text)) for each in rules.question.choices])
        self.fields["role"].initial = rules.usual

    def _offer_agents(self, agents: list[KnownAgent]) -> None:
        if not agents:
            del self.fields["known"]
            return
        offered = [(str(one.uid), _agent_words(one)) for one in agents]
        _offer(self, "known", [*offered, (ANOTHER, _("换了人，在下面填"))])
        self.fields["known"].initial = str(agents[0].uid)

    @property
    def agent(self) -> str:
        """Return the known person that was chosen; "" for another."""
        chosen = str(self.cleaned_data.get("known", ""))
        return "" if chosen == ANOTHER else chosen

    def clean_number(self) -> str:
        number = canonical_resident_id(self.cleaned_data["number"])
        if number and (problems := check_resident_id(number)):
            raise forms.ValidationError(worded(joined(problems)))
        return number

    def clean(self) -> dict[str, Any]:
        if not self.agent and not self.cleaned_data.get("number") and "number" not in self.errors:
            self.add_error("number", _("请刷单位经办人的身份证，或者输入他的身份证号码。"))
        return self.cleaned_data


class OpenOrganisationForm(AgentForm):
    """What it is about, and who comes for the organisation."""

    item = forms.ChoiceField(label=_("办什么"), error_messages=_CHOOSE)
    mode = forms.ChoiceField(
        label=_("怎样办"),
        choices=Mode.choices,
        initial=Mode.ORDINARY,
        widget=forms.RadioSelect,
        error_messages=_CHOOSE,
    )

    def __init__(self, data: Any = None, *, items: Iterable[Any] = (), **more: Any) -> None:
        super().__init__(data, **more)
        _offer(self, "item", [("", _("请选择")), *items])
        self.fields["item"].widget.attrs["data-case-first"] = True


class HandlerForm(AgentForm):
    """Who may handle the organisation's business online, as its sealed letter says."""

    until = forms.DateField(
        label=_("授权到哪天"),
        help_text=_("照授权委托书填写，最长一年。"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={
            "required": _("请填写授权到哪天。"),
            "invalid": _("授权到哪天请填日期，例如 2026-12-31。"),
        },
    )


def _agent_words(one: KnownAgent) -> str:
    words = {"name": one.name, "number": one.id_number, "day": f"{one.last_on:%Y-%m-%d}"}
    return gettext("%(name)s %(number)s（%(day)s 来过）") % words


def _offer(form: forms.Form, name: str, choices: list[Any]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices
