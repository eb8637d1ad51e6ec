"""Doors of on-site checks, all under /inspect/."""

from django.urls import path

from circle15.web.inspect import shell, views
from circle15.web.shared.access import by_method

urlpatterns = [
    path("inspect/", views.mine, name="inspect"),
    path("inspect/pack/", by_method(get=views.pack, post=views.take_pack), name="inspect_pack"),
    path("inspect/photos/", views.photos, name="inspect_photos"),
    path("inspect/submit/", views.hand_in, name="inspect_submit"),
    path("inspect/app/", shell.app, name="inspect_app"),
    path("inspect/sw.js", shell.service_worker, name="inspect_worker"),
    path("inspect/manifest.webmanifest", shell.manifest, name="inspect_manifest"),
]
