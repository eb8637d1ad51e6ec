"""Forms of the online hall: a question, the fields of a form, a photo, how the result comes."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from circle15.core.text import tidy
from circle15.standards.catalogue import CatalogueItem, Handover, Question
from circle15.standards.item_forms import FieldKind, FormField
from circle15.web.public.apply.way import HANDOVER, POST_TO, handovers
from circle15.web.shared.item_words import said

HANDOVER_WORDS = {
    Handover.WINDOW: _("到窗口领取"),
    Handover.ONLINE: _("网上查看和下载"),
    Handover.POST: _("邮寄到家"),
    Handover.ACCOUNT: _("直接打到账户"),
}
_EARLIEST, _LATEST = date(1900, 1, 1), date(2100, 1, 1)


class QuestionForm(forms.Form):
    """One question with its choices."""

    def __init__(self, question: Question, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["answer"] = forms.ChoiceField(
            label=said(question.text),
            help_text=said(question.hint) if question.hint else "",
            choices=[(each.key, said(each.text)) for each in question.choices],
            widget=forms.RadioSelect,
            error_messages={
                "required": _("请选一个答案。"),
                "invalid_choice": _("请选一个答案。"),
            },
        )


class ItemForm(forms.Form):
    """The fields asked in place of a paper form."""

    def __init__(self, fields: tuple[FormField, ...], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for field in fields:
            self.fields[field.key] = _field(field)

    @property
    def values(self) -> dict[str, str]:
        """Return what was filled in, as it is kept."""
        return {name: _kept(value) for name, value in self.cleaned_data.items()}


class HandoverForm(forms.Form):
    """How the result is to come."""

    def __init__(self, item: CatalogueItem, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        ways = handovers(item)
        self.fields[HANDOVER] = forms.ChoiceField(
            label=_("结果怎么给您"),
            choices=[(way.value, HANDOVER_WORDS[way]) for way in ways],
            widget=forms.RadioSelect,
            error_messages={"required": _("请选结果怎么给您。")},
        )
        if Handover.POST in ways:
            self.fields[POST_TO] = forms.CharField(
                label=_("邮寄地址和收件人"),
                help_text=_("选邮寄的填。省、市、街道、门牌号和收件人姓名。"),
                max_length=120,
                required=False,
                widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
            )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        wants_post = given.get(HANDOVER) == Handover.POST
        if wants_post and not tidy(given.get(POST_TO) or "").text:
            self.add_error(POST_TO, _("选了邮寄，请填写邮寄地址和收件人。"))
        return given

    @property
    def values(self) -> dict[str, str]:
        return {name: _kept(value) for name, value in self.cleaned_data.items()}


class PhotosField(forms.FileField):
    """One or several files."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        several = data if isinstance(data, list | tuple) else [data] if data else []
        if not several:
            return super().clean(None, initial)
        return [super(PhotosField, self).clean(each, initial) for each in several]


class _SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class PhotoForm(forms.Form):
    """Photos of one paper, a page each."""

    photos = PhotosField(
        label=_("拍照或选择文件"),
        help_text=_("一页拍一张，字要看得清。JPG、PNG 图片或 PDF，每个不超过 10 MB。"),
        # Without HEIC in the list an iPhone sends JPEG.
        widget=_SeveralFiles(
            attrs={"accept": "image/jpeg,image/png,image/webp,application/pdf", "multiple": True}
        ),
        error_messages={
            "required": _("请先拍照或选择文件。"),
            "empty": _("文件是空的，请重新选择。"),
        },
    )


class CheckForm(forms.Form):
    """What is declared when an application is handed in."""

    true = forms.BooleanField(
        label=_("我确认填写的内容和上传的材料真实、完整。"),
        error_messages={"required": _("请先确认内容和材料真实、完整。")},
    )
    share = forms.BooleanField(
        label=_("我同意用系统里的数据核验不用交的材料。"),
        error_messages={"required": _("请先同意用系统里的数据核验，或者带材料到窗口办理。")},
    )


def initial_of(fields: tuple[FormField, ...], form: Mapping[str, str]) -> dict[str, object]:
    """Return what was filled in before, as the page shows it."""
    return {
        field.key: form[field.key] == "yes" if field.kind is FieldKind.AGREE else form[field.key]
        for field in fields
        if field.key in form
    }


def shown_value(field: FormField, value: str) -> str:
    """Put a value into words for the page on which all is checked."""
    if field.kind is FieldKind.CHOICE:
        return next((said(each.text) for each in field.choices if each.key == value), value)
    if field.kind is FieldKind.AGREE:
        return str(_("已承诺")) if value == "yes" else ""
    if field.kind is FieldKind.DIGITS and len(value) > 8:  # noqa: PLR2004 -- an account number
        return f"{'*' * (len(value) - 4)}{value[-4:]}"
    return value


def _field(field: FormField) -> forms.Field:
    common: dict[str, Any] = {
        "label": said(field.name),
        "help_text": said(field.hint) if field.hint else "",
        "required": field.is_required,
    }
    need = {"name": said(field.name)}
    match field.kind:
        case FieldKind.CHOICE:
            return forms.ChoiceField(
                choices=[(each.key, said(each.text)) for each in field.choices],
                widget=forms.RadioSelect,
                error_messages={
                    "required": _("请选择“%(name)s”。") % need,
                    "invalid_choice": _("请选择“%(name)s”。") % need,
                },
                **common,
            )
        case FieldKind.AGREE:
            return forms.BooleanField(
                error_messages={"required": _("请勾选承诺后再继续。")}, **common
            )
        case FieldKind.DATE:
            return forms.DateField(
                widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
                error_messages={
                    "required": _("请填写“%(name)s”。") % need,
                    "invalid": _("“%(name)s”请填日期，例如 2026-03-01。") % need,
                },
                **common,
            )
        case _:
            return _TextField(field, need, **common)


class _TextField(forms.CharField):
    """Running text or digits, tidied."""

    def __init__(self, field: FormField, need: dict[str, str], **common: Any) -> None:
        is_long = field.kind is FieldKind.LONG
        widget = forms.Textarea(attrs={"rows": 4}) if is_long else forms.TextInput()
        if field.kind is FieldKind.DIGITS:
            widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        super().__init__(
            max_length=field.most,
            widget=widget,
            error_messages={
                "required": _("请填写“%(name)s”。") % need,
                "max_length": _("“%(name)s”不超过 %(most)s 个字。") % {**need, "most": field.most},
            },
            **common,
        )
        self._of, self._need = field, need

    def clean(self, value: Any) -> str:
        text = tidy(super().clean(value)).text
        if self._of.kind is FieldKind.DIGITS:
            text = text.replace(" ", "")
            if text and not (text.isascii() and text.isdigit() and len(text) >= self._of.least):
                raise forms.ValidationError(
                    _("“%(name)s”应为 %(least)s 至 %(most)s 位数字。")
                    % {**self._need, "least": self._of.least, "most": self._of.most}
                )
        return text


def _kept(value: object) -> str:
    if value is True:
        return "yes"
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if value not in {None, False} else ""
