"""Writes of scores: live ones that follow the records, stored ones that never change."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NotAllowed, Refused
from circle15.accounts.states import Permission
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.assessments.collect import Collection, collect, collect_many, is_measured
from circle15.assessments.editions import Applicable, applicable, in_force, parsed, require_begun
from circle15.assessments.models import LiveScore, StoredEdition, StoredSheet
from circle15.assessments.states import Purpose, VetoStanding
from circle15.assessments.vetoes import veto_standing
from circle15.audit.actions import record
from circle15.ledger import actions as ledger
from circle15.ledger.models import Fact
from circle15.ledger.states import Source
from circle15.ledger.values import stored, value_of
from circle15.scoring import ScoreSheet, score, score_known, sheet_from_json, sheet_to_json
from circle15.scoring.tally import tally
from circle15.sites.models import Site
from circle15.sites.queries import site_by_code
from circle15.standards.facts import FactValue, label
from circle15.standards.model import Edition

CHUNK = 500
# What two cores score in about two seconds; the timer comes again after fifteen.
MOST_A_ROUND = 1000


class Incomplete(Refused):
    """Facts a sheet needs are not in the ledger; `names` lists them."""

    def __init__(self, names: Sequence[str]) -> None:
        labels = _("、").join(label(name).in_language(get_language() or "") for name in names)
        super().__init__(
            _("还有 %(count)s 项没有记录：%(labels)s。请先补齐台账，再存档评分。")
            % {"count": len(names), "labels": labels}
        )
        self.names = tuple(names)


class MeasuredFact(Refused):
    """A register speaks of this fact: a row typed in beside it would change nothing."""

    def __init__(self) -> None:
        super().__init__(
            _("这一项按登记自动得出，请到“设施与人员”修改登记；只有医保局现场查验可以另记。")
        )


class WrongBook(Refused):
    """The rule book does not judge this kind of site, or has no such veto."""


class NotYet(Refused):
    """The day has not come."""

    def __init__(self) -> None:
        super().__init__(_("日期不能晚于今天。"))


def values(collection: Collection) -> dict[str, FactValue]:
    """Return the bare values of collected facts, as scoring takes them."""
    return {name: fact.value for name, fact in collection.items()}


def live_sheet(facts: Mapping[str, FactValue], judged: Applicable) -> ScoreSheet:
    """Score what is known; what is not recorded yet is shown as such and pays nothing so far."""
    return score_known(judged.edition, facts, profile=judged.profile.id)


@transaction.atomic
def refresh(site_ids: Sequence[int], *, on: date, at: datetime) -> int:
    """Recompute the live scores of some sites under every edition in force; returns how many."""
    with area_scope(EVERYWHERE):
        editions = in_force(on)
        by_id = Site.objects.filter(id__in=site_ids).in_bulk()
        collected = collect_many(list(by_id), on=on)
        rows = [
            _live(by_id[site_id], judged, values(facts), on, at)
            for site_id, facts in collected.items()
            for judged in applicable(by_id[site_id].kind, editions)
        ]
        _drop_unjudged(by_id.values(), editions)
        LiveScore.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["site", "book"],
            update_fields=[
                "profile",
                "total",
                "max_total",
                "unit",
                "result",
                "unknown",
                "lost",
                "facts_version",
                "edition_digest",
                "computed_at",
                "scored_on",
            ],
        )
        return len(rows)


def _drop_unjudged(rescored: Iterable[Site], editions: tuple[Edition, ...]) -> None:
    """Forget scores under books that are no longer in force or judge another kind of site."""
    of_kind: dict[str, list[int]] = defaultdict(list)
    for site in rescored:
        of_kind[site.kind].append(site.id)
    for kind, ids in of_kind.items():
        books = [judged.edition.id for judged in applicable(kind, editions)]
        LiveScore.objects.filter(site__in=ids).exclude(book__in=books).delete()


def _live(
    site: Site, judged: Applicable, facts: Mapping[str, FactValue], on: date, at: datetime
) -> LiveScore:
    edition = judged.edition
    added = tally(edition, facts, profile=judged.profile.id)
    return LiveScore(
        site=site,
        book=edition.id,
        profile=judged.profile.id,
        total=added.total,
        max_total=added.max,
        unit=edition.unit,
        result=added.result,
        unknown=added.unknown,
        lost={clause: str(points) for clause, points in added.lost.items()},
        facts_version=site.facts_version,
        edition_digest=edition.hash,
        computed_at=at,
        scored_on=on,
    )


def _stale_ids(on: date, *, most: int | None = None) -> list[int]:
    """Return sites whose live scores are not of this version, this day and these editions."""
    editions = in_force(on)
    scores = LiveScore.objects.filter(site=OuterRef("pk"))
    stale = Q(Exists(scores.exclude(book__in=[edition.id for edition in editions])))
    for edition in editions:
        judged = Q(kind__in={kind for each in edition.profiles for kind in each.site_kinds})
        under = scores.filter(book=edition.id)
        fresh = under.filter(
            facts_version=OuterRef("facts_version"), scored_on=on, edition_digest=edition.hash
        )
        stale |= (judged & ~Exists(fresh)) | (~judged & Exists(under))
    rows = Site.objects.filter(stale).order_by("id")
    return list(rows.values_list("id", flat=True)[:most])


def refresh_stale(*, at: datetime) -> int:
    """Recompute every live score that no longer fits the records."""
    return _refresh_stale(at, most=None)


def refresh_some(*, at: datetime) -> int:
    """Recompute the next live scores that no longer fit the records; for the timer, some a round.

    After midnight every score is of yesterday: nothing else of the timer waits for all of them.
    """
    return _refresh_stale(at, most=MOST_A_ROUND)


# The loop goes on without a pause while there is more.
refresh_some.most_a_round = MOST_A_ROUND  # type: ignore[attr-defined]


def _refresh_stale(at: datetime, *, most: int | None) -> int:
    on = timezone.localdate(at)
    with area_scope(EVERYWHERE):
        stale = _stale_ids(on, most=most)
    for chunk in _chunks(stale):
        refresh(chunk, on=on, at=at)
    return len(stale)


def _chunks(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]


@transaction.atomic
def record_fact(  # noqa: PLR0913 -- what a fact consists of
    *,
    code: str,
    name: str,
    value: object,
    source: str,
    observed_on: date,
    by: Actor,
    at: datetime,
    note: str = "",
    evidence_ids: Sequence[int] = (),
    corrects_id: int | None = None,
) -> Fact:
    """Record a fact in the ledger and rescore the site at once.

    The other sites of the town follow with the timer when the fact is the town's.
    """
    if source != Source.ON_SITE:
        site = site_by_code(by, code)
        if is_measured(site, name, on=timezone.localdate(at)):
            raise MeasuredFact
    fact = ledger.record_fact(
        code=code,
        name=name,
        value=value,
        source=source,
        observed_on=observed_on,
        by=by,
        at=at,
        note=note,
        evidence_ids=evidence_ids,
        corrects_id=corrects_id,
    )
    refresh([site_by_code(by, code).id], on=timezone.localdate(at), at=at)
    return fact


@transaction.atomic
def store_sheet(  # noqa: PLR0913 -- what a sheet hangs on
    *,
    code: str,
    book: str,
    purpose: str,
    on: date,
    by: Actor,
    at: datetime,
    vetoes: Sequence[str] = (),
) -> StoredSheet:
    """Score a site on a day under the edition of that day and keep the sheet whole.

    A sheet equal to the one kept last for the same purpose and day is not kept twice. One with
    vetoes waits for a second officer (`judge_vetoes`).
    Raises Incomplete naming every fact that is missing: an unknown is never a zero; NotInForce if
    the book's first edition counts from a later day. From then on the edition is frozen.
    """
    if not by.can(Permission.STORE_SCORES):
        raise NotAllowed
    if on > timezone.localdate(at):
        raise NotYet
    site = site_by_code(by, code)
    kept = _edition_of(book, on)
    judged = _judged(kept, site, vetoes)
    facts = values(collect(site, on=on))
    known = live_sheet(facts, judged)
    if known.unknown_facts:
        raise Incomplete(known.unknown_facts)
    sheet = score(judged.edition, facts, profile=judged.profile.id, vetoes=tuple(vetoes))
    same = _kept_before(site, kept, sheet, purpose=purpose, on=on)
    if same is not None:
        return same
    return keep_scored(site, kept, sheet, facts, purpose=purpose, on=on, by=by, at=at)


def keep_scored(  # noqa: PLR0913 -- what a sheet hangs on
    site: Site,
    kept: StoredEdition,
    sheet: ScoreSheet,
    facts: Mapping[str, FactValue],
    *,
    purpose: str,
    on: date,
    by: Actor,
    at: datetime,
) -> StoredSheet:
    """Keep a sheet of these facts whole, in the caller's transaction, and freeze its edition."""
    row = _kept_sheet(site, kept, sheet, facts, purpose=purpose, on=on, by=by, at=at)
    if kept.first_scored_at is None:
        kept.first_scored_at = at
        kept.save(update_fields=["first_scored_at"])
    record(
        who=by.who,
        verb="sheet.store",
        target_kind="sheet",
        target_id=row.id,
        area_path=site.area_path,
        at=at,
        new={
            "site": site.code,
            "book": kept.book,
            "total": sheet.total,
            "result": sheet.result,
            "vetoes": list(sheet.vetoes),
            "edition": kept.digest,
        },
    )
    return row


