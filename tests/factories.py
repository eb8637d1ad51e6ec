"""Rows for the tests, and the people in them: alice, bob, carol, dave and the three admins.

Every factory writes inside the scope of everywhere; the test then asks inside a narrower one.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache

import factory
from django.contrib.auth.hashers import Argon2PasswordHasher, make_password
from django.test import Client
from django.utils import timezone

from circle15.accounts.actors import Actor, system_actor
from circle15.accounts.login import session_of
from circle15.accounts.models import Organisation, Person, Post, User
from circle15.accounts.sealing import blind_index, seal
from circle15.accounts.states import OrganisationKind, Role
from circle15.areas.models import Division
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.areas.states import Level
from circle15.core.sort_keys import pinyin_key as key_of
from circle15.hall.actions.settings import DEFAULT_LANES
from circle15.hall.models import Hall
from circle15.items.publishing import install_built_in as install_catalogue
from circle15.items.queries import catalogue_on
from circle15.ledger.models import Fact
from circle15.ledger.states import Source
from circle15.sites.models import Equipment, Site, Window, Zone
from circle15.sites.states import SiteKind, ZoneState
from circle15.standards.catalogue import Catalogue
from circle15.web.shared import staff_session

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SINCE = date(2025, 1, 1)
PASSWORD = "Correct-horse-15"
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


class QuickArgon2(Argon2PasswordHasher):
    time_cost = 1
    memory_cost = 8
    parallelism = 1


_making = threading.local()


@contextmanager
def _everywhere() -> Iterator[None]:
    """Open the scope of everywhere once around a row and all it stands on."""
    if getattr(_making, "has_begun", False):
        yield
        return
    _making.has_begun = True
    try:
        with area_scope(EVERYWHERE):
            yield
    finally:
        _making.has_begun = False


class Everywhere(factory.django.DjangoModelFactory):
    class Meta:
        abstract = True

    @classmethod
    def _generate(cls, strategy, params):
        with _everywhere():
            return cls._found(params) or super()._generate(strategy, params)

    @classmethod
    def _found(cls, params):
        """Return the row of the factory's own key, if nothing else was asked and it is there.

        Saves to look for all it stands on.
        """
        keys = cls._meta.django_get_or_create
        own = {key: cls._meta.base_declarations.get(key) for key in keys}
        if params or not own or not all(isinstance(value, str) for value in own.values()):
            return None
        return cls._meta.model.objects.filter(**own).first()

    @classmethod
    def _get_or_create(cls, model_class, *args, **kwargs):
        keys = {key: kwargs.pop(key) for key in cls._meta.django_get_or_create}
        found = model_class.objects.filter(**keys).first()
        return found or model_class.objects.create(*args, **keys, **kwargs)


class Found(factory.SubFactory):
    """A row that is there, or else is made."""

    def evaluate(self, instance, step, extra):
        return self.get_factory()._found(extra) or super().evaluate(instance, step, extra)


class DivisionFactory(Everywhere):
    """A division under its parent; `path` follows from both."""

    class Meta:
        model = Division
        django_get_or_create = ("code",)

    sort_key = factory.LazyAttribute(lambda row: key_of(row.name))
    path = factory.LazyAttribute(lambda row: f"{row.parent.path if row.parent else '/'}{row.code}/")


class CityFactory(DivisionFactory):
    code = "320600000000"
    name = "南通市"
    level = Level.CITY
    parent = None


class CountyFactory(DivisionFactory):
    code = "320681000000"
    name = "启东市"
    level = Level.COUNTY
    parent = Found(CityFactory)

    class Params:
        other = factory.Trait(code="320682000000", name="如皋市")


class TownFactory(DivisionFactory):
    code = "320681100000"
    name = "汇龙镇"
    level = Level.TOWN
    parent = Found(CountyFactory)

    class Params:
        other = factory.Trait(code="320681101000", name="北新镇")
        foreign = factory.Trait(
            code="320682100000", name="东陈镇", parent=Found(CountyFactory, other=True)
        )


class VillageFactory(DivisionFactory):
    code = "320681100001"
    name = "幸福一村"
    level = Level.VILLAGE
    parent = Found(TownFactory)

    class Params:
        other = factory.Trait(
            code="320681101001", name="北新村", parent=Found(TownFactory, other=True)
        )


class OrganisationFactory(Everywhere):
    class Meta:
        model = Organisation
        django_get_or_create = ("division", "name")

    division = Found(CountyFactory)
    name = factory.LazyAttribute(lambda row: f"{row.division.name}医疗保障局")
    kind = OrganisationKind.COUNTY_BUREAU
    area_path = factory.LazyAttribute(lambda row: row.division.path)
    sort_key = factory.LazyAttribute(lambda row: key_of(row.name))

    class Params:
        town = factory.Trait(division=Found(TownFactory), kind=OrganisationKind.TOWN_GOVERNMENT)


class PersonFactory(Everywhere):
    class Meta:
        model = Person

    class Params:
        name = "王小明"
        phone = ""
        id_number = ""

    uid = factory.Faker("uuid4", cast_to=None)
    organisation = Found(OrganisationFactory)
    area_path = factory.LazyAttribute(lambda row: row.organisation.area_path)
    name_sealed = factory.LazyAttribute(lambda row: seal(row.name, field="name", uid=row.uid))
    phone_sealed = factory.LazyAttribute(lambda row: seal(row.phone, field="phone", uid=row.uid))
    id_number_sealed = factory.LazyAttribute(
        lambda row: seal(row.id_number, field="id_number", uid=row.uid)
    )
    id_number_index = factory.LazyAttribute(
        lambda row: blind_index(row.id_number, field="id_number")
    )


@cache
def _hashed() -> str:
    return make_password(PASSWORD)


class UserFactory(Everywhere):
    """An account with `PASSWORD`; `enrolled=True` has `TOTP_SECRET` in the app."""

    class Meta:
        model = User
        django_get_or_create = ("username",)

    class Params:
        enrolled = factory.Trait(
            totp_sealed=factory.LazyAttribute(
                lambda row: seal(TOTP_SECRET, kind="user", field="totp", uid=row.username)
            ),
            totp_confirmed_at=AT,
        )
        demo = factory.Trait(is_demo=True)

    username = factory.Sequence(lambda n: f"user{n}")
    person = Found(PersonFactory)
    password = factory.LazyFunction(_hashed)


class PostFactory(Everywhere):
    class Meta:
        model = Post

    person = Found(PersonFactory)
    organisation = factory.SelfAttribute("person.organisation")
    role = Role.CLERK
    area_path = factory.SelfAttribute("person.area_path")
    area_name = factory.SelfAttribute("organisation.division.name")
    since = SINCE


class SiteFactory(Everywhere):
    class Meta:
        model = Site
        django_get_or_create = ("code",)

    class Params:
        other = factory.Trait(
            code="QD-0002",
            name="北新镇医保服务站",
            division=Found(TownFactory, other=True),
        )
        foreign = factory.Trait(
            code="RG-0001",
            name="东陈镇医保服务站",
            division=Found(TownFactory, foreign=True),
        )
        village = factory.Trait(
            code="QD-0101",
            name="幸福一村医保服务点",
            kind=SiteKind.VILLAGE_POINT,
            division=Found(VillageFactory),
        )

    code = "QD-0001"
    name = "汇龙镇医保服务站"
    kind = SiteKind.TOWN_CENTRE
    division = Found(TownFactory)
    organisation = Found(
        OrganisationFactory, town=True, division=factory.SelfAttribute("..division")
    )
    area_path = factory.LazyAttribute(lambda row: f"{row.division.path}{row.code}/")
    sort_key = factory.LazyAttribute(lambda row: key_of(row.name))
    lon = Decimal("121.655000")
    lat = Decimal("31.811000")


class ZoneFactory(Everywhere):
    class Meta:
        model = Zone

    site = Found(SiteFactory)
    key = "zone.guide"
    state = ZoneState.PRESENT


class EquipmentFactory(Everywhere):
    class Meta:
        model = Equipment

    site = Found(SiteFactory)
    key = "eq.scanner_ocr"
    asset_no = factory.Sequence(lambda n: f"ZC-{n:04}")


class FactFactory(Everywhere):
    class Meta:
        model = Fact

    site = Found(SiteFactory)
    name = "site.indoor_area_m2"
    value = "128"
    unit = "m²"
    source = Source.ON_SITE
    observed_on = date(2026, 3, 1)
    recorded_at = AT
    recorded_by = "test"


def staff(username: str, role: str, *, area: Division | Site, name: str = "王小明", **more) -> User:
    """Return an account whose one post is over a division or a site."""
    division = area.division if isinstance(area, Site) else area
    organisation = OrganisationFactory(division=division)
    person = PersonFactory(
        name=name,
        organisation=organisation,
        area_path=area.area_path if isinstance(area, Site) else area.path,
    )
    user = UserFactory(username=username, person=person, **more)
    PostFactory(person=person, role=role, area_name=area.name)
    return user


def alice(**more) -> User:
    """Return the clerk of the site in 汇龙镇."""
    return staff("alice", Role.CLERK, area=SiteFactory(), name="沈小燕", **more)


def bob(**more) -> User:
    """Return alice's deputy: a B-post (B岗) at the same site."""
    user = staff("bob", Role.CLERK, area=SiteFactory(), name="陆大海", **more)
    with area_scope(EVERYWHERE):
        covered = Post.objects.filter(person__user__username="alice").first()
        Post.objects.filter(person=user.person).update(covers=covered)
    return user


