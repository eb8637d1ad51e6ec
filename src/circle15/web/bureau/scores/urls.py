"""Addresses of the score pages: those of a site, and those of sheets kept for good."""

from django.urls import path, re_path

from circle15.web.bureau.scores import exports, views
from circle15.web.shared.access import by_method

SITE = "sites/<slug:code>"
urlpatterns = [
    path(
        f"{SITE}/scores/",
        by_method(get=views.site_scores, post=views.store),
        name="site_scores",
    ),
    path(f"{SITE}/scores/<slug:book>/", views.sheet, name="sheet"),
    path(f"{SITE}/gap/<slug:book>/", views.gap_page, name="gap"),
    path(f"{SITE}/gap/<slug:book>/gap.docx", exports.gap_report, name="gap_file"),
    re_path(
        r"^sites/(?P<code>[-\w]+)/scores/(?P<book>[-\w]+)/sheet\.(?P<form>xlsx|docx|pdf)$",
        exports.live,
        name="sheet_file",
    ),
    path(
        "scores/<int:sheet_id>/",
        by_method(get=views.stored_sheet, post=views.second_word),
        name="stored_sheet",
    ),
    re_path(
        r"^scores/(?P<sheet_id>\d+)/sheet\.(?P<form>xlsx|docx|pdf)$",
        exports.stored,
        name="stored_file",
    ),
]
