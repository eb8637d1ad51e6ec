"""The side column of the staff pages."""

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from circle15.web.bureau.navigation import doors_of
from circle15.web.shared.templatetags.c15 import nav_item

register = template.Library()


@register.simple_tag(takes_context=True)
def staff_doors(context: Context) -> SafeString:
    """Draw the doors the logged-in person may open."""
    doors = [(reverse(door.url_name), door) for door in doors_of(context.get("actor"))]
    here = _innermost(context["request"].path, [url for url, _door in doors])
    items = (
        (nav_item(context, url, str(door.label), door.icon, exact=url != here),)
        for url, door in doors
    )
    return format_html_join("", "{}", items)


@register.simple_tag(takes_context=True)
def staff_here(context: Context) -> str:
    """Name the door we are behind; "" on pages behind none."""
    doors = {reverse(door.url_name): door for door in doors_of(context.get("actor"))}
    here = doors.get(_innermost(context["request"].path, list(doors)))
    return str(here.label) if here else ""


def _innermost(path: str, urls: list[str]) -> str:
    """Return the door we are behind: of two doors one inside the other, the inner one."""
    return max((url for url in urls if path.startswith(url)), key=len, default="")
