"""Where somebody takes in who sees more sites than a list can show."""

import pytest
from django.urls import reverse
from tests import factories

from circle15.accounts.states import Role
from circle15.web.counter.cases import place

pytestmark = pytest.mark.django_db


def test_of_many_sites_one_is_typed_by_name_or_number(monkeypatch):
    monkeypatch.setattr(place, "MOST_SITES", 1)
    factories.SiteFactory()
    factories.SiteFactory(village=True)
    area = factories.TownFactory()
    client = factories.logged_in(factories.staff("wide", Role.CLERK, area=area))

    def shown(typed: str) -> str:
        return client.get(reverse("intake"), {"site": typed}).content.decode()

    for typed in ("QD-0101", " 幸福一村医保服务点 "):
        assert 'name="site" value="QD-0101"' in shown(typed)
        assert 'value="幸福一村医保服务点"' in shown(typed)
    assert "没有找到可以收件的网点“无此站”" in shown("无此站")
