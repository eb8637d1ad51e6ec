"""What a tablet keeps to open without a line: one page without names, its worker, its manifest."""

import json
from functools import cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _

from circle15.web.shared.access import open_to_all, reads

ASSETS = (
    *("build/base.css", "build/inspect.css", "build/fonts.css", "build/base.js"),
    *("build/inspect.js", "shared/icon.svg", "shared/icon-192.png"),
)
ICONS = (
    ("shared/icon.svg", "any", "image/svg+xml", "any"),
    ("shared/icon-192.png", "192x192", "image/png", "any"),
    ("shared/icon-512.png", "512x512", "image/png", "any"),
    ("shared/icon-maskable-512.png", "512x512", "image/png", "maskable"),
)
WORKER = "build/inspect_worker.js"


@reads
@open_to_all
def app(request: HttpRequest) -> HttpResponse:
    """Show the page a tablet keeps. It holds nothing of anybody: checks come by themselves."""
    response = render(request, "inspect/app.html")
    response.headers["Cache-Control"] = "no-cache"
    response.headers["X-Circle15-Shell"] = _version()
    return response


@reads
@open_to_all
def service_worker(_request: HttpRequest) -> HttpResponse:
    """Serve the worker from below /inspect/, so that it looks after these pages and no others."""
    shell = {
        "version": _version(),
        "page": reverse("inspect_app"),
        "list": reverse("inspect"),
        "statics": settings.STATIC_URL,
        "assets": [static(name) for name in ASSETS],
    }
    script = f"self.c15Shell = {json.dumps(shell)};\nimportScripts({json.dumps(static(WORKER))});\n"
    headers = {"Cache-Control": "no-cache"}
    return HttpResponse(script, content_type="text/javascript; charset=utf-8", headers=headers)


@reads
@open_to_all
def manifest(_request: HttpRequest) -> HttpResponse:
    """Say how the page is installed on a tablet."""
    told = {
        "id": reverse("inspect_app"),
        "name": _("医保15分钟服务圈现场检查"),
        "short_name": _("现场检查"),
        "start_url": reverse("inspect_app"),
        "scope": reverse("inspect"),
        "display": "standalone",
        "background_color": "#f3f7f6",
        "theme_color": "#053f3b",
        "icons": [
            {"src": static(name), "sizes": sizes, "type": kind, "purpose": purpose}
            for name, sizes, kind, purpose in ICONS
        ],
    }
    return JsonResponse(told, content_type="application/manifest+json")


def _version() -> str:
    """Name what is kept by its bytes: another script or style makes another version."""
    paths = [Path(str(finders.find(name))) for name in (*ASSETS, WORKER)]
    told = "".join(_digest(path, path.stat().st_mtime_ns) for path in paths)
    return sha256(told.encode()).hexdigest()[:16]


@cache
def _digest(path: Path, _changed: int) -> str:
    return sha256(path.read_bytes()).hexdigest()
