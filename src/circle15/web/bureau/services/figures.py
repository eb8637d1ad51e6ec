"""What cases and services of an area came to: each figure with its definition."""

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from circle15.accounts.states import Permission
from circle15.cases.measuring.figures import DEFINITIONS, Figures
from circle15.cases.measuring.kept import SHOWN_DAYS, figures_of_area
from circle15.cases.states import Channel
from circle15.items.queries import NoCatalogue, catalogue_on
from circle15.standards.services import service_forms, topics
from circle15.web.bureau.services.entry_forms import PeriodForm
from circle15.web.shared.access import StaffRequest, reads, requires
from circle15.web.shared.item_words import said
from circle15.web.shared.templatetags.cases_figures import share

LONGEST = timedelta(days=366)


@reads
@requires(Permission.VIEW_CASES)
def case_figures(request: StaffRequest) -> HttpResponse:
    """Show the figures of some days, thirty unless others are asked for."""
    yesterday = timezone.localdate() - timedelta(days=1)
    form = PeriodForm(request.GET)
    until = form.day("until") or yesterday
    since = form.day("since") or until - timedelta(days=SHOWN_DAYS - 1)
    since = min(max(since, until - LONGEST), until)
    found = figures_of_area(request.actor, since=since, until=until)
    total = found.total
    context = {
        "form": PeriodForm(initial={"since": since, "until": until}),
        "since": since,
        "until": until,
        "total": total,
        "figures": _figures(total),
        "lists": _lists(total),
        "sites": found.sites,
        "definitions": list(DEFINITIONS.values()),
        "synthetic": any(one.is_synthetic for one in found.sites),
    }
    return render(request, "bureau/services/figures.html", context)


def _figures(total: Figures) -> list[tuple[str, str, str]]:
    """Return the large figures: name, value, what it rests on."""
    return [
        (_("按时办结率"), share(total.on_time_share), _pieces(total.judged)),
        (
            _("即办件平均（分钟）"),
            _number(total.instant_minutes),
            _pieces(total.instant),
        ),
        (
            _("承诺件平均（天）"),
            _number(total.promised_days),
            _pieces(total.promised),
        ),
        (_("代办超时"), str(total.proxies_late), _("共代办 %(n)s 件") % {"n": total.proxies}),
        (
            _("再次告知"),
            str(total.second_notices),
            _("共告知 %(n)s 份") % {"n": total.notices},
        ),
        (
            _("容缺按时补齐"),
            share(total.promises_share),
            _("%(n)s 件到期") % {"n": total.promises_kept + total.promises_broken},
        ),
        (_("一件事联办"), str(total.joint), _("共收 %(n)s 件") % {"n": total.joint_cases}),
        (
            _("上门服务"),
            str(total.visits),
            _("其中老年人 %(n)s 次") % {"n": total.visits_to_elders},
        ),
        (
            _("高频事项办过"),
            f"{len(total.frequent)}/{_thirteen()}",
            _pieces(total.frequent.total()),
        ),
    ]


def _pieces(n: int) -> str:
    return ngettext("%(n)s 件", "%(n)s 件", n) % {"n": n}


def _thirteen() -> int:
    try:
        return len(catalogue_on(timezone.localdate()).high_frequency())
    except NoCatalogue:
        return 0


def _lists(total: Figures) -> list[tuple[str, list[tuple[str, int]]]]:
    return [
        (_("受理渠道"), [(str(one.label), n) for one in Channel if (n := total.channels[one])]),
        (_("咨询主题"), [(said(one.name), total.topics[key]) for key, one in topics().items()]),
        (
            _("服务人次"),
            [(said(one.name), total.helped[key]) for key, one in service_forms().items()],
        ),
    ]


def _number(value: float | None) -> str:
    return "—" if value is None else f"{value:.1f}"
