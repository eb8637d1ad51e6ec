"""Notices on the displays: who may, on which days, and that nothing is lost."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.factories import AT

from circle15.accounts.refusals import NotAllowed, NotFound
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.hall import watching
from circle15.hall.actions import notices
from circle15.hall.board import notices_of
from circle15.hall.refusals import UnusableSetting

TODAY = timezone.localdate(AT)
DAY = timedelta(days=1)


def put_up(place, text="周六上午照常服务", by=None, first=TODAY, last=TODAY):
    code = place.hall.site.code
    with area_scope((by or place.manager).area_path):
        return notices.put_up(
            site_code=code,
            text=text,
            shown_from=first,
            shown_until=last,
            by=by or place.manager,
            at=AT,
        )


def shown(place, on=TODAY):
    return watching.notices_on(watching.watched_hall(place.hall.site.code), on)


def test_a_notice_is_shown_on_its_days_newest_first(place):
    put_up(place, "  系统\n升级 ", last=TODAY + DAY)
    put_up(place, first=TODAY + DAY, last=TODAY + 2 * DAY)
    assert [shown(place, TODAY + n * DAY) for n in (-1, 0, 1, 2, 3)] == [
        (),
        ("系统 升级",),
        ("周六上午照常服务", "系统 升级"),
        ("周六上午照常服务",),
        (),
    ]


def test_the_same_notice_twice_is_one_and_told_once(place):
    assert put_up(place).id == put_up(place).id
    with area_scope(EVERYWHERE):
        assert Event.objects.filter(verb="hall.notice_up").count() == 1


def test_taken_down_it_is_gone_from_display_and_list_but_kept(place):
    notice = put_up(place)
    code = place.hall.site.code
    with area_scope(place.manager.area_path):
        assert [one.id for one in notices_of(place.manager, code, on=TODAY)] == [notice.id]
        notices.take_down(site_code=code, notice_id=notice.id, by=place.manager, at=AT)
        assert list(notices_of(place.manager, code, on=TODAY)) == []
        with pytest.raises(NotFound):
            notices.take_down(site_code=code, notice_id=notice.id, by=place.manager, at=AT)
        assert Event.objects.filter(verb="hall.notice_down").count() == 1
    assert shown(place) == ()


@pytest.mark.parametrize(("text", "last"), [("", TODAY), ("长" * 81, TODAY), ("好", TODAY - DAY)])
def test_what_cannot_be_shown_is_refused(place, text, last):
    with pytest.raises(UnusableSetting):
        put_up(place, text, last=last)


def test_clerks_and_strangers_put_nothing_up(place):
    with pytest.raises(NotAllowed):
        put_up(place, by=place.alice)
    with pytest.raises((NotAllowed, NotFound)):
        put_up(place, by=place.dave)
