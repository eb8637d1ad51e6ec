"""Write the next edition of the catalogue: copy, change, drop, bring in a workbook."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NotFound, Refused
from circle15.accounts.states import Permission
from circle15.core.messages import Message
from circle15.items.differences import item_diff
from circle15.items.keeping import UnusableItem, count_anew, locked, noted, own_draft
from circle15.items.models import Edition, ItemVersion
from circle15.items.sheets import read_sheets
from circle15.items.states import OPEN
from circle15.standards.catalogue import CatalogueItem
from circle15.standards.catalogue_data import item_data
from circle15.standards.catalogue_library import item_sets, with_digest
from circle15.standards.catalogue_parser import InvalidCatalogue, parse_item
from circle15.standards.reading import deeper, problem
from circle15.standards.service_items import item_groups

Sheets = Mapping[str, Sequence[Sequence[object]]]


class DraftOpen(Refused):
    """There is a draft already: two at once would overtake each other."""

    def __init__(self, draft: Edition) -> None:
        super().__init__(
            _("第 %(number)s 版正在起草或待审核（%(by)s），请先办完或放弃那一版。")
            % {"number": draft.number, "by": draft.drafted_by}
        )


@dataclass(frozen=True, slots=True)
class Imported:
    """What a workbook did to a draft, as keys of items."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    dropped: tuple[str, ...]


@transaction.atomic
def start_draft(*, from_id: int, by: Actor, at: datetime) -> Edition:
    """Copy an edition, also a withdrawn one, into a draft; raises DraftOpen if there is one."""
    base, every = locked(from_id, by, Permission.DRAFT_ITEMS)
    for each in every:
        if each.state in OPEN:
            raise DraftOpen(each)
    number = max(each.number for each in every) + 1
    draft = Edition.objects.create(
        number=number,
        version=str(number),
        title=base.title,
        title_en=base.title_en,
        base=base,
        digest=base.digest,
        drafted_by_id=by.user_id,
        drafted_by=by.name,
        drafted_at=at,
    )
    ItemVersion.objects.bulk_create(
        ItemVersion(
            edition=draft,
            key=each.key,
            position=each.position,
            data=each.data,
            digest=each.digest,
        )
        for each in base.versions.order_by("position", "id")
    )
    noted(draft, "draft", by, at, new={"base": base.number})
    return draft


# Clauses: W-13, Q-22
@transaction.atomic
def change_item(
    *, edition_id: int, key: str, data: Mapping[str, object], by: Actor, at: datetime
) -> ItemVersion:
    """Write an item of one's own draft, a new one if it has none of this key.

    `data` is the full form (`item_data`). Raises UnusableItem naming every problem; the draft then
    stays as it was.
    """
    draft, _every = locked(edition_id, by, Permission.DRAFT_ITEMS)
    own_draft(draft, by)
    item, problems = _checked({**data, "key": key})
    if item is None:
        raise UnusableItem(problems)
    former = draft.versions.filter(key=key).first()
    changes = item_diff(parse_item(former.data), item) if former else ()
    stored = _store(draft, item, former)
    count_anew(draft)
    old = {each.field: each.old for each in changes}
    new = {each.field: each.new for each in changes}
    noted(draft, "item", by, at, old={"item": key, **old}, new={"item": key, **new})
    return stored


@transaction.atomic
def drop_item(*, edition_id: int, key: str, by: Actor, at: datetime) -> None:
    """Take an item out of one's own draft; raises NotFound."""
    draft, _every = locked(edition_id, by, Permission.DRAFT_ITEMS)
    own_draft(draft, by)
    deleted, _kinds = draft.versions.filter(key=key).delete()
    if not deleted:
        raise NotFound
    count_anew(draft)
    noted(draft, "drop", by, at, new={"item": key})


# Clauses: W-42, W-109
@transaction.atomic
def import_sheets(*, edition_id: int, sheets: Sheets, by: Actor, at: datetime) -> Imported:
    """Put the items of a workbook in place of those of one's own draft.

    `sheets` are the rows of each sheet by its title, as `workbook` writes them. Raises UnusableItem
    naming every problem with sheet and item; the draft then stays as it was.
    """
    draft, _every = locked(edition_id, by, Permission.DRAFT_ITEMS)
    own_draft(draft, by)
    items = _read(sheets)
    former = {each.key: each for each in draft.versions.all()}
    added = tuple(key for key in items if key not in former)
    changed = tuple(
        key for key, item in items.items() if key in former and former[key].digest != item.digest
    )
    dropped = tuple(key for key in former if key not in items)
    draft.versions.filter(key__in=dropped).delete()
    for position, item in enumerate(items.values(), start=1):
        _store(draft, item, former.get(item.key), position=position)
    count_anew(draft)
    done = Imported(added=added, changed=changed, dropped=dropped)
    noted(draft, "import", by, at, new={"added": added, "changed": changed, "dropped": dropped})
    return done


def _read(sheets: Sheets) -> dict[str, CatalogueItem]:
    raw, problems = read_sheets(sheets)
    items: dict[str, CatalogueItem] = {}
    for key, data in raw.items():
        item, faults = _checked(data)
        problems += [deeper(key, fault) for fault in faults]
        if item is not None:
            items[key] = item
    if problems:
        raise UnusableItem(tuple(problems))
    return items


def _checked(data: Mapping[str, object]) -> tuple[CatalogueItem | None, tuple[str, ...]]:
    """Return the item that data stand for, or everything that is wrong with them."""
    try:
        item = parse_item(dict(data))
    except InvalidCatalogue as invalid:
        return None, invalid.problems
    problems = []
    if item.group not in {group.key for group in item_groups()}:
        problems.append(problem("group", Message("没有分组 %(key)s", key=item.group)))
    problems += [
        problem("sets", Message("没有清单 %(key)s", key=each))
        for each in item.sets
        if each not in item_sets()
    ]
    return (None, tuple(problems)) if problems else (with_digest(item), ())


def _store(
    draft: Edition, item: CatalogueItem, former: ItemVersion | None, *, position: int | None = None
) -> ItemVersion:
    """Write an item over its former version, or at the end."""
    if former is None:
        last = draft.versions.aggregate(last=Max("position"))["last"] or 0
        row = ItemVersion(edition=draft, key=item.key, position=position or last + 1)
    else:
        row = former
        row.position = position or former.position
    row.data, row.digest = item_data(item), item.digest
    row.save()
    return row