def _edition_of(book: str, on: date) -> StoredEdition:
    """Return the edition of a day; none of its book can be published before the sheet is kept."""
    rows = StoredEdition.objects.select_for_update().filter(book=book).order_by("id").defer("text")
    begun = [
        (row.in_force_from, row)
        for row in rows
        if row.counts and row.in_force_from is not None and row.in_force_from <= on
    ]
    if not begun:
        require_begun(book, on)
        raise WrongBook(_("没有正在执行的“%s”版本。") % book)
    return max(begun, key=lambda each: each[0])[1]


def _judged(kept: StoredEdition, site: Site, vetoes: Sequence[str]) -> Applicable:
    edition = parsed(kept.text)
    profile = edition.profile_for(site.kind)
    if profile is None:
        raise WrongBook(
            _("“%(book)s”不评这类网点。")
            % {"book": edition.title.in_language(get_language() or "")}
        )
    unknown = set(vetoes) - {veto.id for veto in edition.vetoes}
    if unknown:
        raise WrongBook(_("没有这样的一票否决情形：%s。") % _("、").join(sorted(unknown)))
    return Applicable(edition=edition, profile=profile)


def _kept_before(
    site: Site, kept: StoredEdition, sheet: ScoreSheet, *, purpose: str, on: date
) -> StoredSheet | None:
    """Return the sheet kept last for a purpose and day if it says the same.

    The row of the edition is locked, so two who store at once come one after the other.
    """
    rows = StoredSheet.objects.filter(site=site, edition=kept, purpose=purpose, scored_on=on)
    last = rows.select_related("word").order_by("-id").first()
    if last is None or veto_standing(last) == VetoStanding.DECLINED:
        return None
    return last if last.sheet == sheet_to_json(sheet) else None


