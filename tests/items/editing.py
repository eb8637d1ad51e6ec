"""People and steps the tests of editions share."""

from tests.factories import AT

from circle15.accounts.actors import Actor, actor_of
from circle15.accounts.states import Role
from circle15.areas.scope import EVERYWHERE
from circle15.items import drafting, publishing
from circle15.items.models import Edition
from circle15.items.queries import catalogue_of, editions
from circle15.standards.catalogue_data import item_data


def officer(user_id: int, name: str, role: str = Role.CITY_OFFICER) -> Actor:
    return actor_of(user_id=user_id, name=name, role=role, area_path=EVERYWHERE, area_name="南通市")


GU, QIAN, SHEN = officer(1, "顾明"), officer(2, "钱守"), officer(3, "沈小燕", Role.CLERK)


def draft(by: Actor = GU) -> Edition:
    """Begin a draft from the newest edition."""
    return drafting.start_draft(from_id=editions(by)[0].id, by=by, at=AT)


def data_of(edition: Edition, key: str, **fields: object) -> dict[str, object]:
    """Return an item of an edition as data, some fields changed."""
    return {**item_data(catalogue_of(edition.id, by=GU).items[key]), **fields}


def changed(edition: Edition, key: str, by: Actor = GU, **fields: object) -> None:
    """Change some fields of an item."""
    data = data_of(edition, key, **fields)
    drafting.change_item(edition_id=edition.id, key=key, data=data, by=by, at=AT)


def reviewed(edition: Edition, by: Actor = GU) -> Edition:
    return publishing.send_to_review(edition_id=edition.id, change_note="改时限", by=by, at=AT)


def published(edition: Edition, **when: object) -> Edition:
    """Take a draft of Gu's all the way."""
    reviewed(edition)
    return publishing.publish(edition_id=edition.id, by=QIAN, at=AT, **when)
