"""Papers: drawn from the bank by a stored seed, answered once, compared before and after."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from django.db import transaction

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Permission
from circle15.accounts.steps import name_of, tell
from circle15.areas.scope import EVERYWHERE, area_scope, paths_to
from circle15.programme.training.refusals import (
    AlreadyAnswered,
    BegunElsewhere,
    NoQuiz,
    NotInvited,
)
from circle15.programme.training.signing import is_open
from circle15.programme.training.staff import site_at
from circle15.programme.training_models import Question, QuizPaper, TrainingSession, new_secret
from circle15.programme.training_states import Phase, SessionKind, SessionState
from circle15.standards.training import ContestAward, training_rules

_SEED_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean share of right answers of a phase, with how many papers it is of."""

    phase: Phase
    n: int
    right: int
    asked: int

    @property
    def percent(self) -> Decimal | None:
        if not self.asked:
            return None
        return (Decimal(100 * self.right) / self.asked).quantize(Decimal("0.1"))


@dataclass(frozen=True, slots=True)
class Placed:
    """A paper of a contest with its rank; equal points share one, and the next is left out."""

    rank: int
    paper: QuizPaper
    award: ContestAward | None


@dataclass(frozen=True, slots=True)
class Compared:
    """A person's papers before and after."""

    name: str
    site_name: str
    before: QuizPaper | None
    after: QuizPaper | None


def drawn(seed: int, ids: Iterable[int], draws: int) -> list[int]:
    """Draw questions by a seed: the same bank and seed always give the same paper."""
    return Random(seed).sample(sorted(ids), draws)  # noqa: S311 -- repeatable on purpose


def phase_now(session: TrainingSession, *, at: datetime) -> Phase | None:
    """Return which paper may be written now.

    A contest lasts as long as its session. Of a training the first is written until one comes too
    late, the second once half of it is over.
    """
    if not session.pool or session.state == SessionState.CANCELLED:
        return None
    if session.kind == SessionKind.CONTEST:
        is_on = session.state == SessionState.PLANNED and session.starts_at <= at <= session.ends_at
        return Phase.CONTEST if is_on else None
    late = timedelta(minutes=training_rules().late_after_min)
    if at <= session.starts_at + late:
        return Phase.BEFORE if is_open(session, at=at) else None
    half = session.starts_at + (session.ends_at - session.starts_at) / 2
    return Phase.AFTER if at >= half else None


@transaction.atomic
def begin(*, uid: UUID, by: Actor, at: datetime) -> QuizPaper:
    """Return the actor's paper of the present phase, drawn when first asked for.

    Raises NotFound, NotInvited, NoQuiz, BegunElsewhere.
    """
    demand(by, Permission.VIEW_TRAINING)
    session = TrainingSession.objects.filter(uid=uid).first()
    if session is None:
        raise NotFound
    site = site_at(by.area_path)
    if by.user_id is None or site is None or not by.area_path.startswith(session.area_path):
        raise NotInvited
    phase = phase_now(session, at=at)
    if phase is None:
        raise NoQuiz
    # Who also stands for somebody elsewhere has written it there, unseen from here.
    with area_scope(EVERYWHERE):
        rows = QuizPaper.objects.filter(session=session, phase=phase, user_id=by.user_id)
        paper = rows.first()
    if paper is not None and paper.area_path != by.area_path:
        raise BegunElsewhere
    if paper is not None:
        return paper
    bank = Question.objects.filter(
        pool=session.pool, area_path__in=paths_to(session.area_path), retired_at__isnull=True
    )
    ids = list(bank.values_list("pk", flat=True))
    seed = int(new_secret()[:_SEED_DIGITS], 16)
    asked = drawn(seed, ids, min(session.draws, len(ids)))
    paper, _is_new = QuizPaper.objects.get_or_create(
        session=session,
        phase=phase,
        user_id=by.user_id,
        defaults={
            "area_path": by.area_path,
            "name": name_of(by),
            "site_name": site.name[:80],
            "seed": seed,
            "question_ids": asked,
            "total": len(asked),
            "begun_at": at,
            "is_synthetic": session.is_synthetic,
        },
    )
    tell("training_paper.begin", paper.pk, paper.area_path, by=by, at=at, phase=phase.value)
    return paper


