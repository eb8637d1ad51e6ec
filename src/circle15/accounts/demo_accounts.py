"""The accounts of the demo city, one for each role; their password is printed, nothing else is."""

from dataclasses import dataclass
from datetime import date, datetime

from circle15.accounts.actions import create_account
from circle15.accounts.actors import Actor
from circle15.accounts.models import User
from circle15.accounts.opening import NewAccount, NewPerson, NewPost
from circle15.accounts.queries import post_id_of
from circle15.accounts.states import Role

PASSWORD = "Qidong-15min-demo"  # noqa: S105 -- printed on purpose; works in a demo only
SINCE = date(2024, 1, 1)
# Who has the B-post (B岗) of whom.
_COVERS = {"handler2": "handler1"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where demo people work: an area, its name, and the organisation they belong to."""

    path: str
    name: str
    organisation_id: int


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """What a newcomer is told about an account."""

    username: str
    role: str
    role_name: str
    area_name: str


def ensure_demo_accounts(  # noqa: PLR0913 -- where each of them works
    *,
    city: Place,
    county: Place,
    sites: tuple[Place, Place],
    by: Actor,
    at: datetime,
    third_party: Place | None = None,
) -> tuple[DemoAccount, ...]:
    """Create the demo accounts that do not exist yet and return all, in the order of the list.

    The inspector is the third party's, who sends them to the county.
    """
    first, second = sites
    staff = (
        ("city", "顾示例", Role.CITY_OFFICER, city),
        # Publishing an edition takes a second person.
        ("city2", "曹示例", Role.CITY_OFFICER, city),
        ("county", "施示例", Role.COUNTY_OFFICER, county),
        ("manager1", "陆示例", Role.SITE_MANAGER, first),
        ("manager2", "黄示例", Role.SITE_MANAGER, second),
        ("clerk1", "沈示例", Role.CLERK, first),
        ("clerk2", "朱示例", Role.CLERK, second),
        # What one decides, the other confirms where an item asks for four eyes.
        ("handler1", "秦示例", Role.HANDLER, county),
        ("handler2", "严示例", Role.HANDLER, county),
        ("inspector", "欧阳示例", Role.INSPECTOR, third_party or county),
        ("planner", "倪示例", Role.PLANNER, county),
        ("liaison", "戚示例", Role.LIAISON, county),
        ("sysadmin", "甲示例", Role.SYSTEM_ADMIN, city),
        ("secadmin", "乙示例", Role.SECURITY_ADMIN, city),
        ("auditor", "丙示例", Role.AUDITOR, city),
    )
    for username, name, role, place in staff:
        if not User.objects.filter(username=username).exists():
            covers = _COVERS.get(username)
            post_id = post_id_of(username=covers, actor=by, on=SINCE) if covers else None
            create_account(account=_account(username, name, role, place, post_id), by=by, at=at)
    return tuple(
        DemoAccount(username, role, str(role.label), place.name)
        for username, _name, role, place in staff
    )


def _account(
    username: str, name: str, role: Role, place: Place, covers_post_id: int | None
) -> NewAccount:
    return NewAccount(
        username=username,
        password=PASSWORD,
        person=NewPerson(name=name, organisation_id=place.organisation_id, is_synthetic=True),
        post=NewPost(
            organisation_id=place.organisation_id,
            role=role,
            area_path=place.path,
            area_name=place.name,
            since=SINCE,
            covers_post_id=covers_post_id,
        ),
        is_demo=True,
        must_change_password=False,
    )
