"""The look and language a visitor chooses, and the style guide at /design/."""

from collections.abc import Set as AbstractSet
from typing import Final

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render

from circle15.web.shared import design_samples, errors
from circle15.web.shared.access import is_own_address, open_to_all, reads, writes
from circle15.web.shared.forms import SampleForm
from circle15.web.shared.middleware import MODE_COOKIE, MODES, TEXT_COOKIE, TEXT_SIZES

A_YEAR_S: Final = 365 * 24 * 3600
LAYOUTS = {
    "public": "shared/design.html",
    "bureau": "shared/design_bureau.html",
    "kiosk": "shared/design_kiosk.html",
}


@writes
@open_to_all
def preferences(request: HttpRequest) -> HttpResponse:
    """Keep the chosen mode, text size or language for a year and return to the page."""
    back = request.POST.get("next", "/")
    response = HttpResponseRedirect(back if is_own_address(request, back) else "/")
    choices = {
        "mode": (MODE_COOKIE, MODES),
        "text": (TEXT_COOKIE, TEXT_SIZES),
        "language": (settings.LANGUAGE_COOKIE_NAME, {code for code, _name in settings.LANGUAGES}),
    }
    for name, (cookie, known) in choices.items():
        if name in request.POST:
            _keep(response, cookie, request.POST[name], known)
    return response


def _keep(response: HttpResponse, cookie: str, value: str, known: AbstractSet[str]) -> None:
    if value not in known:
        response.delete_cookie(cookie, samesite="Lax")
        return
    response.set_cookie(
        cookie, value, max_age=A_YEAR_S, samesite="Lax", httponly=True, secure=settings.HTTPS
    )


@reads
@open_to_all
def design(request: HttpRequest) -> HttpResponse:
    """Show every component; ?mode=, ?layout= and ?state=errors change what is shown."""
    layout = request.GET.get("layout", "public")
    if layout not in LAYOUTS:
        raise Http404
    mode = request.GET.get("mode", "")
    if mode in MODES:
        request.ui_mode = mode  # type: ignore[attr-defined]  # read by the context processor
    has_errors = request.GET.get("state") == "errors"
    rows = Paginator(design_samples.ROWS, 5)
    context = {
        "form": SampleForm({"name": "", "area": "很大"}) if has_errors else SampleForm(),
        "page": rows.get_page(request.GET.get("page")),
        "chart": design_samples.CHART,
        "icons": design_samples.ICON_NAMES,
        "layout": layout,
        "synthetic": True,
    }
    return render(request, LAYOUTS[layout], context)


@reads
@open_to_all
def design_layer(request: HttpRequest, layer: str) -> HttpResponse:  # noqa: ARG001 -- Django's signature
    """Give the sample map its boundaries, roads or sites."""
    if layer not in design_samples.LAYERS:
        raise Http404
    return JsonResponse(design_samples.LAYERS[layer], content_type="application/geo+json")


@reads
@open_to_all
def design_error(request: HttpRequest, status: int) -> HttpResponse:
    """Show what an error page looks like."""
    if status not in errors.WORDS:
        raise Http404
    return errors.page(request, status)
