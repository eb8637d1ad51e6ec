"""Components of the design system as template tags. The page at /design/ shows each."""

import uuid
from collections.abc import Iterator
from copy import copy
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import (
    BaseForm,
    BoundField,
    CheckboxInput,
    ClearableFileInput,
    DecimalField,
    Field,
    FloatField,
    NumberInput,
    Textarea,
    Widget,
)
from django.forms.widgets import CheckboxSelectMultiple, RadioSelect, Select
from django.http import QueryDict
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from circle15.web.shared.icons import ICONS

register = template.Library()

TONE_ICONS = {
    "good": "check-circle",
    "warn": "alert",
    "bad": "cross-circle",
    "info": "info",
    "idle": "minus-circle",
    "brand": "flag",
}


@register.simple_tag
def once() -> SafeString:
    """Give a form the key under which it works once; its view is behind `@once`."""
    return format_html('<input type="hidden" name="once" value="{}">', uuid.uuid4().hex)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draw a line icon; without a label it is decoration."""
    return _icon(name, str(label))


@lru_cache(maxsize=1000)
def _icon(name: str, label: str) -> SafeString:
    # Kept, since a page draws dozens of the same few.
    role = format_html('role="img" aria-label="{}"', label) if label else 'aria-hidden="true"'
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" {} focusable="false" fill="none" '
        'stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">'
        '<path d="{}"/></svg>',
        mark_safe(role),  # noqa: S308 -- built just above, label escaped
        ICONS[name],
    )


@register.simple_tag
def status(tone: str, label: object, icon_name: str = "") -> SafeString:
    """Tag with sign and word: good, warn, bad, info, idle, brand."""
    sign = icon(icon_name or TONE_ICONS[tone])
    return format_html('<span class="tag tag-{}">{}{}</span>', tone, sign, label)


@register.simple_tag
def synthetic_mark() -> SafeString:
    """Mark beside one synthetic figure; whole pages use the banner instead."""
    return format_html(
        '<span class="tag tag-warn synthetic">{}{}</span>', icon("flask"), _("合成数据")
    )


@register.filter
def points(value: Decimal | float | None) -> str:
    """Write points without needless zeros: 3, 2.5; a missing value is a dash."""
    if value is None:
        return "—"
    return f"{Decimal(str(value)).normalize():f}"


@register.filter
def thousands(value: Decimal | float | None) -> str:
    """Write a number with thousands marks: 1,234,567."""
    if value is None:
        return "—"
    return f"{value:,}"


# Forms


@register.inclusion_tag("shared/_field.html")
def field(  # noqa: PLR0913 -- each is one visible part of a field
    bound: BoundField,
    *,
    label: str = "",
    hint: str = "",
    css: str = "",
    optional: bool = True,
    stacked: bool = False,
) -> dict[str, object]:
    """Draw label, hint, error and control of a form field, tied together for screen readers."""
    hint = hint or str(bound.help_text)
    described = [f"{bound.auto_id}-error"] if bound.errors else []
    if hint:
        described.append(f"{bound.auto_id}-hint")
    kind = _kind(bound)
    return {
        "bound": bound,
        "kind": kind,
        "label": label or bound.label,
        "hint": hint,
        "described": " ".join(described),
        "stacked": stacked,
        "show_optional": optional and not bound.field.required and kind != "checkbox",
        "options": list(_options(bound)) if kind == "choices" else (),
        "control": None if kind == "choices" else _control(bound, kind, css, described),
    }


def _kind(bound: BoundField) -> str:
    widget = bound.field.widget
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return "choices"
    if isinstance(widget, CheckboxInput):
        return "checkbox"
    return "file" if isinstance(widget, ClearableFileInput) else "text"


def _control(bound: BoundField, kind: str, css: str, described: list[str]) -> SafeString:
    widget = _typed_as_text(bound.field)
    attrs: dict[str, str | bool] = {}
    if described:
        attrs["aria-describedby"] = " ".join(described)
    if bound.errors:
        attrs["aria-invalid"] = "true"
    if kind == "file":
        attrs |= {"data-c15-files": True, "data-c15-too-big": _("文件过大")}
    elif kind == "text":
        base = "textarea" if isinstance(widget, Textarea) else "input"
        base = "select" if isinstance(widget, Select) else base
        attrs["class"] = " ".join(filter(None, (base, css, widget.attrs.get("class", ""))))
    return bound.as_widget(widget, attrs=attrs)


def _typed_as_text(form_field: Field) -> Widget:
    """Let a number be typed as text: a number control throws away what it cannot read."""
    widget: Widget = form_field.widget
    if not isinstance(widget, NumberInput):
        return widget
    widget = copy(widget)
    mode = "decimal" if isinstance(form_field, DecimalField | FloatField) else "numeric"
    kept = {k: v for k, v in widget.attrs.items() if k not in {"min", "max", "step"}}
    widget.input_type = "text"
    widget.attrs = {**kept, "inputmode": mode, "autocomplete": "off"}
    return widget


def _options(bound: BoundField) -> Iterator[dict[str, object]]:
    """Give the choices; the first carries the field's own id, so that an error can point to it."""
    for index, choice in enumerate(bound.subwidgets):
        own_id = str(choice.data["attrs"].get("id", ""))
        yield {
            "id": bound.auto_id if index == 0 else own_id,
            "name": choice.data["name"],
            "value": choice.data["value"],
            "label": choice.data["label"],
            "type": choice.data["type"],
            "selected": choice.data["selected"],
        }


