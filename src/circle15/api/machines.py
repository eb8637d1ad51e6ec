"""Machines: register by a one-time code, and ask who a token acts for."""

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router

from circle15.accounts import devices, registering
from circle15.accounts.states import Permission
from circle15.api import schemas
from circle15.api.callers import ApiRequest
from circle15.api.doing import open_doing, reading

router = Router(tags=["devices"])


@router.post("/devices/register", response=schemas.Registered, auth=None, summary="登记设备")
@open_doing
def register(request: HttpRequest, body: schemas.RegisterIn) -> schemas.Registered:
    """Trade a one-time code for the machine's token."""
    at = timezone.now()
    address = str(request.META["REMOTE_ADDR"])
    device = registering.register(code=body.code, address=address, at=at)
    return schemas.Registered(
        token=devices.issue(device),
        kind=device.kind,
        name=device.name,
        site_code=device.site_code,
        expires_at=device.expires_at,
    )


@router.get("/me", response=schemas.Me, summary="凭证对应的身份")
@reading(Permission.VIEW_HALL)
def me(request: ApiRequest) -> schemas.Me:
    """Who the token acts for, where, and what it may do."""
    actor = request.auth.actor
    return schemas.Me(
        name=actor.name,
        role=actor.role,
        area_path=actor.area_path,
        permissions=sorted(actor.permissions),
    )
