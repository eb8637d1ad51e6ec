"""Addresses of the targets."""

from django.urls import path

from circle15.web.bureau.targets import making, shown
from circle15.web.shared.access import by_method

urlpatterns = [
    path("", shown.overview, name="targets"),
    path("export/", shown.export, name="targets_export"),
    path("new/", by_method(get=making.ask, post=making.make), name="target_new"),
    path("<uuid:target_uid>/", shown.page, name="target"),
    path("<uuid:target_uid>/export/", shown.export_rows, name="target_export"),
    path(
        "<uuid:target_uid>/change/",
        by_method(get=making.ask_change, post=making.change),
        name="target_change",
    ),
]
