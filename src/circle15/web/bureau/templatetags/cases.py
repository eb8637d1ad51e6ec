"""Buttons and questions of a case."""

from collections.abc import Sequence
from typing import Any

from django import template

register = template.Library()


@register.inclusion_tag("bureau/cases/_button.html", takes_context=True)
def case_button(context: template.Context, case: Any, step: Any) -> dict[str, object]:
    """Draw the button of a step; the first one allowed is the strong one."""
    return {
        "case": case,
        "key": step.key,
        "css": step.css,
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("bureau/cases/_ask.html", takes_context=True)
def case_question(context: template.Context, case: Any, step: Any) -> dict[str, object]:
    """Draw what a step asks before it acts."""
    return {
        "case": case,
        "key": step.key,
        "form": step.form,
        "told": step.told,
        "csrf_token": context.get("csrf_token"),
    }


@register.filter
def labelled(row: Sequence[str], heads: Sequence[str]) -> list[tuple[str, str]]:
    """Put the head of its column to each cell, for narrow screens."""
    return list(zip(heads, row, strict=True))


@register.filter
def block_kind(block: object) -> str:
    """Tell the template what a block of a letter is."""
    return type(block).__name__.lower()
