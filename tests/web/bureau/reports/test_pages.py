"""Reports on pages: issued, read, downloaded; an information report handed in and judged."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests import factories
from tests.ratings.conftest import Place, place, town  # noqa: F401 -- fixtures

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.assessments.publishing import install_built_in
from circle15.assessments.report_models import HandIn, Report
from circle15.assessments.reports.information import begin
from circle15.standards.information import period_of
from circle15.web.shared.once import new_key

pytestmark = pytest.mark.django_db


def post(client, address, **given):
    return client.post(address, {"once": new_key(), **given}, follow=True)


def test_a_report_is_issued_handed_in_given_back_and_received(place: Place):  # noqa: F811 -- a fixture
    now = timezone.now()
    with area_scope(EVERYWHERE):
        install_built_in(by=place.actors["city"], at=now)
    manager, carol = (factories.logged_in(place.users[name]) for name in ("manager", "carol"))
    former = period_of("quarter", period_of("quarter", timezone.localdate()).first - timedelta(1))
    place.do("carol", begin, kind="site_quarterly", begins_on=former.first)

    page = post(manager, "/reports/", kind="self", site="QD-0001")
    with area_scope(EVERYWHERE):
        report = Report.objects.get()
    assert report.number in page.content.decode()
    for media, start in (("pdf", b"%PDF"), ("docx", b"PK")):
        assert manager.get(f"/reports/{report.uid}/{media}/").content.startswith(start)
    assert post(manager, "/reports/", kind="quarterly", day="2026-01-01").status_code == 403
    assert post(carol, "/reports/", kind="rectify", number="P0").status_code == 422
    what = {"kind": "site_quarterly", "period": former.name, "owner": report.area_path}
    assert former.name in manager.get("/reports/information/").content.decode()
    empty = post(manager, "/reports/information/hand-in/", **what)
    assert (empty.status_code, "请上传文件" in empty.content.decode()) == (422, True)
    post(manager, "/reports/information/hand-in/", **what, report=str(report.uid))
    with area_scope(EVERYWHERE):
        row = HandIn.objects.get()
    address = f"/reports/information/{row.uid}/judge/"
    assert post(carol, address, act="return").status_code == 422
    assert "缺表" in post(carol, address, act="return", reason="缺表").content.decode()
    assert post(factories.logged_in(place.users["dave"]), address, act="receive").status_code == 403
