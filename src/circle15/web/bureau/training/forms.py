"""What announcing a session, a plan's line, a notice, and each act on a session ask."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy

from circle15.imports.reading import MOST_BYTES
from circle15.ledger.files import MAX_BYTES
from circle15.programme.training.sessions import NewSession
from circle15.programme.training_states import SessionKind
from circle15.web.bureau.campaigns.forms import FILE_ERRORS, ActForm, note_field
from circle15.web.bureau.services.entry_forms import CHOOSE, WRITE, choose, day_field
from circle15.web.shared.file_fields import SmallFileField
from circle15.web.shared.number_fields import WholeNumberField
from circle15.web.shared.site_fields import SiteField

MOST_YEARS = 2
_TIME = WRITE | {"invalid": gettext_lazy("请写日期和时间，例如 2026-03-31 14:00。")}
ACCEPT = "image/jpeg,image/png,image/webp,application/pdf"


def text_field(label: Any, *, most: int = 120, required: bool = True, hint: Any = "") -> Any:
    return forms.CharField(
        label=label, max_length=most, required=required, help_text=hint, error_messages=WRITE
    )


def time_field(label: Any, hint: Any = "") -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, widget=widget, help_text=hint, error_messages=_TIME)


class SessionForm(forms.Form):
    """A session to be announced; what it is held for and its quiz may stay open."""

    kind = forms.ChoiceField(
        label=gettext_lazy("形式"),
        choices=SessionKind.choices,
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    topic = text_field(gettext_lazy("培训主题"))
    starts_at = time_field(gettext_lazy("开始"))
    ends_at = time_field(gettext_lazy("结束"))
    place = text_field(gettext_lazy("地点"))
    trainer = text_field(
        gettext_lazy("授课单位和岗位"), hint=gettext_lazy("写单位和岗位，不写姓名。")
    )
    site = SiteField(
        label=gettext_lazy("面向"),
        required=False,
        error_messages=CHOOSE,
        help_text=gettext_lazy("只有这里的工作人员能签到。"),
    )
    line = forms.ChoiceField(label=gettext_lazy("完成计划里的"), required=False)
    notice = forms.ChoiceField(label=gettext_lazy("针对新政策"), required=False)
    pool = forms.ChoiceField(label=gettext_lazy("测验题库"), required=False)
    draws = WholeNumberField(label=gettext_lazy("抽几道题"), required=False)

    def __init__(
        self, *args: Any, offered: Mapping[str, Iterable[tuple[str, Any]]], **more: Any
    ) -> None:
        super().__init__(*args, **more)
        for name, choices in offered.items():
            choose(self.fields[name], choices)

    def new(self) -> NewSession:
        """Return what was asked for, as the action takes it."""
        given = self.cleaned_data
        return NewSession(
            kind=given["kind"],
            topic=given["topic"],
            place=given["place"],
            trainer=given["trainer"],
            starts_at=given["starts_at"],
            ends_at=given["ends_at"],
            site_code=given["site"],
            line_uid=_uid(given["line"]),
            notice_uid=_uid(given["notice"]),
            pool=given["pool"],
            draws=given["draws"] or 0,
        )


def _uid(text: str) -> UUID | None:
    return UUID(text) if text else None


class LineForm(ActForm):
    """A topic for the year's plan with its months."""

    year = forms.ChoiceField(label=gettext_lazy("年度"), error_messages=CHOOSE)
    kind = forms.ChoiceField(
        label=gettext_lazy("形式"), choices=SessionKind.choices, error_messages=CHOOSE
    )
    topic = text_field(gettext_lazy("培训主题"))
    months = forms.TypedMultipleChoiceField(
        label=gettext_lazy("月份（每选一个月办一场）"),
        choices=[(str(month), str(month)) for month in range(1, 13)],
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages=CHOOSE,
    )

    def __init__(self, *args: Any, today: date, **more: Any) -> None:
        super().__init__(*args, **more)
        choose(
            self.fields["year"],
            [(str(today.year + each), str(today.year + each)) for each in range(MOST_YEARS)],
        )


class NoticeForm(ActForm):
    """A new policy, and within how many working days a special training is due."""

    title = text_field(gettext_lazy("文件名称"))
    number = text_field(gettext_lazy("文号"), most=60, required=False)
    issued_on = day_field(gettext_lazy("印发日期"))
    days = WholeNumberField(
        label=gettext_lazy("几个工作日内培训"),
        required=False,
        help_text=gettext_lazy("不填就是未设定期限：列表会写明，也不算逾期。"),
    )


class SignForm(ActForm):
    """The code on the trainer's screen."""

    code = forms.CharField(
        label=gettext_lazy("签到码"),
        max_length=12,
        error_messages=WRITE,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


class ReasonForm(ActForm):
    """A reason."""

    note = note_field(gettext_lazy("理由"))


class PresentForm(ActForm):
    """Somebody who was there without signing in."""

    user_id = forms.TypedChoiceField(label=gettext_lazy("人员"), coerce=int, error_messages=CHOOSE)
    is_late = forms.BooleanField(label=gettext_lazy("迟到"), required=False)
    note = note_field(gettext_lazy("理由"))

    def __init__(self, *args: Any, people: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        choose(self.fields["user_id"], people)


class MaterialForm(ActForm):
    """A file for those who attend."""

    file = SmallFileField(
        label=gettext_lazy("培训材料"),
        most_bytes=MAX_BYTES,
        accept=ACCEPT,
        errors={**FILE_ERRORS, "required": gettext_lazy("请选择文件。")},
        help_text=gettext_lazy("照片或 PDF，不超过 10MB"),
    )


class BankForm(forms.Form):
    """A filled-in table of questions."""

    file = SmallFileField(
        label=gettext_lazy("题库表格"),
        most_bytes=min(MOST_BYTES, MAX_BYTES),
        accept=".xlsx,.xls,.ods,.csv",
        errors={**FILE_ERRORS, "required": gettext_lazy("请选择填好的表格。")},
        help_text=gettext_lazy("有一行不对就全部不导入，并一次列出所有错误。"),
    )


def first_times(now: datetime) -> dict[str, datetime]:
    """Return when a session would begin and end if nobody said otherwise."""
    start = now.replace(hour=14, minute=0, second=0, microsecond=0)
    return {"starts_at": start, "ends_at": start.replace(hour=16)}
