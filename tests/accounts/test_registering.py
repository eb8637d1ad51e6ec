"""A machine gets its token once for a code, and is out when revoked."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from tests import factories
from tests.factories import AT, SiteFactory, actor_for

from circle15.accounts.devices import DeviceKind, DeviceRefused, issue, seen, verify
from circle15.accounts.models import Device
from circle15.accounts.refusals import NotAllowed, NotFound
from circle15.accounts.registering import (
    ALPHABET,
    CODE_GOOD_FOR,
    MISSES_PER_ADDRESS,
    CodeRefused,
    TooManyGuesses,
    devices_of,
    invite,
    invite_again,
    register,
    revoke,
)
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event

pytestmark = pytest.mark.django_db
HERE = "127.0.0.1"


@pytest.fixture(autouse=True)
def everywhere():
    cache.clear()
    with area_scope(EVERYWHERE):
        yield


@pytest.fixture
def manager():
    return actor_for(factories.manager())


def _code(by, **more):
    site = SiteFactory()
    given = {"kind": DeviceKind.KIOSK, "name": "一号机", "at": AT} | more
    return invite(site_path=site.area_path, site_name=site.name, by=by, **given)


def _register(code, *, address=HERE, at=AT):
    return register(code=code, address=address, at=at)


def test_code_is_traded_for_the_machine(manager):
    code = _code(manager)

    device = _register(f" {code.in_groups.lower()} ")

    assert verify(issue(device), kinds={DeviceKind.KIOSK}, at=AT) == device
    assert (device.id, device.name, device.site_name) == (code.uid, "一号机", "汇龙镇医保服务站")
    assert device.site_path == SiteFactory().area_path
    assert set(code.text) <= set(ALPHABET)
    verbs = Event.objects.filter(target_id=str(code.uid)).order_by("id")
    assert list(verbs.values_list("verb", "actor_role")) == [
        ("device.invite", "site_manager"),
        ("device.register", "kiosk"),
    ]


def test_code_opens_once(manager):
    code = _code(manager)
    _register(code.text)

    with pytest.raises(CodeRefused):
        _register(code.text)


def test_code_opens_for_fifteen_minutes(manager):
    code = _code(manager)

    with pytest.raises(CodeRefused):
        _register(code.text, at=AT + CODE_GOOD_FOR)
    assert _register(code.text, at=AT + CODE_GOOD_FOR - timedelta(seconds=1)).id == code.uid


def test_guesses_are_counted_by_address(manager):
    code = _code(manager)
    for _guess in range(MISSES_PER_ADDRESS):
        with pytest.raises(CodeRefused):
            _register("34679ACD")

    with pytest.raises(TooManyGuesses):
        _register(code.text)
    assert _register(code.text, address="127.0.0.2").id == code.uid


def test_code_is_not_kept_in_clear(manager):
    code = _code(manager)

    row = Device.objects.get(pk=code.uid)
    assert code.text not in "".join(map(str, vars(row).values()))


def test_machine_registered_anew_ends_the_old_token(manager, django_capture_on_commit_callbacks):
    old = issue(_register(_code(manager).text))
    again = invite_again(uid=Device.objects.get().uid, by=manager, at=AT)
    assert verify(old, at=AT).version == 1

    with django_capture_on_commit_callbacks(execute=True):
        new = issue(_register(again.text))

    with pytest.raises(DeviceRefused):
        verify(old, at=AT)
    assert verify(new, at=AT).version == 2


def test_revoked_machine_is_out_and_told_to_the_trail(manager, django_capture_on_commit_callbacks):
    device = _register(_code(manager).text)
    waiting = invite_again(uid=device.id, by=manager, at=AT)

    with django_capture_on_commit_callbacks(execute=True):
        revoke(uid=device.id, by=manager, at=AT)
        revoke(uid=device.id, by=manager, at=AT)

    with pytest.raises(DeviceRefused):
        verify(issue(device), at=AT)
    with pytest.raises(CodeRefused):
        _register(waiting.text)
    assert Event.objects.filter(verb="device.revoke").count() == 1


def test_seen_is_noted_once_a_minute(manager):
    device = _register(_code(manager).text)

    seen(device, at=AT)
    seen(device, at=AT + timedelta(seconds=1))

    assert Device.objects.get().last_seen_at == AT


def test_only_who_manages_the_hall_there_may():
    code = _code(actor_for(factories.manager()))

    with pytest.raises(NotAllowed):
        _code(actor_for(factories.alice()))
    with pytest.raises(NotAllowed):
        devices_of(actor_for(factories.security_admin()))
    stranger = actor_for(factories.staff("far", "site_manager", area=SiteFactory(foreign=True)))
    assert list(devices_of(stranger)) == []
    for act in (revoke, invite_again):
        with pytest.raises(NotFound):
            act(uid=code.uid, by=stranger, at=AT)
    with pytest.raises(NotFound):
        _code(stranger)
