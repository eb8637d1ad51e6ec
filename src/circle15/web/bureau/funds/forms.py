"""What each paper asks, and what narrows the journal."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from circle15.ledger.files import MAX_BYTES
from circle15.programme.funds.proposing import Wanted
from circle15.programme.funds.queries import Narrowed
from circle15.programme.funds_states import AnomalyAct, MoveKind
from circle15.standards.funds import fund_rules
from circle15.web.bureau.services.entry_forms import CHOOSE, WRITE, PeriodForm, choose, day_field
from circle15.web.shared.file_fields import SmallFileField
from circle15.web.shared.item_words import said
from circle15.web.shared.number_fields import DecimalNumberField

FIGURES: Final = (
    ("received", gettext_lazy("到位")),
    ("allocated", gettext_lazy("拨出")),
    ("used", gettext_lazy("已使用")),
    ("returned", gettext_lazy("退回")),
    ("left", gettext_lazy("结余")),
    ("budget", gettext_lazy("预算")),
)
_ALL = ("", gettext_lazy("全部"))
_AMOUNT = {
    "invalid": gettext_lazy("金额写成数字，精确到分，例如 12000.50。"),
    "max_digits": gettext_lazy("金额太大，请核对。"),
    "max_whole_digits": gettext_lazy("金额太大，请核对。"),
    "max_decimal_places": gettext_lazy("金额精确到分。"),
}
_FILE: Final = {
    "required": gettext_lazy("请附上凭证（照片或 PDF）。"),
    "empty": gettext_lazy("文件为空，请重新选择"),
    "invalid": gettext_lazy("文件没有传上来，请重新选择"),
    "max_length": gettext_lazy("文件名太长，请改短后上传"),
    "too_large": gettext_lazy("文件超过%(most)sMB，请压缩后上传"),
}
# What each kind asks, in this order; the number and the file of a use are obligatory.
ASKED: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        MoveKind.RECEIPT: ("to_path", "source", "amount", "dated_on", "number", "words", "file"),
        MoveKind.BUDGET: ("to_path", "purpose", "amount", "dated_on", "words"),
        MoveKind.ALLOCATION: (
            *("from_path", "to_path", "source", "amount", "dated_on", "number", "words", "file"),
        ),
        MoveKind.USE: (
            *("from_path", "source", "purpose", "amount", "dated_on", "number", "payee"),
            *("words", "file"),
        ),
        MoveKind.RETURN: ("from_path", "to_path", "source", "amount", "dated_on", "words", "file"),
    }
)
CLOSING: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "ask": gettext_lazy("提请关闭"),
        "close": gettext_lazy("确认关闭"),
        "keep": gettext_lazy("撤销提请"),
    }
)
_NEEDED = frozenset({MoveKind.USE})


def _text(label: Any, most: int) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, required=False, error_messages=WRITE)


class MoveForm(forms.Form):
    """One paper: only what its kind asks."""

    round = forms.ChoiceField(label=gettext_lazy("资金期"), error_messages=CHOOSE)
    from_path = forms.ChoiceField(label=gettext_lazy("拨出单位"), error_messages=CHOOSE)
    to_path = forms.ChoiceField(label=gettext_lazy("收到单位"), error_messages=CHOOSE)
    source = forms.ChoiceField(label=gettext_lazy("资金来源"), error_messages=CHOOSE)
    purpose = forms.ChoiceField(label=gettext_lazy("用途"), error_messages=CHOOSE)
    amount = DecimalNumberField(
        label=gettext_lazy("金额（元）"),
        max_digits=11,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages=WRITE | _AMOUNT,
    )
    dated_on = day_field(gettext_lazy("日期"))
    number = _text(gettext_lazy("文号"), 60)
    payee = _text(gettext_lazy("收款单位"), 120)
    words = _text(gettext_lazy("事由"), 300)
    file = SmallFileField(
        label=gettext_lazy("凭证扫描件"),
        most_bytes=MAX_BYTES,
        accept="image/jpeg,image/png,image/webp,application/pdf",
        errors=_FILE,
        help_text=gettext_lazy("照片或 PDF，不超过 10MB"),
    )

    def __init__(
        self,
        *args: Any,
        kind: str,
        rounds: Iterable[tuple[str, str]],
        givers: Iterable[tuple[str, str]],
        getters: Iterable[tuple[str, str]],
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        self.kind = kind
        rules, asked = fund_rules(), ASKED[kind]
        choose(self.fields["round"], rounds)
        choose(self.fields["from_path"], givers)
        choose(self.fields["to_path"], getters)
        none = ("", _("请选择"))
        choose(
            self.fields["source"], [none, *((k, said(s.name)) for k, s in rules.sources.items())]
        )
        choose(
            self.fields["purpose"], [none, *((k, said(p.name)) for k, p in rules.purposes.items())]
        )
        for name in set(self.fields) - {"round", *asked}:
            del self.fields[name]
        self._settle()

    def _settle(self) -> None:
        """Name and demand the fields as the kind has them."""
        if self.kind == MoveKind.USE:
            self.fields["from_path"].label = _("使用单位")
            self.fields["number"].label = _("凭证号")
            self.fields["payee"].required = True
            self.fields["dated_on"].label = _("凭证日期")
        if self.kind == MoveKind.BUDGET:
            self.fields["to_path"].label = _("编给谁")
        if self.kind == MoveKind.RETURN:
            self.fields["from_path"].label = _("退回单位")
            self.fields["to_path"].required = False
        if self.kind in {MoveKind.USE, MoveKind.RECEIPT}:
            self.fields["number"].required = True
        if "file" in self.fields:
            self.fields["file"].required = self.kind in _NEEDED

    def wanted(self) -> Wanted:
        given = self.cleaned_data
        texts = ("source", "purpose", "from_path", "to_path", "number", "payee", "words")
        return Wanted(
            kind=self.kind,
            amount=given["amount"],
            dated_on=given["dated_on"],
            **{name: str(given.get(name, "")) for name in texts},
        )


class RoundForm(forms.Form):
    """A new round: its name and days."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=80, error_messages=WRITE)
    begins_on = day_field(gettext_lazy("从"))
    ends_on = day_field(gettext_lazy("到"))


