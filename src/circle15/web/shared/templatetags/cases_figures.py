"""Figures of cases in templates."""

from django import template

register = template.Library()


@register.filter
def share(value: float | None) -> str:
    """Write a share as percents with one decimal, never rounded up to a hundred."""
    return "—" if value is None else f"{int(value * 1000) / 10:g}%"
