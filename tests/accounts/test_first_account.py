"""The first account of an empty installation, and that there is no second one this way."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from tests import factories
from tests.factories import AT, actor_for

from circle15.accounts.first_account import CannotBegin, open_first_account
from circle15.accounts.models import Organisation, User
from circle15.accounts.refusals import Refused
from circle15.accounts.states import Role
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event

pytestmark = pytest.mark.django_db


def test_it_is_a_security_admin_over_the_widest_area():
    town = factories.TownFactory()

    first = open_first_account(username="anquan1", name="乙示例", at=AT)

    with area_scope(EVERYWHERE):
        user = User.objects.get(username="anquan1")
        (post,) = user.person.posts.all()
        assert (post.role, post.area_path) == (Role.SECURITY_ADMIN, f"/{town.path.split('/')[1]}/")
        assert (user.must_change_password, user.is_demo) == (True, False)
        assert user.check_password(first.password)
        assert len(first.password) == 19
        assert Event.objects.filter(verb="account.create", actor_name="首个账号").count() == 1


def test_it_belongs_to_the_unit_named_and_adds_no_twin_of_it():
    factories.TownFactory()
    open_first_account(username="anquan1", name="乙示例", unit="汇龙镇服务大厅", at=AT)

    with area_scope(EVERYWHERE):
        User.objects.update(is_active=False)
        second = open_first_account(username="anquan2", name="丙示例", unit="汇龙镇服务大厅", at=AT)
        assert second.unit == "汇龙镇服务大厅"
        assert Organisation.objects.filter(name="汇龙镇服务大厅").count() == 1


def test_where_there_is_one_the_command_opens_no_other():
    told = StringIO()
    factories.TownFactory()
    call_command("first_account", "anquan1", "--name", "乙示例", stdout=told)
    assert "首次登录必须更改" in told.getvalue()

    with pytest.raises(CommandError, match="已有安全管理员（anquan1）"):
        call_command("first_account", "anquan2", "--name", "丙示例")
    assert User.objects.filter(username="anquan2").count() == 0


def test_without_divisions_it_says_what_comes_first():
    with pytest.raises(CannotBegin, match="join_city"):
        open_first_account(username="anquan1", name="乙示例", at=AT)


def test_an_unusable_name_is_refused_with_nothing_written():
    factories.TownFactory()
    with pytest.raises(Refused):
        open_first_account(username="安全", name="乙示例", at=AT)
    with area_scope(EVERYWHERE):
        assert not Organisation.objects.exists()


def test_the_account_may_open_others():
    factories.TownFactory()
    open_first_account(username="anquan1", name="乙示例", at=AT)
    with area_scope(EVERYWHERE):
        actor = actor_for(User.objects.get(username="anquan1"), at=AT)
    assert "accounts.manage" in actor.permissions
