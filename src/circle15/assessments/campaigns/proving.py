"""Score every kept sheet again; hold every published result against its digest and the trail."""

from collections.abc import Iterator
from dataclasses import dataclass

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.states import Permission
from circle15.areas import scope
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.assessments.actions import replay
from circle15.assessments.campaign_models import Entry
from circle15.assessments.campaign_states import EntryState
from circle15.assessments.campaigns.concluding import sums_up
from circle15.assessments.campaigns.freezing import frozen_digest
from circle15.assessments.campaigns.life import digest_of
from circle15.assessments.models import StoredSheet
from circle15.audit.models import Event

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Proof:
    """How many sheets and results there are, and which do not come out the same."""

    sheets: int
    wrong_sheets: tuple[int, ...]
    results: int
    wrong_results: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        return not self.wrong_sheets and not self.wrong_results


def prove(by: Actor, *, most: int | None = None) -> Proof:
    """Replay the actor's sheets, newest first, and check the published results; writes nothing.

    A result must have its frozen facts, its total, its digest, and the same digest on the trail.
    Raises NotAllowed.
    """
    demand(by, Permission.VIEW_ASSESSMENTS)
    sheets = scope.within(StoredSheet.objects.all(), by.area_path, "site__area_path")
    kept = list(sheets.select_related("edition").order_by("-id")[:most])
    wrong = tuple(each.pk for each in kept if not replay(each))
    results = scope.within(Entry.objects.all(), by.area_path, "site__area_path")
    published = results.filter(state=EntryState.PUBLISHED).select_related("sheet", "site")
    entries = list(published.order_by("-id")[:most])
    told = _told(entries)
    broken = tuple(_broken(entries, told))
    return Proof(len(kept), wrong, len(entries), broken)


def _broken(entries: list[Entry], told: dict[str, str]) -> Iterator[str]:
    for entry in entries:
        assert entry.sheet is not None
        assert entry.result is not None
        is_whole = (
            frozen_digest(entry.sheet) == entry.frozen_digest == entry.result["frozen"]
            and digest_of(entry.result) == entry.result_digest
            and told.get(str(entry.uid)) == entry.result_digest
            and sums_up(entry.result)
        )
        if not is_whole:
            yield str(entry.uid)


def _told(entries: list[Entry]) -> dict[str, str]:
    """Return the digests the trail knows, by the entry's uid; its chain is checked by itself."""
    found: dict[str, str] = {}
    with area_scope(EVERYWHERE):
        for start in range(0, len(entries), _CHUNK):
            uids = [str(entry.uid) for entry in entries[start : start + _CHUNK]]
            rows = Event.objects.filter(
                verb="assessment.publish", target_kind="assessment", target_id__in=uids
            )
            told = rows.values_list("target_id", "new")
            found |= {uid: str(new["digest"]) for uid, new in told if new is not None}
    return found
