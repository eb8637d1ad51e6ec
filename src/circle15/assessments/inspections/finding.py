"""What was found: claims of the ledger that the site does not bear out, and cases of a veto.

A difference becomes a finding where the line pays less by what was seen than by what the ledger
said: that is what could have won points by deception. It is never more than a question until an
officer has answered it, and a confirmed one is a suggestion to whoever stores the sheet.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotAllowed, NotFound
from circle15.accounts.states import Permission
from circle15.areas import scope
from circle15.assessments.editions import parsed
from circle15.assessments.inspection_models import (
    WORDS_LENGTH,
    Finding,
    Inspection,
    InspectionLine,
    InspectionSubmission,
)
from circle15.assessments.inspection_states import (
    FINDING_TRANSITIONS,
    FindingKind,
    FindingState,
)
from circle15.assessments.inspections.life import said
from circle15.assessments.inspections.refusals import WrongStep
from circle15.audit.actions import record
from circle15.ledger.values import value_of
from circle15.scoring import score_known
from circle15.standards.facts import FactValue
from circle15.standards.model import Edition

# 弄虚作假通过验收, in the one book that has vetoes.
DECEPTION = "V3"


def find_vetoes(
    check: Inspection, submissions: Iterable[InspectionSubmission], *, at: datetime
) -> None:
    """Keep every case of a veto an inspector thinks to have seen."""
    told: dict[str, list[str]] = {}
    for kept in submissions:
        for seen in kept.vetoes:
            told.setdefault(seen["id"], []).append(seen["remark"])
    for veto, remarks in told.items():
        words = "；".join(dict.fromkeys(remarks))[:WORDS_LENGTH]
        _find(check, FindingKind.VETO, at=at, veto=veto, remark=words)


# Clauses: J-104
def find_contradictions(
    check: Inspection,
    rows: Iterable[InspectionLine],
    submissions: Iterable[InspectionSubmission],
    *,
    at: datetime,
) -> None:
    """Compare lines that stand with what the ledger said when the check was downloaded."""
    edition = parsed(check.edition.text)
    by_place = {kept.seat.place: kept for kept in submissions}
    claimed = _claimed(by_place)
    for row in rows:
        differing = _differences(row.facts, claimed)
        lost = _lost(edition, check.profile, row, claimed) if differing else Decimal()
        if lost > 0:
            kept = by_place[row.place or min(by_place)]
            _find(
                check,
                FindingKind.CONTRADICTION,
                at=at,
                rule_id=row.rule_id,
                veto=DECEPTION if _has_veto(edition) else "",
                differences=differing,
                points=lost,
                remark=kept.answers[row.rule_id]["remark"][:WORDS_LENGTH],
            )


def _claimed(by_place: Mapping[int, InspectionSubmission]) -> Mapping[str, Mapping[str, Any]]:
    """Return the ledger as the first of the inspectors took it along."""
    taken = [kept.seat for kept in by_place.values() if kept.seat.taken_at is not None]
    first = min(taken, key=lambda seat: (seat.taken_at, seat.place), default=None)
    return first.ledger or {} if first is not None else {}


def _differences(
    seen: Mapping[str, Any], claimed: Mapping[str, Mapping[str, Any]]
) -> list[dict[str, Any]]:
    return [
        {
            "fact": name,
            "ledger": claimed[name]["value"],
            "observed_on": claimed[name]["observed_on"],
            "origin": claimed[name]["origin"],
            "seen": raw,
        }
        for name, raw in seen.items()
        if name in claimed and not _same(value_of(raw), value_of(claimed[name]["value"]))
    ]


def _same(seen: FactValue, claimed: FactValue) -> bool:
    """Tell whether two values agree; a piece that is there agrees with any number of them."""
    if isinstance(seen, bool) or isinstance(claimed, bool):
        return bool(seen) == bool(claimed)
    return seen == claimed


def _lost(
    edition: Edition,
    profile: str,
    row: InspectionLine,
    claimed: Mapping[str, Mapping[str, Any]],
) -> Decimal:
    """Return what the line pays by the ledger more than by what was seen."""
    before = {name: value_of(each["value"]) for name, each in claimed.items()}
    after = before | {name: value_of(raw) for name, raw in row.facts.items()}
    paid = [
        next(
            line.points
            for line in score_known(edition, facts, profile=profile).lines
            if line.rule_id == row.rule_id
        )
        for facts in (before, after)
    ]
    return paid[0] - paid[1]


def _has_veto(edition: Edition) -> bool:
    return any(veto.id == DECEPTION for veto in edition.vetoes)


def _find(check: Inspection, kind: FindingKind, *, at: datetime, **parts: Any) -> None:
    Finding.objects.create(
        inspection=check,
        site=check.site,
        area_path=check.area_path,
        kind=kind,
        found_at=at,
        **parts,
    )


@transaction.atomic
def judge(*, uid: UUID, state: str, why: str, by: Actor, at: datetime) -> Finding:
    """Say that a finding is explained, or confirmed; said once, with the reason.

    A confirmed one suggests its veto to whoever stores the sheet; a veto itself takes two officers.
    Raises NotFound, NotAllowed (to who did the check), NeedsReason, WrongStep.
    """
    demand(by, Permission.PLAN_INSPECTIONS)
    rows = scope.within(Finding.objects.select_for_update(of=("self",)), by.area_path)
    found = rows.select_related("inspection__site").filter(uid=uid).first()
    if found is None:
        raise NotFound
    if found.inspection.seats.filter(user_id=by.user_id or 0).exists():
        raise NotAllowed
    old = FindingState(found.state)
    if state not in FINDING_TRANSITIONS[old]:
        raise WrongStep
    found.state, found.why = FindingState(state), said(why)
    found.said_at, found.said_by, found.said_by_id = at, by.name, by.user_id
    found.save(update_fields=["state", "why", "said_at", "said_by", "said_by_id"])
    record(
        who=by.who,
        verb=f"finding.{found.state}",
        target_kind="finding",
        target_id=str(found.uid),
        area_path=found.area_path,
        at=at,
        old={"state": old},
        new={"check": found.inspection.number, "rule": found.rule_id, "why": found.why},
    )
    return found
