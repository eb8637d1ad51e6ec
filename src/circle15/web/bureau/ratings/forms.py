"""What each step of an order asks, the filters, and what is written down for somebody else."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from circle15.ratings.given import RatingFilter
from circle15.ratings.orders.lists import OrderFilter, OrderList
from circle15.ratings.states import (
    ENTERED,
    LEAVES,
    WAYS,
    CameFrom,
    Finding,
    OrderKind,
    OrderState,
    OrderStep,
)
from circle15.standards.ratings import labels, rating_rules
from circle15.web.bureau.services.entry_forms import (
    CHOOSE,
    WRITE,
    PeriodForm,
    choose,
    day_field,
)
from circle15.web.shared.item_words import said
from circle15.web.shared.site_fields import SiteField

if TYPE_CHECKING:
    from circle15.ratings.models import Order

ALL = ("", gettext_lazy("全部"))
_NOTES: Final[Mapping[OrderStep, Any]] = {
    OrderStep.CONTACT: gettext_lazy("联系情况（联系不上也写明）"),
    OrderStep.VERIFY: gettext_lazy("核实经过"),
    OrderStep.AT_ONCE: gettext_lazy("改了什么"),
    OrderStep.BY_DATE: gettext_lazy("打算怎么改"),
    OrderStep.EXPLAIN: gettext_lazy("怎么解释"),
    OrderStep.RECTIFIED: gettext_lazy("整改结果"),
    OrderStep.ANSWER: gettext_lazy("答复内容（本人看得到）"),
    OrderStep.REVISIT: gettext_lazy("回访记录"),
    OrderStep.APPEAL: gettext_lazy("申诉理由"),
    OrderStep.UPHOLD: gettext_lazy("支持的理由"),
    OrderStep.DISMISS: gettext_lazy("维持的理由"),
    OrderStep.CLOSE: gettext_lazy("监督意见"),
    OrderStep.END: gettext_lazy("为什么本人不满意也办结"),
    OrderStep.PUBLISH: gettext_lazy("公开的文字（不写姓名）"),
    OrderStep.REOPEN: gettext_lazy("为什么重新办理"),
    OrderStep.ASSIGN: gettext_lazy("交办意见"),
}


class StepForm(forms.Form):
    """The words every step asks for."""

    note = forms.CharField(
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages=WRITE | {"max_length": gettext_lazy("不超过 500 个字。")},
    )

    def __init__(
        self,
        *args: Any,
        step: OrderStep,
        order: "Order",
        people: Iterable[tuple[int, str]] = (),
        **more: Any,
    ) -> None:
        super().__init__(*args, **{"auto_id": f"{step}-%s"} | more)
        self.step, self.label = step, step.label
        self.fields["note"].label = _NOTES[step]
        if "to" in self.fields:
            self.fields["note"].required = False
            known = [(str(pk), name) for pk, name in people]
            choose(self.fields["to"], [("", _("请选择")), *known])
        if "until" in self.fields:
            self.fields["until"].help_text = _("不晚于复杂事项的答复期限（%(n)s 个工作日）") % {
                "n": rating_rules().deadlines["complex"]
            }
        if order.is_complex and "is_complex" in self.fields:
            self.fields["is_complex"].initial = True


class AssignForm(StepForm):
    to = forms.ChoiceField(label=gettext_lazy("交给谁"), error_messages=CHOOSE)
    field_order = ("to", "note")


class VerifyForm(StepForm):
    finding = forms.ChoiceField(
        label=gettext_lazy("结论"),
        choices=Finding.choices,
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    is_complex = forms.BooleanField(
        label=gettext_lazy("情况复杂，按复杂事项的期限办"), required=False
    )
    field_order = ("finding", "note", "is_complex")


class UntilForm(StepForm):
    until = day_field(gettext_lazy("哪天改好"))
    field_order = ("until", "note")


class RevisitForm(StepForm):
    is_satisfied = forms.ChoiceField(
        label=gettext_lazy("本人对结果"),
        choices=[("yes", gettext_lazy("满意")), ("no", gettext_lazy("不满意"))],
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    field_order = ("is_satisfied", "note")


class AppealForm(StepForm):
    wanted = forms.ChoiceField(
        label=gettext_lazy("认为是"),
        choices=[(each, each.label) for each in LEAVES],
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    field_order = ("wanted", "note")


FORMS: Final[Mapping[OrderStep, type[StepForm]]] = {
    **dict.fromkeys(_NOTES, StepForm),
    OrderStep.ASSIGN: AssignForm,
    OrderStep.VERIFY: VerifyForm,
    OrderStep.BY_DATE: UntilForm,
    OrderStep.REVISIT: RevisitForm,
    OrderStep.APPEAL: AppealForm,
}


class OrderFilterForm(forms.Form):
    """The filter of the lists; wrong values count as empty."""

    kind = forms.ChoiceField(
        label=gettext_lazy("种类"), required=False, choices=[ALL, *OrderKind.choices]
    )
    state = forms.ChoiceField(
        label=gettext_lazy("状态"), required=False, choices=[ALL, *OrderState.choices]
    )
    topic = forms.ChoiceField(label=gettext_lazy("主题"), required=False)
    site = SiteField(label=gettext_lazy("网点"), required=False)
    number = forms.CharField(label=gettext_lazy("工单编号"), required=False, max_length=40)

    def __init__(self, *args: Any, sites: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **{"auto_id": "filter_%s"} | more)
        choose(self.fields["topic"], [ALL, *topic_choices()])
        choose(self.fields["site"], [ALL, *sites])

    def chosen(self, name: str) -> str:
        self.is_valid()
        return str(self.cleaned_data.get(name) or "")

    def narrowed(self, which: OrderList) -> OrderFilter:
        return OrderFilter(
            which=which,
            kind=self.chosen("kind"),
            state=self.chosen("state"),
            site_path=self.chosen("site"),
            topic=self.chosen("topic"),
            number=self.chosen("number").strip(),
        )


class GivenFilterForm(PeriodForm):
    """The filter of the ratings."""

    grade = forms.ChoiceField(label=gettext_lazy("等级"), required=False)
    channel = forms.ChoiceField(
        label=gettext_lazy("渠道"),
        required=False,
        choices=[ALL, *((way, way.label) for way in WAYS)],
    )
    topic = forms.ChoiceField(label=gettext_lazy("主题"), required=False)
    site = SiteField(label=gettext_lazy("网点"), required=False)
    q = forms.CharField(label=gettext_lazy("字词"), required=False, max_length=40)
    field_order = ("grade", "channel", "topic", "site", "since", "until", "q")

    def __init__(self, *args: Any, sites: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **{"auto_id": "filter_%s"} | more)
        grades = [(str(value), said(name)) for value, name in rating_rules().grades.items()]
        choose(self.fields["grade"], [ALL, ("bad", _("差评")), *grades])
        choose(self.fields["topic"], [ALL, *topic_choices()])
        choose(self.fields["site"], [ALL, *sites])

    def narrowed(self) -> RatingFilter:
        return RatingFilter(
            grade=self.chosen("grade"),
            channel=self.chosen("channel"),
            topic=self.chosen("topic"),
            site_path=self.chosen("site"),
            since=self.day("since"),
            until=self.day("until"),
            words=self.chosen("q").strip(),
        )


class EnterForm(forms.Form):
    """A rating told by phone or on paper: of which handling, and what was said."""

    channel = forms.ChoiceField(
        label=gettext_lazy("方式"),
        choices=[(each, each.label) for each in ENTERED],
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    site = SiteField(label=gettext_lazy("网点"), error_messages=CHOOSE)
    day = day_field(gettext_lazy("哪天办的"))
    label = forms.CharField(
        label=gettext_lazy("排队号"),
        required=False,
        max_length=12,
        help_text=gettext_lazy("例如 A012；没有排队号的填办件编号"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    number = forms.CharField(
        label=gettext_lazy("办件编号"),
        required=False,
        max_length=24,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    grade = forms.ChoiceField(
        label=gettext_lazy("对办理"), widget=forms.RadioSelect, error_messages=CHOOSE
    )
    person_grade = forms.ChoiceField(
        label=gettext_lazy("对窗口人员"), required=False, widget=forms.RadioSelect
    )
    labels = forms.MultipleChoiceField(
        label=gettext_lazy("标签"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("只能选所给等级的标签；差评要选一个或写几句"),
    )
    text = forms.CharField(
        label=gettext_lazy("原话"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    phone = forms.CharField(
        label=gettext_lazy("联系电话"),
        required=False,
        max_length=20,
        help_text=gettext_lazy("差评要回复的才填；加密保存，只有监督人员能看"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, sites: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        rules = rating_rules()
        grades = [(str(value), said(name)) for value, name in rules.grades.items()]
        choose(self.fields["site"], sites)
        choose(self.fields["grade"], grades)
        choose(self.fields["person_grade"], [("", _("没有说")), *grades])
        self.fields["text"].widget.attrs["maxlength"] = rules.text_length
        given = self.fields["labels"]
        assert isinstance(given, forms.MultipleChoiceField)
        given.choices = [(one.code, f"{one.grade} · {said(one.name)}") for one in labels().values()]


class MatterForm(forms.Form):
    """A complaint, opinion or suggestion that came by word, phone, letter or another house."""

    kind = forms.ChoiceField(
        label=gettext_lazy("种类"),
        choices=[each for each in OrderKind.choices if each[0] != OrderKind.BAD_RATING],
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    came_from = forms.ChoiceField(
        label=gettext_lazy("来源"),
        choices=[
            (each, each.label) for each in CameFrom if each not in {CameFrom.RATING, CameFrom.WEB}
        ],
        error_messages=CHOOSE,
    )
    external_number = forms.CharField(
        label=gettext_lazy("对方工单号"), required=False, max_length=40
    )
    site = SiteField(label=gettext_lazy("网点"), error_messages=CHOOSE)
    text = forms.CharField(
        label=gettext_lazy("内容"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages=WRITE,
    )
    name = forms.CharField(
        label=gettext_lazy("姓名"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    phone = forms.CharField(
        label=gettext_lazy("联系电话"),
        required=False,
        max_length=20,
        help_text=gettext_lazy("加密保存，只有监督人员能看"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    is_complex = forms.BooleanField(label=gettext_lazy("情况复杂"), required=False)

    def __init__(self, *args: Any, sites: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        choose(self.fields["site"], sites)


def topic_choices() -> list[tuple[str, str]]:
    return [(key, said(topic.name)) for key, topic in rating_rules().topics.items()]
