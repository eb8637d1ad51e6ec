"""What may be a case of a veto at a site, from wherever it was found: for the two who judge it."""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.assessments.inspections.queries import suggested_vetoes
from circle15.programme.activities import incidents
from circle15.programme.funds.queries import forwarded_for
from circle15.sites.models import Site
from circle15.standards.funds import fund_rules


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something found that a veto names; `number` says where it stands."""

    veto: str
    number: str
    why: str


# Clauses: J-102, J-103, J-106
def veto_candidates(site: Site, *, since: date) -> tuple[Candidate, ...]:
    """Return what checks found, what was odd about money, and grave incidents, for officers.

    The caller has shown that the site may be seen.
    """
    found = [
        Candidate(each.veto, each.inspection.number, each.why)
        for each in suggested_vetoes(site.pk, since=since)
    ]
    money = forwarded_for(site.code, since=since)
    begin = datetime.combine(since, time(), timezone.get_current_timezone())
    return (
        *found,
        *(Candidate(each.veto, _kind(each.kind), each.reason) for each in money),
        *(_incident(each) for each in incidents.veto_candidates([site.pk], since=begin)),
    )


def _incident(found: incidents.VetoCandidate) -> Candidate:
    told = found.incident
    day = timezone.localtime(told.happened_at).strftime("%Y-%m-%d")
    return Candidate(found.veto, _("突发事件 %(day)s（上报）") % {"day": day}, told.words)


def _kind(key: str) -> str:
    return _("资金疑点 %(kind)s") % {"kind": fund_rules().anomalies[key].name.zh}
