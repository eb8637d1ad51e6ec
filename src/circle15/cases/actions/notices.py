"""The one-time notice (一次性告知): everything that is missing, in writing, once."""

from datetime import datetime
from uuid import UUID

from circle15.accounts.actors import Actor
from circle15.cases import seeing
from circle15.cases.actions import papers
from circle15.cases.actions.life import advance, locked, move_of, name_of, reason_of, user_of
from circle15.cases.catalogue import papers as papers_of
from circle15.cases.lines import CaseLine, NoticeLine, line_of, notice_line
from circle15.cases.models import Case, CaseMaterial, Notice
from circle15.cases.refusals import AlreadyNotified, MoreMissing, NothingMissing
from circle15.cases.states import MaterialState, Party, Step


# Clauses: D-58, N-02
def issue_notice(*, case_uid: UUID, by: Actor, at: datetime, reason: str = "") -> NoticeLine:
    """Give the person everything that is missing as a numbered document.

    Once per case. A second one needs a supervisor and a reason, and counts as a finding. Raises
    NotFound, NotYours, WrongState, NothingMissing, AlreadyNotified, NeedsReason.
    """
    with locked(case_uid, by) as case:
        seq = Notice.objects.filter(case=case).count() + 1
        step = Step.NOTIFY if seq == 1 else Step.NOTIFY_AGAIN
        if seq > 1 and Party.SUPERVISOR not in seeing.parties_of(by, case):
            raise AlreadyNotified
        move_of(case, step, by)
        lacking = papers.missing(case)
        if not lacking:
            raise NothingMissing
        why = "" if seq == 1 else reason_of(reason)
        notice = Notice.objects.create(
            case=case,
            seq=seq,
            number=f"{case.number}-N{seq}",
            lines=_lines(case, lacking),
            issued_at=at,
            issued_by=name_of(by),
            supervisor_id=user_of(by) if seq > 1 else None,
            reason=why,
            is_finding=seq > 1,
        )
        keys = [row.key for row in lacking]
        advance(case, step, by=by, at=at, note=why, notice=notice.number, missing=keys)
        return notice_line(notice)


def send_back(*, case_uid: UUID, by: Actor, at: datetime) -> CaseLine:
    """Send a case back for papers the notice named already; nothing new may be asked for.

    Raises NotFound, NotYours, WrongState, NothingMissing, MoreMissing.
    """
    with locked(case_uid, by) as case:
        move_of(case, Step.RETURN, by)
        lacking = papers.missing(case)
        if not lacking:
            raise NothingMissing
        named = {
            line["key"]
            for lines in Notice.objects.filter(case=case).values_list("lines", flat=True)
            for line in lines
        }
        new = [row for row in lacking if row.key not in named]
        if new:
            raise MoreMissing(papers.names_of(case, new))
        advance(case, Step.RETURN, by=by, at=at, missing=[row.key for row in lacking])
        return line_of(case)


def _lines(case: Case, lacking: list[CaseMaterial]) -> list[dict[str, str]]:
    known = papers_of(case)
    return [
        {
            "key": row.key,
            "zh": known[row.key].name.zh,
            "en": known[row.key].name.en,
            "why": row.note if row.state == MaterialState.REJECTED else "",
        }
        for row in lacking
    ]
