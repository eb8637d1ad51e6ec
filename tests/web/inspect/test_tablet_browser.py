"""A check on a tablet without a line: killed, opened again, sent once, nothing readable left."""

from contextlib import ExitStack

import pytest
from django.utils import timezone
from tests import factories
from tests.assessments.inspecting import a_complete_site, planned, third_party
from tests.web.inspect import tablet
from tests.web.inspect.line import line_to

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.assessments.inspection_models import InspectionPhoto, InspectionSubmission

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
REMARK = '引导台无人，问了王示例才知道："在二楼" \\\\ 😀'


@pytest.fixture
def end():
    with ExitStack() as stack:
        yield stack


def test_a_check_survives_a_kill_offline_and_arrives_once(
    chromium_browser, live_server, tmp_path, end
):
    at = timezone.now()
    site = a_complete_site()
    user = third_party()
    planned(factories.actor_for(factories.city_officer(), at=at), user, at=at)
    cookie = factories.logged_in(user).cookies["circle15"].value
    line = end.enter_context(line_to(live_server.url))
    own = tablet.Tablet(chromium_browser.browser_type, tmp_path / "profile", line)
    end.callback(own.stop)

    page = own.start(cookie)
    tablet.set_pin(page)
    page.locator("[data-check] button").wait_for()
    tablet.kept_offline(page)
    own.cut()
    page.locator("[data-check] button").click()
    assert tablet.decide(page, most=2) == 2
    page.locator("#remark").fill(REMARK)
    tablet.add_photos(page, tablet.picture())
    own.kill()

    page = own.start()
    tablet.unlock(page, "654321")
    page.get_by_text("密码不对").wait_for()
    tablet.unlock(page)
    page.locator("[data-check] button").click()
    assert page.locator('[data-slot="progress"]').inner_text().startswith("已判 2 /")
    page.locator('[data-slot="after"]').click()
    assert page.locator("#remark").input_value() == REMARK
    assert page.locator(".inspect-photos img").count() == 1
    page.locator('[data-slot="finish"]').click()
    page.locator('[data-slot="submit"]').click()
    assert "还有" in page.locator('[data-slot="missing"]').inner_text()
    page.locator('[data-slot="back"]').click()
    tablet.decide(page)
    tablet.sign_and_close(page, "钱示例")
    page.get_by_text("已提交，等待上传").wait_for()
    own.mend()
    page.get_by_role("link", name="去登录").wait_for()
    own.signed_in(cookie)
    page.get_by_role("button", name="现在上传").click()
    page.locator("[data-receipt]").wait_for()
    own.kill()

    with area_scope(EVERYWHERE):
        sent = InspectionSubmission.objects.get()
        photo = InspectionPhoto.objects.get()
    assert REMARK in {answer["remark"] for answer in sent.answers.values()}
    assert photo.lat is not None
    words = (REMARK, site.name, site.address, "钱示例", "王示例", "secret-place")
    assert tablet.readable(own.profile, [word for word in words if word]) == set()
