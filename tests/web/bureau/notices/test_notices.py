"""The page on which a manager puts notices on the displays."""

import pytest
from django.utils import timezone
from tests import factories
from tests.hall.conftest import Place, furnish
from tests.web.screen.test_views import machine

from circle15.accounts.states import DeviceKind
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.hall.board_models import BoardNotice

TODAY = timezone.localdate().isoformat()


@pytest.fixture
def place(db) -> Place:
    return furnish()


def page(place: Place) -> str:
    return f"/halls/{place.hall.site.code}/notices/"


def test_a_notice_goes_to_the_display_and_comes_down(place: Place):
    manager = factories.logged_in(factories.manager())
    text = "<b>周六</b>上午照常服务"
    sent = manager.post(page(place), {"text": text, "shown_from": TODAY, "shown_until": TODAY})
    assert (sent.status_code, sent.url) == (302, page(place))
    display = machine(place, DeviceKind.DISPLAY)
    assert "&lt;b&gt;周六&lt;/b&gt;上午照常服务" in display.get("/screen/board").content.decode()
    with area_scope(EVERYWHERE):
        number = BoardNotice.objects.get().id
    assert (
        text.replace("<", "&lt;").replace(">", "&gt;") in manager.get(page(place)).content.decode()
    )
    assert manager.post(f"{page(place)}down/", {"notice": number}).status_code == 302
    assert "照常服务" not in display.get("/screen/board").content.decode()
    assert manager.post(f"{page(place)}down/", {"notice": number}).status_code == 404
    assert manager.post(f"{page(place)}down/", {"notice": "x"}).status_code == 404


def test_wrong_days_are_said_at_the_form(place: Place):
    manager = factories.logged_in(factories.manager())
    days = {"shown_from": "2026-03-02", "shown_until": "2026-03-01"}
    refused = manager.post(page(place), {"text": "x", **days})
    assert refused.status_code == 422
    assert "结束日期不能早于开始日期。" in refused.content.decode()
    assert manager.post(page(place), {"text": "", **days}).status_code == 422


def test_a_clerk_sees_no_such_page(place: Place):
    clerk = factories.logged_in(factories.alice())
    assert clerk.get(page(place)).status_code == 403
    assert clerk.post(page(place), {}).status_code == 403