def manager(**more) -> User:
    """Return the manager of the site in 汇龙镇."""
    return staff("manager", Role.SITE_MANAGER, area=SiteFactory(), name="黄建国", **more)


def carol(**more) -> User:
    """Return the officer of the county bureau."""
    return staff("carol", Role.COUNTY_OFFICER, area=CountyFactory(), name="欧阳春晓", **more)


def city_officer(**more) -> User:
    return staff("city", Role.CITY_OFFICER, area=CityFactory(), name="顾明", **more)


def handler(number: int = 1, **more) -> User:
    """Return one of the back office of the county; a second number is a second pair of eyes."""
    name = ("秦后台", "严复核")[number - 1]
    return staff(f"handler{number}", Role.HANDLER, area=CountyFactory(), name=name, **more)


def dave(**more) -> User:
    """Return the stranger: a clerk in another county."""
    return staff("dave", Role.CLERK, area=SiteFactory(foreign=True), name="倪远方", **more)


def security_admin(**more) -> User:
    return staff("secadmin", Role.SECURITY_ADMIN, area=CityFactory(), name="钱守", **more)


def system_admin(**more) -> User:
    return staff("sysadmin", Role.SYSTEM_ADMIN, area=CityFactory(), name="孙机", **more)


def auditor(**more) -> User:
    return staff("auditor", Role.AUDITOR, area=CityFactory(), name="李查", **more)