def _kept_sheet(  # noqa: PLR0913 -- one row of a table
    site: Site,
    kept: StoredEdition,
    sheet: ScoreSheet,
    facts: Mapping[str, FactValue],
    *,
    purpose: str,
    on: date,
    by: Actor,
    at: datetime,
) -> StoredSheet:
    used = {name for line in sheet.lines for name in line.facts}
    return StoredSheet.objects.create(
        site=site,
        edition=kept,
        edition_digest=sheet.edition_hash,
        purpose=Purpose(purpose),
        scored_on=on,
        facts={name: stored(value) for name, value in facts.items() if name in used},
        vetoes=list(sheet.vetoes),
        sheet=sheet_to_json(sheet),
        total=sheet.total,
        max_total=sheet.max,
        result=sheet.result,
        stored_at=at,
        stored_by=by.name,
        stored_by_id=by.user_id,
    )


def replay(kept: StoredSheet) -> bool:
    """Score a stored sheet again from its own facts and edition; true if it comes out the same.

    Every point, fact and result counts, and what lists show of it. Generated wording does not:
    it may be put better in a later version without any sheet being wrong.
    """
    edition = parsed(kept.edition.text)
    former = sheet_from_json(kept.sheet)
    facts = {name: value_of(raw) for name, raw in kept.facts.items()}
    try:
        again = score(
            edition,
            facts,
            vetoes=tuple(kept.vetoes),
            profile=former.profile,
            switches=former.switches,
            pass_mark=former.pass_mark,
        )
    except ValueError:  # a fact, veto, switch or profile is no longer there
        return False
    columns = (kept.edition_digest, kept.total, kept.max_total, kept.result)
    shown = (again.edition_hash, again.total, again.max, again.result)
    return columns == shown and _essence(again) == _essence(former)


def _essence(sheet: ScoreSheet) -> tuple[object, ...]:
    lines = [(each.rule_id, each.points, each.max, each.status, each.facts) for each in sheet.lines]
    clauses = [(each.clause_id, each.points, each.max) for each in sheet.clauses]
    whole = (sheet.edition, sheet.edition_hash, sheet.profile, sheet.total, sheet.max)
    return (*whole, sheet.result, sheet.vetoes, clauses, sheet.indicators, sheet.sections, lines)