@register.inclusion_tag("shared/_error_summary.html")
def error_summary(*forms: BaseForm) -> dict[str, object]:
    """List all errors of the forms once, each a link to its field, in the field's own words."""
    lines = [
        {"id": bound.auto_id, "message": bound.errors[0]}
        for form in forms
        for bound in form
        if bound.errors
    ]
    general = [message for form in forms for message in form.non_field_errors()]
    return {"lines": lines, "general": general}


# Figures


@register.inclusion_tag("shared/_stat.html")
def stat(  # noqa: PLR0913 -- each is one visible part of a figure
    label: str,
    figure: object,
    *,
    unit: str = "",
    note: str = "",
    tone: str = "",
    icon_name: str = "",
    url: str = "",
) -> dict[str, object]:
    """Draw a figure in a card; with a url the figure opens the rows behind it."""
    return {
        "label": label,
        "figure": figure,
        "unit": unit,
        "note": note,
        "tone": tone,
        "icon_name": icon_name,
        "url": url,
    }


def _share(value: Decimal | float, most: Decimal | float) -> Decimal:
    whole = Decimal(str(most))
    share = 100 * Decimal(str(value)) / whole if whole else Decimal(0)
    return max(Decimal(0), min(Decimal(100), share)).quantize(Decimal("0.1"))


@register.inclusion_tag("shared/_score_ring.html")
def score_ring(
    value: Decimal | float,
    most: Decimal | float,
    *,
    label: str = "",
    tone: str = "",
    small: bool = False,
) -> dict[str, object]:
    """Draw a score as a dial that starts at twelve o'clock."""
    return {
        "value": value,
        "most": most,
        "share": _share(value, most),
        "label": label or _("得分"),
        "tone": tone,
        "small": small,
    }


@register.inclusion_tag("shared/_score_bar.html")
def score_bar(
    value: Decimal | float,
    most: Decimal | float,
    label: str,
    *,
    tone: str = "",
    show_label: bool = False,
) -> dict[str, object]:
    """Draw points won out of points possible; the label names it for screen readers."""
    return {
        "value": value,
        "most": most,
        "share": _share(value, most),
        "label": label,
        "tone": tone,
        "show_label": show_label,
    }


@register.inclusion_tag("shared/_lost.html")
def lost_points(
    amount: Decimal | float, why: str, what_to_do: str = "", *, unit: str = ""
) -> dict[str, object]:
    """Draw one line of points lost: how many, why, what would win them back. Inside ul.lost."""
    return {"amount": amount, "why": why, "what_to_do": what_to_do, "unit": unit or _("分")}


@register.inclusion_tag("shared/_empty.html")
def empty(title: str, text: str = "", *, url: str = "", action: str = "") -> dict[str, object]:
    """Say that there is nothing here, and what to do next."""
    return {"title": title, "text": text, "url": url, "action": action}


# Getting about


def _path(context: Context) -> str:
    request = context.get("request")
    return request.path if request is not None else ""


