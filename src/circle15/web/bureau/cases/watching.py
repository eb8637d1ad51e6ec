"""What a supervisor looks at first: warnings, what is overdue, notices issued twice."""

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.states import Permission
from circle15.cases.supervising import counts, second_notices
from circle15.cases.work import WorkFilter, WorkKind, work_list
from circle15.web.bureau.cases.calls import calls_waiting
from circle15.web.bureau.cases.lists import BY_KIND
from circle15.web.bureau.cases.shown import row_of
from circle15.web.shared.access import StaffRequest, reads, requires

SHOWN = 8
LOOKED_BACK = timedelta(days=90)
FIGURES = (
    (WorkKind.OVERDUE, "bad"),
    (WorkKind.DUE_SOON, "warn"),
    (WorkKind.TO_TAKE_IN, ""),
    (WorkKind.QUEUE, ""),
    (WorkKind.REVIEW, ""),
    (WorkKind.HAND_OUT, ""),
)
PARTS = (WorkKind.OVERDUE, WorkKind.DUE_SOON, WorkKind.TO_SEND_UP)


@reads
@requires(Permission.SUPERVISE_CASES)
def watch(request: StaffRequest) -> HttpResponse:
    """Show what runs late, and what was told twice."""
    at = timezone.now()
    on = timezone.localdate(at)
    found_counts = counts(by=request.actor, kinds=tuple(kind for kind, _tone in FIGURES), on=on)
    parts, is_synthetic = [], False
    for kind in PARTS:
        found = work_list(by=request.actor, what=WorkFilter(kind=kind), size=SHOWN, on=on)
        shown = BY_KIND[kind]
        is_synthetic |= any(line.is_synthetic for line in found.lines)
        parts.append(
            {
                "title": shown.name,
                "none": shown.none,
                "rows": [row_of(line, on=on) for line in found.lines],
                "url": _list(kind) if found.after else "",
            }
        )
    seconds = [
        {
            "url": reverse("case", args=[each.case_uid]),
            "number": each.number,
            "issued_at": each.issued_at,
            "issued_by": each.issued_by,
            "reason": each.reason,
        }
        for each in second_notices(by=request.actor, since=at - LOOKED_BACK)
    ]
    context = {
        "figures": [
            {
                "label": BY_KIND[kind].name,
                "figure": found_counts[kind],
                "url": _list(kind),
                "tone": tone if found_counts[kind] else "",
            }
            for kind, tone in FIGURES
        ]
        + [
            {
                "label": _("待电话告知"),
                "figure": (waiting := calls_waiting(request.actor)),
                "url": reverse("case_calls"),
                "tone": "warn" if waiting else "",
            }
        ],
        "parts": parts,
        "seconds": seconds,
        "synthetic": is_synthetic,
    }
    return render(request, "bureau/cases/watch.html", context)


def _list(kind: WorkKind) -> str:
    return f"{reverse('cases')}?list={kind}"