def asked_in(paper: QuizPaper) -> list[Question]:
    """Return the questions of a paper in the order they were drawn."""
    found = Question.objects.in_bulk(paper.question_ids)
    return [found[each] for each in paper.question_ids]


def is_open_paper(paper: QuizPaper, session: TrainingSession, *, at: datetime) -> bool:
    """Tell whether a paper may be handed in.

    One of before the training that was begun in time waits until the second half begins.
    """
    phase = phase_now(session, at=at)
    if paper.handed_at is not None or session.state == SessionState.CANCELLED:
        return False
    return paper.phase == phase or (paper.phase == Phase.BEFORE and phase is None)


@transaction.atomic
def hand_in(
    *,
    uid: UUID,
    answers: Mapping[int, Sequence[int]],
    by: Actor,
    at: datetime,
    phase: str = "",
) -> QuizPaper:
    """Hand in the actor's open paper; a question counts when exactly the right options are chosen.

    `phase`: of the paper that was answered, "" for the present one. Raises what `begin` raises,
    AlreadyAnswered.
    """
    paper = _begun(uid, phase, by) if phase else begin(uid=uid, by=by, at=at)
    paper = QuizPaper.objects.select_for_update(of=("self",)).get(pk=paper.pk)
    if paper.handed_at is not None:
        raise AlreadyAnswered
    if not is_open_paper(paper, paper.session, at=at):
        raise NoQuiz
    given = {one.pk: sorted(set(answers.get(one.pk, ()))) for one in asked_in(paper)}
    paper.answers = {str(key): chosen for key, chosen in given.items()}
    paper.right = sum(given[one.pk] == one.right for one in asked_in(paper))
    paper.handed_at = at
    paper.save(update_fields=["answers", "right", "handed_at"])
    tell(
        "training_paper.hand_in",
        paper.pk,
        paper.area_path,
        by=by,
        at=at,
        right=paper.right,
        total=paper.total,
    )
    return paper


def _begun(uid: UUID, phase: str, by: Actor) -> QuizPaper:
    demand(by, Permission.VIEW_TRAINING)
    rows = QuizPaper.objects.filter(session__uid=uid, user_id=by.user_id or 0, phase=phase)
    paper = rows.first()
    if paper is None:
        raise NoQuiz
    return paper


def papers_of(session: TrainingSession) -> list[QuizPaper]:
    """Return the handed-in papers the scope shows, by person."""
    rows = session.papers.filter(handed_at__isnull=False)
    return list(rows.order_by("user_id", "phase", "id"))


def means(papers: Sequence[QuizPaper]) -> list[Mean]:
    """Return the mean of each phase that was written."""
    found = []
    for phase in Phase:
        of = [one for one in papers if one.phase == phase]
        if of:
            right = sum(one.right or 0 for one in of)
            found.append(Mean(phase, len(of), right, sum(one.total for one in of)))
    return found


# Clauses: J-126, J-37
def compared(papers: Sequence[QuizPaper]) -> list[Compared]:
    """Put each person's papers before and after side by side, in the order of names."""
    people = {one.user_id: one for one in papers if one.phase != Phase.CONTEST}
    by_phase = {(one.user_id, one.phase): one for one in papers}
    return [
        Compared(
            name=one.name,
            site_name=one.site_name,
            before=by_phase.get((user_id, Phase.BEFORE)),
            after=by_phase.get((user_id, Phase.AFTER)),
        )
        for user_id, one in sorted(people.items(), key=lambda each: (each[1].name, each[0]))
    ]


# Clauses: W-94
def ranking(papers: Sequence[QuizPaper]) -> list[Placed]:
    """Rank the papers of a contest by right answers: 1, 2, 2, 4; each rank has its award."""
    written = [one for one in papers if one.phase == Phase.CONTEST and one.right is not None]
    written.sort(key=lambda one: (-(one.right or 0), one.site_name, one.name, one.pk))
    found = []
    for one in written:
        rank = 1 + sum((other.right or 0) > (one.right or 0) for other in written)
        award = training_rules().award_of(rank) if one.right else None
        found.append(Placed(rank, one, award))
    return found


def places_in(session: TrainingSession, seen: Sequence[QuizPaper]) -> list[Placed]:
    """Return the places some papers of a contest took among all, also those nobody here sees."""
    with area_scope(EVERYWHERE):
        every = papers_of(session)
    own = {one.pk for one in seen}
    return [one for one in ranking(every) if one.paper.pk in own]
