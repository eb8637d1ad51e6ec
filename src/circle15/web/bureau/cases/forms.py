"""What a step of a case asks before it acts, and the filters of the work lists."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from circle15.cases.actions.signing import clean_signature, picture_of
from circle15.cases.refusals import EmptySignature
from circle15.cases.states import DeliveryWay, Outcome
from circle15.web.bureau.sites.fact_forms import ManyFilesField
from circle15.web.shared.number_fields import WholeNumberField
from circle15.web.shared.site_fields import SiteField

_CHOOSE = {"required": _("请选择一项。"), "invalid_choice": _("请从列表中选择。")}
_LONGEST = 500
MOST_DAYS = 60


def words_field(label: Any, missing: Any, *, hint: Any = "", required: bool = True) -> Any:
    """Return a field for a few lines of words."""
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        max_length=_LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": missing, "max_length": _("最多写 500 个字。")},
    )


class ReasonForm(forms.Form):
    """Why."""

    reason = words_field(_("原因"), _("请写明原因。"), hint=_("申请人会看到，不要写姓名和号码。"))


class BasisForm(forms.Form):
    """On which law a matter is not taken in."""

    basis = words_field(
        _("依据和理由"),
        _("请写明依据的文件和条款。"),
        hint=_("写明文件名称和条款，例如：《社会保险法》第二十三条。"),
    )


class AskForm(forms.Form):
    """What the applicant is asked."""

    lines = words_field(_("要说明什么"), _("请写明要申请人说明什么。"), hint=_("一行一个问题。"))


class AnswerForm(forms.Form):
    """What the applicant said."""

    text = words_field(_("申请人的答复"), _("请写明申请人怎样答复。"))


class ExtendForm(forms.Form):
    """By how many days, and why."""

    days = WholeNumberField(
        label=_("延长几个工作日"),
        min_value=1,
        max_value=MOST_DAYS,
        error_messages={
            "required": _("请填写延长几个工作日。"),
            "min_value": _("至少延长 1 个工作日。"),
            "max_value": _("一次最多延长 60 个工作日。"),
        },
    )
    reason = words_field(_("原因"), _("请写明原因。"), hint=_("申请人会看到，不要写姓名和号码。"))


class ChooseForm(forms.Form):
    """To whom or where, and why."""

    to = forms.ChoiceField(label=_("交给谁"), error_messages=_CHOOSE)
    reason = words_field(_("原因"), _("请写明原因。"))

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, choices: Iterable[Any] = (), **more: Any
    ) -> None:
        super().__init__(data, **more)
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("请选择")), *choices]


class DecideForm(forms.Form):
    """The conclusion; what is refused needs its basis and the reason."""

    outcome = forms.ChoiceField(
        label=_("结论"), choices=Outcome.choices, widget=forms.RadioSelect, error_messages=_CHOOSE
    )
    basis = words_field(
        _("依据"),
        "",
        hint=_("不予办理的必须写明文件和条款。"),
        required=False,
    )
    note = words_field(_("说明"), "", hint=_("写在结果上，申请人会看到。"), required=False)

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("outcome") == Outcome.REFUSED:
            if not given.get("basis"):
                self.add_error("basis", _("请写明依据的文件和条款。"))
            if not given.get("note"):
                self.add_error("note", _("请写明不予办理的理由。"))
        return given


class SecondForm(forms.Form):
    """The second person's word."""

    agree = forms.ChoiceField(
        label=_("复核意见"),
        choices=(("yes", _("同意，按拟定的结论办")), ("no", _("退回重办"))),
        widget=forms.RadioSelect,
        error_messages=_CHOOSE,
    )
    note = words_field(_("说明"), "", hint=_("退回的必须写明哪里不对。"), required=False)

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("agree") == "no" and not given.get("note"):
            self.add_error("note", _("请写明哪里不对。"))
        return given