@register.simple_tag(takes_context=True)
def nav_item(
    context: Context, url: str, label: str, icon_name: str = "", *, inside: bool | None = None
) -> SafeString:
    """Draw a navigation entry; the one whose pages we are in is marked, as told or by its URL."""
    path = _path(context)
    if inside is None:
        inside = path == url or (url != "/" and path.startswith(url))
    current = "page" if path == url else "true"
    mark = format_html(' aria-current="{}"', current) if inside else ""
    sign = icon(icon_name) if icon_name else ""
    return format_html('<li><a href="{}"{}>{}<span>{}</span></a></li>', url, mark, sign, label)


@register.simple_tag
def crumb(label: str, url: str = "") -> SafeString:
    """Draw a step of the way here; the last one has no url."""
    if url:
        return format_html('<li><a href="{}">{}</a></li>', url, label)
    return format_html('<li aria-current="page">{}</li>', label)


@register.simple_tag(takes_context=True)
def tab(
    context: Context, url: str, label: str, *, count: int | None = None, on: bool | None = None
) -> SafeString:
    """Draw a tab, which is a link with its own address. Inside ul.tabs."""
    here = on if on is not None else _path(context) == url
    mark = mark_safe(' aria-current="page"') if here else ""
    number = format_html(' <span class="count">{}</span>', count) if count is not None else ""
    return format_html('<li><a href="{}"{}>{}{}</a></li>', url, mark, label, number)


def _query(context: Context, **changes: str | int) -> str:
    request = context.get("request")
    query: QueryDict = request.GET.copy() if request is not None else QueryDict(mutable=True)
    for name, value in changes.items():
        query[name] = str(value)
    return f"?{query.urlencode()}"


@register.inclusion_tag("shared/_pager.html", takes_context=True)
def pager(
    context: Context, page: Page[Any], *, name: str = "page", label: str = ""
) -> dict[str, object]:
    """Draw the pages of a list; filters and order in the address are kept.

    A second list on a page needs a `label` of its own.
    """
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    gap = str(page.paginator.ELLIPSIS)
    steps = [
        {"number": n, "url": "" if str(n) == gap else _query(context, **{name: n})} for n in numbers
    ]
    before = page.number - 1 if page.has_previous() else 0
    after = page.number + 1 if page.has_next() else 0
    return {
        "page": page,
        "label": label,
        "steps": steps,
        "gap": gap,
        "previous": _query(context, **{name: before}) if before else "",
        "next": _query(context, **{name: after}) if after else "",
    }


@register.simple_tag(takes_context=True)
def sort_th(context: Context, label: str, key: str, *, css: str = "") -> SafeString:
    """Draw a column head whose link orders the list by ?sort=key, then ?sort=-key."""
    request = context.get("request")
    now = request.GET.get("sort", "") if request is not None else ""
    url = _query(context, sort=f"-{key}" if now == key else key, page=1)
    order = {key: "ascending", f"-{key}": "descending"}.get(now, "")
    mark = format_html(' aria-sort="{}"', order) if order else ""
    sign = icon({"ascending": "up", "descending": "down"}.get(order, "updown"))
    return format_html(
        '<th scope="col" class="{}"{}><a href="{}">{}{}</a></th>', css, mark, url, label, sign
    )


# Pictures


@register.inclusion_tag("shared/_map.html")
def city_map(  # noqa: PLR0913 -- each is one layer or word of the map
    label: str,
    *,
    sites: str = "",
    boundaries: str = "",
    roads: str = "",
    attribution: str = "",
    css: str = "",
    names: bool = True,
) -> dict[str, object]:
    """Draw the city's own map from GeoJSON addresses on this origin."""
    return {
        "label": label,
        "sites": sites,
        "boundaries": boundaries,
        "roads": roads,
        "attribution": attribution,
        "css": css,
        "names": names,
    }


@register.inclusion_tag("shared/_chart.html")
def chart(
    chart_id: str, title: str, data: dict[str, object], *, about: str, unit: str = ""
) -> dict[str, object]:
    """Draw a chart with its description and its table twin.

    `data` is {"kind": "bar", "categories": [...], "series": [{"name", "values"}], "horizontal"};
    with "scale" the axis of values does not begin at 0.
    """
    categories = data["categories"]
    series = data["series"]
    assert isinstance(categories, list)
    assert isinstance(series, list)
    rows = [(name, [one["values"][i] for one in series]) for i, name in enumerate(categories)]
    return {
        "data_id": f"{chart_id}-data",
        "title": title,
        "data": {**data, "unit": unit},
        "about": about,
        "unit": unit,
        "series": series,
        "rows": rows,
    }
