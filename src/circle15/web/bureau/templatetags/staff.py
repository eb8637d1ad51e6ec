"""The side column of the staff pages."""

from collections.abc import Sequence

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from circle15.web.bureau.navigation import SECTIONS, Door, doors_of
from circle15.web.shared.templatetags.c15 import nav_item

register = template.Library()
FEW = 8


@register.simple_tag(takes_context=True)
def staff_doors(context: Context) -> SafeString:
    """Draw the doors the logged-in person may open, in their sections."""
    doors = doors_of(context.get("actor"))
    here = _behind(context["request"].path, doors)
    drawn: list[SafeString] = []
    for section in SECTIONS:
        mine = [door for door in section.doors if door in doors]
        # Few doors need no titles.
        if mine and len(doors) > FEW:
            drawn.append(format_html('<li class="side-title">{}</li>', section.title))
        drawn += (
            nav_item(
                context, reverse(each.url_name), str(each.label), each.icon, inside=each is here
            )
            for each in mine
        )
    return format_html_join("", "{}", ((item,) for item in drawn))


@register.simple_tag(takes_context=True)
def staff_here(context: Context) -> str:
    """Name the door we are behind; "" on pages behind none."""
    here = _behind(context["request"].path, doors_of(context.get("actor")))
    return str(here.label) if here else ""


def _behind(path: str, doors: Sequence[Door]) -> Door | None:
    """Return the door we are behind: of two doors one inside the other, the inner one."""
    urls = {reverse(name): door for door in doors for name in (door.url_name, *door.also)}
    inner = max((url for url in urls if path.startswith(url)), key=len, default="")
    return urls.get(inner)
