"""Pages that try what they should not, behind the real decorators; a URL configuration."""

from uuid import uuid4

from django.db import connection
from django.db.models import Value
from django.db.models.functions import Concat
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import include, path

from circle15.accounts.devices import DeviceKind
from circle15.accounts.refusals import NotFound, Refused
from circle15.accounts.states import Permission
from circle15.sites.models import Site
from circle15.web.shared.access import by_method, open_to_all, reads, requires, signed_in, writes
from circle15.web.shared.devices import for_device
from circle15.web.shared.limits import limited
from circle15.web.shared.once import once


def _site_codes() -> JsonResponse:
    return JsonResponse({"codes": sorted(Site.objects.values_list("code", flat=True))})


@reads
@requires(Permission.VIEW_SITES)
def own_sites(request):
    return _site_codes()


@requires(Permission.VIEW_SITES)
@reads
def own_sites_other_order(request):
    return _site_codes()


@reads
@open_to_all
def sites_for_all(request):
    return _site_codes()


@reads
@requires(Permission.VIEW_SITES)
def writing_read(request):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE sites_site SET name = 'x'")
    return HttpResponse()


@writes
@requires(Permission.VIEW_SITES)
def rename_all(request):
    Site.objects.update(name=request.POST["name"])
    if "refuse" in request.POST:
        raise Refused(request.POST["refuse"])
    return HttpResponse()


@reads
@signed_in
def missing(request):
    raise NotFound


@reads
@signed_in
def broken(request):
    raise ValueError("probe")


@reads
@for_device(DeviceKind.KIOSK)
def device_page(request):
    return HttpResponse(request.device.site_path)


@writes
@requires(Permission.VIEW_SITES)
@once
def add_to_name(request):
    if request.POST["word"] == "bad":
        return HttpResponse("no", status=422)
    Site.objects.update(name=Concat("name", Value(request.POST["word"])))
    return HttpResponseRedirect("/done/")


@limited
@writes
@open_to_all
@once
def anybody(request):
    return HttpResponse(str(uuid4()))


def _machine(request, *, writable):
    codes = list(Site.objects.values_list("code", flat=True))
    actor = request.actor
    return JsonResponse(
        {"actor": actor.name, "role": actor.role, "sites": codes, "writable": writable}
    )


@reads
@for_device(DeviceKind.KIOSK, DeviceKind.PAD)
def machine_read(request):
    return _machine(request, writable=False)


@writes
@for_device(DeviceKind.KIOSK)
def machine_write(request):
    Site.objects.update(name=request.actor.name)
    return _machine(request, writable=True)


@for_device(DeviceKind.DISPLAY)
@reads
def screen(request):
    return _machine(request, writable=False)


urlpatterns = [
    path("own-sites/", own_sites),
    path("own-sites-2/", own_sites_other_order),
    path("sites-for-all/", sites_for_all),
    path("writing-read/", writing_read),
    path("rename-all/", rename_all),
    path("missing/", missing),
    path("broken/", broken),
    path("device-token/", device_page),
    path("add-to-name/", add_to_name),
    path("anybody/", anybody),
    path("machine/", by_method(get=machine_read, post=machine_write)),
    path("screen-probe/", screen),
    path("", include("circle15.config.urls")),
]