def actor_for(user: User, *, at: datetime = AT) -> Actor:
    """Return the actor of an account's present post."""
    return session_of(user, at=at).actor


def logged_in(user: User) -> Client:
    """Return a browser in which the account is logged in now."""
    client = Client()
    session = client.session
    session[staff_session.KEY] = session_of(user, at=timezone.now()).as_values()
    session.save()
    return client


def catalogue() -> Catalogue:
    """Put the catalogue that comes with the house in force, once; return it."""
    with area_scope(EVERYWHERE):
        install_catalogue(by=system_actor("test"), at=AT)
    return catalogue_on(AT.date())


class HallFactory(Everywhere):
    """The hall of a site with its usual lanes A, G and Y."""

    class Meta:
        model = Hall
        django_get_or_create = ("site",)

    site = Found(SiteFactory)
    area_path = factory.SelfAttribute("site.area_path")

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        hall = super()._create(model_class, *args, **kwargs)
        known = set(hall.lanes.values_list("code", flat=True))
        for position, (code, name, kind) in enumerate(DEFAULT_LANES, 1):
            if code not in known:
                values = {"name": name, "kind": kind, "position": position}
                hall.lanes.create(code=code, area_path=hall.area_path, **values)
        return hall


class WindowFactory(Everywhere):
    class Meta:
        model = Window
        django_get_or_create = ("site", "number")

    site = Found(SiteFactory)
    number = 1
    name = factory.LazyAttribute(lambda row: f"{row.number}号窗口")
