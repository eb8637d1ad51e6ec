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
    items = (
        (nav_item(context, reverse(door.url_name), str(door.label), door.icon),)
        for door in doors_of(context.get("actor"))
    )
    return format_html_join("", "{}", items)