class DeliverForm(forms.Form):
    """How the result goes to the person."""

    way = forms.ChoiceField(
        label=_("怎样送达"),
        choices=DeliveryWay.choices,
        initial=DeliveryWay.WINDOW,
        widget=forms.RadioSelect,
        error_messages=_CHOOSE,
    )
    tracking = forms.CharField(
        label=_("快递单号"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("邮寄的要填。"),
    )
    note = forms.CharField(label=_("备注"), required=False, max_length=120)

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("way") == DeliveryWay.POST and not given.get("tracking"):
            self.add_error("tracking", _("请填写快递单号。"))
        return given


class SignForm(forms.Form):
    """Who signed for the result."""

    signed_by = forms.ChoiceField(
        label=_("谁签收的"),
        choices=(("person", _("申请人本人")), ("agent", _("代办人"))),
        initial="person",
        widget=forms.RadioSelect,
        error_messages=_CHOOSE,
    )
    signature = forms.CharField(required=False, widget=forms.HiddenInput)
    is_signed = forms.BooleanField(
        label=_("已当面核对身份证件，并在受理通知书或结果通知书上签字"), required=False
    )

    def clean_signature(self) -> bytes | None:
        typed = self.cleaned_data["signature"]
        try:
            return clean_signature(picture_of(typed)) if typed else None
        except EmptySignature as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def clean(self) -> dict[str, Any]:
        """Ask for one of both: a signature on the screen, or the word that paper has one."""
        given = self.cleaned_data
        if not given.get("signature") and not given.get("is_signed"):
            self.add_error("is_signed", _("请先核对身份证件并请对方签字。"))
        return given

    def __init__(self, data: Any = None, *, organisation: bool = False, **more: Any) -> None:
        super().__init__(data, **more)
        field = self.fields["signed_by"]
        assert isinstance(field, forms.ChoiceField)
        if organisation:
            field.choices = [("agent", _("单位经办人")), ("person", _("单位的其他人，凭公章"))]
            field.initial = "agent"


class ConditionalForm(forms.Form):
    """Which papers follow, by when, on whose written word."""

    deferred = forms.MultipleChoiceField(
        label=_("以后补交的材料"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请选择以后补交哪些材料。")} | _CHOOSE,
    )
    due_on = forms.DateField(
        label=_("最迟哪天补交"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("不填按规定的期限。"),
        error_messages={"invalid": _("日期写成 2026-01-31 这样。")},
    )
    is_promised = forms.BooleanField(
        label=_("申请人同意补交，受理通知书打印后会请其在承诺处签字"),
        error_messages={"required": _("要申请人同意补交，才能容缺受理。")},
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        papers: Iterable[tuple[str, str]] = (),
        wanted: Iterable[str] = (),
        today: date,
        **more: Any,
    ) -> None:
        super().__init__(data, **more)
        self.today = today
        field = self.fields["deferred"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = list(papers)
        field.initial = list(wanted)

    def clean_due_on(self) -> date | None:
        due_on: date | None = self.cleaned_data["due_on"]
        if due_on and due_on <= self.today:
            raise forms.ValidationError(_("请填今天以后的日子。"))
        return due_on


class FollowForm(forms.Form):
    """A paper that was promised and has come, with its photo where one was taken."""

    photo = ManyFilesField(required=False)


class RejectForm(forms.Form):
    """Why a paper is not good enough."""

    why = forms.CharField(
        label=_("哪里不合格"),
        max_length=200,
        error_messages={"required": _("请写明哪里不合格。")},
    )


ANY: Final = ("", _("全部"))


class FilterForm(forms.Form):
    """Every field may be empty; what is chosen stands in the address."""

    number = forms.CharField(
        label=_("办件编号或申请单位"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "input"}),
    )
    item = forms.ChoiceField(label=_("事项"), required=False)
    state = forms.ChoiceField(label=_("状态"), required=False)
    channel = forms.ChoiceField(label=_("来源"), required=False)
    site = SiteField(label=_("受理网点"), required=False)

    def __init__(self, data: Mapping[str, Any], *, choices: Mapping[str, Iterable[Any]]) -> None:
        super().__init__(data)
        for name, offered in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [ANY, *offered]

    def chosen(self, name: str) -> str:
        """Return what was chosen; what does not exist filters nothing."""
        return str(getattr(self, "cleaned_data", {}).get(name, ""))