class LinkForm(forms.Form):
    """Which round of applications a round of money is for."""

    act = "link"
    label = gettext_lazy("对应创建轮次")
    applications = forms.ChoiceField(
        label=gettext_lazy("创建轮次"), required=False, error_messages=CHOOSE
    )

    def __init__(self, *args: Any, rounds: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **{"auto_id": "link-%s"} | more)
        choose(self.fields["applications"], [("", _("不对应")), *rounds])


class CloseForm(forms.Form):
    """A step towards the closing of a round; only who asks says something."""

    words = forms.CharField(
        label=gettext_lazy("结余去向"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("结余为零可以不写；有结余的写明结转到哪里、退到哪里。"),
        error_messages=WRITE,
    )

    def __init__(self, *args: Any, act: str, **more: Any) -> None:
        super().__init__(*args, **{"auto_id": f"{act}-%s"} | more)
        self.act, self.label = act, CLOSING[act]
        if act != "ask":
            del self.fields["words"]


class WordsForm(forms.Form):
    """A step with its words."""

    words = forms.CharField(
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages=WRITE,
    )

    def __init__(
        self, *args: Any, act: str, label: Any, asked: Any, needed: bool = True, **more: Any
    ) -> None:
        super().__init__(*args, **{"auto_id": f"{act}-%s"} | more)
        self.act, self.label = act, label
        self.fields["words"].label, self.fields["words"].required = asked, needed


class LookForm(WordsForm):
    """What is said of an anomaly, which goes along unseen."""

    key = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, act: str, **more: Any) -> None:
        given = AnomalyAct(act)
        asked = _("为什么不是问题") if given == AnomalyAct.DISMISS else _("情况说明")
        super().__init__(*args, act=act, label=given.label, asked=asked, **more)


class RulesForm(forms.Form):
    """A document that rules the use of money."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=120, error_messages=WRITE)
    number = forms.CharField(label=gettext_lazy("文号"), max_length=60, error_messages=WRITE)
    since = day_field(gettext_lazy("从哪一天起施行"))
    file = SmallFileField(
        label=gettext_lazy("文件"),
        most_bytes=MAX_BYTES,
        accept="image/jpeg,image/png,image/webp,application/pdf",
        errors={**_FILE, "required": gettext_lazy("请附上文件（照片或 PDF）。")},
        help_text=gettext_lazy("照片或 PDF，不超过 10MB"),
    )


class JournalForm(PeriodForm):
    """Which lines: of a figure, a place, a source, a purpose, between days."""

    figure = forms.ChoiceField(label=gettext_lazy("项目"), choices=FIGURES, required=False)
    place = forms.ChoiceField(label=gettext_lazy("单位"), required=False)
    source = forms.ChoiceField(label=gettext_lazy("资金来源"), required=False)
    purpose = forms.ChoiceField(label=gettext_lazy("用途"), required=False)

    field_order = ("figure", "place", "source", "purpose", "since", "until")

    def __init__(self, *args: Any, places: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **{"auto_id": "filter_%s"} | more)
        rules = fund_rules()
        choose(self.fields["place"], [("", _("本辖区合计")), *places])
        choose(
            self.fields["source"], [_ALL, *((k, said(s.name)) for k, s in rules.sources.items())]
        )
        choose(
            self.fields["purpose"], [_ALL, *((k, said(p.name)) for k, p in rules.purposes.items())]
        )

    def narrowed(self) -> Narrowed:
        return Narrowed(
            figure=self.chosen("figure") or "left",
            place=self.chosen("place"),
            source=self.chosen("source"),
            purpose=self.chosen("purpose"),
            since=self.day("since"),
            until=self.day("until"),
        )


class FilterForm(forms.Form):
    """Which round, and which state."""

    round = forms.ChoiceField(label=gettext_lazy("资金期"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("状态"), required=False)

    def __init__(
        self,
        *args: Any,
        rounds: Iterable[tuple[str, str]],
        states: Iterable[tuple[str, Any]] = (),
        **more: Any,
    ) -> None:
        super().__init__(*args, **{"auto_id": "filter_%s"} | more)
        known = list(states)
        choose(self.fields["round"], rounds)
        choose(self.fields["state"], [_ALL, *known])
        if not known:
            del self.fields["state"]

    def chosen(self, name: str) -> str:
        self.is_valid()
        return str(self.cleaned_data.get(name) or "")
