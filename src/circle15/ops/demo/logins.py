"""The demo city's login accounts: one for each role, one in the neighbour county, all printed."""

from contextlib import suppress
from datetime import datetime

from circle15.accounts.actions import create_account
from circle15.accounts.bulk import OrganisationKey, organisations_of
from circle15.accounts.demo_accounts import (
    PASSWORD,
    SINCE,
    DemoAccount,
    Place,
    ensure_demo_accounts,
)
from circle15.accounts.opening import NewAccount, NewPerson, NewPost, UsernameTaken
from circle15.accounts.states import Role
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.ops.demo import geography
from circle15.ops.demo.centres import HALL, HALL_BODY
from circle15.ops.demo.people import CITY_BUREAU, NEIGHBOUR_BUREAU, THIRD_PARTY
from circle15.ops.demo.writing import SYSTEM
from circle15.sites.queries import site_by_code

_NEIGHBOUR = "county2"
# Whoever wants to see a hall at work needs two at its windows and one who sets it up.
_AT_THE_HALL = (
    ("manager3", "汪示例", Role.SITE_MANAGER),
    ("clerk3", "蔡示例", Role.CLERK),
    ("clerk4", "樊示例", Role.CLERK),
)
# A village point, a bank's outlet and a hospital's desk hand up, take in and handle too.
_AT_POINTS = (
    ("village1", "田示例", "320681110001V01"),
    ("bank1", "钱示例", "320681110000B01"),
    ("hospital1", "白示例", "320681110000H01"),
)
# The provincial candidate and the strong centre that missed its trainings.
_MANAGED = ("320681110000C01", "320681100000C01")


def ensure(*, at: datetime) -> tuple[DemoAccount, ...]:
    """Create the accounts that are not there yet; return all, the neighbour's officer last."""
    with area_scope(EVERYWHERE):
        homes = _organisation_ids(CITY_BUREAU, HALL_BODY, NEIGHBOUR_BUREAU, THIRD_PARTY)
        first, second = (_site_place(code) for code in _MANAGED)
        accounts = ensure_demo_accounts(
            city=Place(geography.path_of(geography.CITY), "南通市", homes[CITY_BUREAU]),
            county=Place(geography.path_of(geography.COUNTY), "启东市", homes[HALL_BODY]),
            sites=(first, second),
            third_party=Place(geography.path_of(geography.COUNTY), "启东市", homes[THIRD_PARTY]),
            by=SYSTEM,
            at=at,
        )
        hall = _site_place(HALL)
        neighbour = Place(geography.path_of(geography.NEIGHBOUR), "如皋市", homes[NEIGHBOUR_BUREAU])
        return (
            *accounts,
            *(_ensure(username, name, role, hall, at) for username, name, role in _AT_THE_HALL),
            *(
                _ensure(username, name, Role.CLERK, _site_place(code), at)
                for username, name, code in _AT_POINTS
            ),
            _ensure(_NEIGHBOUR, "高示例", Role.COUNTY_OFFICER, neighbour, at),
        )


def _organisation_ids(*keys: OrganisationKey) -> dict[OrganisationKey, int]:
    return {key: one.pk for key, one in organisations_of(keys).items()}


def _site_place(code: str) -> Place:
    site = site_by_code(SYSTEM, code)
    assert site.organisation_id is not None
    return Place(site.area_path, site.name, site.organisation_id)


def _ensure(username: str, name: str, role: Role, place: Place, at: datetime) -> DemoAccount:
    with suppress(UsernameTaken):
        create_account(account=_account(username, name, role, place), by=SYSTEM, at=at)
    return DemoAccount(username, role, str(role.label), place.name)


def _account(username: str, name: str, role: Role, place: Place) -> NewAccount:
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
        ),
        is_demo=True,
        must_change_password=False,
    )


def told(accounts: tuple[DemoAccount, ...]) -> str:
    """Say who may log in, for the terminal: user names, what each is, the one password."""
    width = max(len(one.username) for one in accounts)
    lines = [f"  {one.username:<{width}}  {one.role_name}  {one.area_name}" for one in accounts]
    head = f"演示账号 demo accounts，密码 password（仅限演示 demo only）: {PASSWORD}"
    return "\n".join([head, *lines])
