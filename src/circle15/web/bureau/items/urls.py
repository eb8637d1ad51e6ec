"""Addresses of the catalogue and its editions."""

from django.urls import path

from circle15.web.bureau.items import drafting, editions, lists, release
from circle15.web.shared.access import by_method

urlpatterns = [
    path("", lists.items, name="items"),
    path("authority/", lists.authority, name="item_authority"),
    path("editions/", editions.edition_list, name="item_editions"),
    path("editions/<int:catalogue_id>/", editions.edition, name="item_edition"),
    path("editions/<int:catalogue_id>/compare/", editions.compare, name="item_compare"),
    path("editions/<int:catalogue_id>/workbook/", editions.workbook_file, name="item_workbook"),
    path("editions/<int:catalogue_id>/draft/", drafting.start, name="item_draft"),
    path(
        "editions/<int:catalogue_id>/new/",
        by_method(get=drafting.new, post=drafting.add),
        name="item_new",
    ),
    path(
        "editions/<int:catalogue_id>/edit/<slug:key>/",
        by_method(get=drafting.edit, post=drafting.save),
        name="item_edit",
    ),
    path("editions/<int:catalogue_id>/drop/<slug:key>/", drafting.drop, name="item_drop"),
    path("editions/<int:catalogue_id>/frequent/", drafting.frequent, name="item_frequent"),
    path("editions/<int:catalogue_id>/upload/", drafting.upload, name="item_upload"),
    path("editions/<int:catalogue_id>/move/", release.move, name="item_move"),
    path("<slug:key>/", lists.item, name="item"),
]
