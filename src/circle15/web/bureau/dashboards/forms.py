"""What a dashboard is narrowed to: all of it stands in the address, wrong values narrow nothing."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from circle15.accounts.states import Permission
from circle15.assessments.dashboards.sums import Span
from circle15.sites.states import SiteKind
from circle15.web.bureau.services.entry_forms import PeriodForm, choose
from circle15.web.shared.access import StaffRequest

SHOWN_DAYS = 30
LONGEST = timedelta(days=366)
ALL = ("", _("全部"))
STEPS = (("day", _("按日")), ("week", _("按周")), ("month", _("按月")))
MEASURES = {
    "good": (_("好评率"), Permission.VIEW_RATINGS),
    "on_time": (_("按时办结率"), Permission.VIEW_CASES),
    "score": (_("平均得分率"), Permission.VIEW_SCORES),
}
# Up to so many days are shown by the day, and so many by the week.
_BY_DAY, _BY_WEEK = 45, 200


class DashboardForm(PeriodForm):
    """Days, kind of sites, how the trend is cut, by what the parts are ranked; the area beside."""

    kind = forms.ChoiceField(label=_("网点类型"), required=False, choices=[ALL, *SiteKind.choices])
    step = forms.ChoiceField(label=_("走势"), required=False, choices=[("", _("自动")), *STEPS])
    by = forms.ChoiceField(label=_("排名"), required=False)
    area = forms.CharField(required=False, max_length=120, widget=forms.HiddenInput)
    field_order = ("since", "until", "kind", "step", "by", "area")

    def __init__(self, *args: Any, measures: Iterable[str], **more: Any) -> None:
        super().__init__(*args, **more)
        self.measures = tuple(measures)
        choose(self.fields["by"], [(key, MEASURES[key][0]) for key in self.measures])

    def span(self, area: str, *, on: date) -> Span:
        """Return the finished days asked for, the last thirty by default."""
        yesterday = on - timedelta(days=1)
        until = min(self.day("until") or yesterday, yesterday)
        since = self.day("since") or until - timedelta(days=SHOWN_DAYS - 1)
        since = min(max(since, until - LONGEST), until)
        return Span(area, since, until, self.chosen("kind"))

    def cut(self, span: Span) -> str:
        """Return by what the trend goes."""
        if chosen := self.chosen("step"):
            return chosen
        if span.days <= _BY_DAY:
            return "day"
        return "week" if span.days <= _BY_WEEK else "month"

    @property
    def measure(self) -> str:
        return self.chosen("by") or self.measures[0]


def asked(request: StaffRequest) -> tuple[DashboardForm, Span]:
    """Return the form as the page shows it, and what it asks for; ranks by what may be seen."""
    measures = [key for key, (_name, may) in MEASURES.items() if request.actor.can(may)]
    form = DashboardForm(request.GET, measures=measures)
    area = form.chosen("area") or request.actor.area_path
    span = form.span(area, on=timezone.localdate())
    shown = {
        "since": span.since,
        "until": span.until,
        "kind": span.kind,
        "step": form.chosen("step"),
        "by": form.measure,
        "area": area,
    }
    return DashboardForm(shown, measures=measures), span
