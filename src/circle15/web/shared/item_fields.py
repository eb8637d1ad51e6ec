"""Fields of service items as a page asks them, at home and at a window; all problems at once."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from circle15.core.text import tidy
from circle15.standards.core_platform import coded
from circle15.standards.item_forms import FieldKind, FormField
from circle15.web.shared.item_words import said

_MOST_TYPED = 80


class ItemForm(forms.Form):
    """The fields asked in place of a paper form, or for a filing.

    `may_wait`: what is left empty is no problem yet.
    """

    def __init__(
        self, fields: tuple[FormField, ...], *args: Any, may_wait: bool = False, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.asked, self.may_wait = fields, may_wait
        for field in fields:
            self.fields[field.key] = form_field(field)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.may_wait:
            given |= self._left_empty()
        for field in self.asked:
            day, first = given.get(field.key), given.get(field.not_before)
            if isinstance(day, date) and isinstance(first, date) and day < first:
                words = {"name": said(field.name)}
                self.add_error(field.key, _("“%(name)s”不能早于开始的那天。") % words)
        return given

    def _left_empty(self) -> dict[str, None]:
        """Take back the complaint about what is not filled in yet."""
        empty = [name for name in self.errors if self.has_error(name, "required")]
        for name in empty:
            del self.errors[name]
        return dict.fromkeys(empty)

    @property
    def values(self) -> dict[str, str]:
        """Return what was filled in, as it is kept: a code with its name beside it."""
        kept = {name: _kept(value) for name, value in self.cleaned_data.items()}
        for field in self.asked:
            if field.kind is FieldKind.CODE:
                nothing = {field.name_into: ""} if field.name_into else {}
                kept |= nothing | coded(field, kept.get(field.key, ""))
        return kept


def initial_of(fields: tuple[FormField, ...], form: Mapping[str, str]) -> dict[str, object]:
    """Return what was filled in before, as the page shows it."""
    return {field.key: _shown(field, form) for field in fields if field.key in form}


def shown_value(field: FormField, value: str) -> str:
    """Put a value into words for the page on which all is checked."""
    if field.kind in {FieldKind.CHOICE, FieldKind.CODE}:
        return next((said(each.text) for each in field.choices if each.key == value), value)
    if field.kind is FieldKind.AGREE:
        return str(_("已承诺")) if value == "yes" else ""
    if field.kind is FieldKind.DIGITS and len(value) > 8:  # noqa: PLR2004 -- an account number
        return f"{'*' * (len(value) - 4)}{value[-4:]}"
    return value


def form_field(field: FormField) -> forms.Field:
    """Return the control of a field, with its words."""
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
        case FieldKind.CODE:
            return _CodeField(field, need, **common)
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


class _CodeField(forms.CharField):
    """A code, typed as code or name; what is listed is offered while typing, without a script."""

    def __init__(self, field: FormField, need: dict[str, str], **common: Any) -> None:
        missing = _("请填写“%(name)s”。") % need
        super().__init__(
            max_length=_MOST_TYPED,
            widget=_CodeInput(field),
            error_messages={"required": missing},
            **common,
        )
        self._of, self._need = field, need

    def clean(self, value: Any) -> str:
        text = tidy(super().clean(value)).text
        if not text:
            return ""
        found = self._of.found(text)
        if found is None:
            words = _("“%(name)s”不在名单里，请写全名或编码。")
            if not self._of.choices:
                words = _("“%(name)s”的编码不对，请按提示填写。")
            raise forms.ValidationError(words % self._need)
        return " ".join(found).strip()


class _CodeInput(forms.TextInput):
    """A line of text with its list of suggestions."""

    def __init__(self, field: FormField) -> None:
        super().__init__(attrs={"autocomplete": "off", "spellcheck": "false"})
        self._of = field

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        if not self._of.choices:
            return super().render(name, value, attrs, renderer)
        listed = f"{(attrs or {}).get('id', name)}-list"
        line = super().render(name, value, {**(attrs or {}), "list": listed}, renderer)
        language = get_language() or ""
        options = format_html_join(
            "",
            '<option value="{} {}"></option>',
            ((each.key, each.text.in_language(language)) for each in self._of.choices),
        )
        return format_html('{}<datalist id="{}">{}</datalist>', line, listed, options)


def _shown(field: FormField, form: Mapping[str, str]) -> object:
    value = form[field.key]
    if field.kind is FieldKind.AGREE:
        return value == "yes"
    if field.kind is not FieldKind.CODE or not value:
        return value
    name = shown_value(field, value)
    name = form.get(field.name_into, "") if name == value else name
    return f"{value} {name}".strip()


def _kept(value: object) -> str:
    if value is True:
        return "yes"
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if value not in {None, False} else ""
