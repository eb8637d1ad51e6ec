"""What is typed about people and organisations served."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from circle15.areas.wording import worded
from circle15.ledger.people.entering import OrganisationEntry, PersonEntry, UnusablePerson
from circle15.ledger.people.queries import PeopleFilter
from circle15.ledger.people.states import (
    FollowUpState,
    Given,
    IdKind,
    Insurance,
    NeedState,
    Purpose,
)
from circle15.standards.registers import ORGANISATIONS, PERSONS, need_topics, registers
from circle15.web.shared.item_words import said

ALL = ("", _("全部"))
Choices = Iterable[tuple[str, str]]


def register_choices(holds: str, *, kinds: bool = False) -> list[tuple[str, str]]:
    """Give the registers by key and name; with kinds, each kind of one below it."""
    found = []
    for key, one in registers().items():
        if one.holds != holds:
            continue
        found.append((key, said(one.name)))
        if kinds:
            found += [(f"{key}/{each.key}", f"　{said(each.name)}") for each in one.kinds]
    return found


def box_choices(holds: str) -> list[tuple[str, str]]:
    """Give the same for boxes to tick: a kind names its register."""
    found = []
    for key, one in registers().items():
        if one.holds == holds:
            name = said(one.name)
            found.append((key, name))
            found += [(f"{key}/{each.key}", f"{name}·{said(each.name)}") for each in one.kinds]
    return found


class PeopleFilterForm(forms.Form):
    """The filter of the list; wrong values count as empty."""

    register = forms.ChoiceField(label=_("台账"), required=False)
    area = forms.ChoiceField(label=_("镇、村（社区）"), required=False)
    insurance = forms.ChoiceField(
        label=_("参保状态"), required=False, choices=[ALL, *Insurance.choices]
    )
    age = forms.ChoiceField(
        label=_("年龄"), required=False, choices=[ALL, ("over-80", _("80岁以上"))]
    )

    def __init__(self, data: Any, *, areas: Choices) -> None:
        super().__init__(data)
        _choose(self.fields["register"], [ALL, *register_choices(PERSONS, kinds=True)])
        _choose(self.fields["area"], [ALL, *areas])

    def narrowed(self) -> PeopleFilter:
        self.is_valid()
        given = self.cleaned_data
        register, _slash, kind = given.get("register", "").partition("/")
        return PeopleFilter(
            register=register,
            kind=kind,
            insurance=given.get("insurance", ""),
            area_path=given.get("area", ""),
            age=given.get("age", ""),
        )


class SearchForm(forms.Form):
    """An exact number: typed into a form that is posted, so that it stands in no address."""

    number = forms.CharField(
        label=_("身份证号"),
        max_length=40,
        help_text=_("输入完整号码，全市范围查找。每次查询都会记入审计日志"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("请填写身份证号")},
    )


class SmallForm(forms.Form):
    """One of several forms of a page: its fields have ids of their own."""

    place = ""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **{"auto_id": f"{self.place}_%s"} | more)


class ReasonForm(SmallForm):
    """What to show in full, and why."""

    place = "reveal"
    field = forms.ChoiceField(
        label=_("查看哪一项"),
        choices=[("name", _("姓名")), ("id_number", _("证件号码")), ("phone", _("电话"))],
        widget=forms.RadioSelect,
        initial="phone",
    )
    reason = forms.CharField(
        label=_("查看事由"),
        help_text=_("例如：电话联系本人补材料。事由会记入审计日志，本人可以查到"),
        max_length=200,
        error_messages={"required": _("请写明查看事由")},
    )


class PersonForm(forms.Form):
    """A person to enter, or what to change: "" leaves what is there."""

    name = forms.CharField(label=_("姓名"), max_length=60, required=False)
    id_kind = forms.ChoiceField(label=_("证件种类"), choices=IdKind.choices, required=False)
    id_number = forms.CharField(
        label=_("证件号码"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("还没有证件的（如新生儿）可不填，但要填出生年份"),
    )
    birth_year = forms.IntegerField(
        label=_("出生年份"), required=False, help_text=_("填了身份证号的不必填")
    )
    phone = forms.CharField(label=_("电话"), max_length=20, required=False)
    division_code = forms.ChoiceField(label=_("所在村（社区）"), required=False)
    insurance = forms.ChoiceField(label=_("参保状态"), required=False)
    registers = forms.MultipleChoiceField(
        label=_("列入台账"), required=False, widget=forms.CheckboxSelectMultiple
    )
    reason = forms.CharField(
        label=_("更正事由"), max_length=200, required=False, help_text=_("例如：本人持身份证来核对")
    )

    def __init__(self, *args: Any, places: Choices, is_new: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        first = ("", _("请选择") if is_new else _("不改"))
        _choose(self.fields["division_code"], [first, *places])
        _choose(
            self.fields["insurance"],
            [("", _("未核实") if is_new else _("不改")), *Insurance.choices[1:]],
        )
        _choose(self.fields["registers"], box_choices(PERSONS))
        for name in ("reason",) if is_new else ("registers",):
            del self.fields[name]

    def entry(self) -> PersonEntry:
        given = self.cleaned_data
        return PersonEntry(
            name=given["name"],
            id_number=given["id_number"],
            id_kind=given["id_kind"] or IdKind.RESIDENT,
            birth_year=given["birth_year"],
            phone=given["phone"],
            division_code=given["division_code"],
            insurance=given["insurance"],
            registers=tuple(given.get("registers", ())),
        )


class OrganisationForm(forms.Form):
    """An organisation to enter, or what to change: "" leaves what is there."""

    name = forms.CharField(label=_("单位名称"), max_length=120, required=False)
    credit_code = forms.CharField(
        label=_("统一社会信用代码"), max_length=30, required=False, help_text=_("18 位")
    )
    provider_code = forms.CharField(
        label=_("定点机构编码"), max_length=12, required=False, help_text=_("两定机构填写")
    )
    division_code = forms.ChoiceField(label=_("所在镇、村（社区）"), required=False)
    address = forms.CharField(label=_("地址"), max_length=200, required=False)
    contact_name = forms.CharField(label=_("联系人"), max_length=60, required=False)
    contact_phone = forms.CharField(label=_("联系电话"), max_length=20, required=False)
    registers = forms.MultipleChoiceField(
        label=_("列入台账"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, places: Choices, is_new: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        first = ("", _("请选择") if is_new else _("不改"))
        _choose(self.fields["division_code"], [first, *places])
        _choose(self.fields["registers"], box_choices(ORGANISATIONS))

    def entry(self) -> OrganisationEntry:
        given = self.cleaned_data
        return OrganisationEntry(**given | {"registers": tuple(given["registers"])})


class JoinForm(SmallForm):
    place = "join"
    register = forms.ChoiceField(label=_("列入台账"))
    since = forms.DateField(
        label=_("列入日期"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        _choose(self.fields["register"], register_choices(PERSONS, kinds=True))


class LeaveForm(SmallForm):
    place = "leave"
    register = forms.CharField(max_length=30)
    on = forms.DateField(label=_("移出日期"))


class ConsentForm(SmallForm):
    """A consent given; without `how`, one withdrawn."""

    place = "consent"
    purpose = forms.ChoiceField(label=_("同意的用途"), choices=Purpose.choices)
    how = forms.ChoiceField(label=_("同意方式"), choices=Given.choices, required=False)


class NeedForm(SmallForm):
    place = "need"
    topic = forms.ChoiceField(label=_("需求类别"))
    words = forms.CharField(
        label=_("说明"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        topics = [(key, said(one.name)) for key, one in need_topics().items()]
        _choose(self.fields["topic"], topics)


class AnswerForm(SmallForm):
    place = "answer"
    state = forms.ChoiceField(label=_("结果"), choices=NeedState.choices[1:])
    words = forms.CharField(label=_("答复"), max_length=500, required=False)


class ErasureForm(SmallForm):
    """A reason to wipe somebody's data; without one the mark is taken away."""

    place = "erasure"
    reason = forms.CharField(label=_("清除事由"), max_length=200, required=False)


class StepForm(forms.Form):
    """What becomes of a follow-up: a day makes it a visit, else how it ended."""

    state = forms.ChoiceField(label=_("结果"), choices=FollowUpState.choices)
    on = forms.DateField(
        label=_("上门日期"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    note = forms.CharField(label=_("说明"), max_length=500, required=False)


def blame(form: forms.Form, refusal: UnusablePerson) -> None:
    """Put what is wrong with an entry to the fields it is about."""
    for name, message in refusal.problems:
        form.add_error(name if name in form.fields else None, worded(message))


def _choose(field: forms.Field, choices: Iterable[tuple[str, object]]) -> None:
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)
