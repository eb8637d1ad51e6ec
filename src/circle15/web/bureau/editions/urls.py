"""Addresses of the editions."""

from django.urls import path

from circle15.web.bureau.editions import drafts, pages, release
from circle15.web.shared.access import by_method

urlpatterns = [
    path("", pages.edition_list, name="editions"),
    path("<int:edition_id>/", pages.edition, name="edition"),
    path("<int:edition_id>/source/", pages.source, name="edition_source"),
    path("<int:edition_id>/compare/", pages.compare, name="edition_compare"),
    path(
        "<int:edition_id>/effect/",
        by_method(get=release.effect_page, post=release.publish),
        name="edition_effect",
    ),
    path("<int:edition_id>/draft/", drafts.start, name="edition_start"),
    path(
        "<int:edition_id>/edit/",
        by_method(get=drafts.edit, post=drafts.save),
        name="edition_edit",
    ),
    path("<int:edition_id>/move/", drafts.move, name="edition_move"),
]
