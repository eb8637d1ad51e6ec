"""Whether pages may offer to read a photo."""

from django import template

from circle15.cases.reading.asking import is_offered

register = template.Library()
register.simple_tag(is_offered, name="photos_can_be_read")
