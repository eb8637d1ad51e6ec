"""Special projects: which construction belongs to one, its progress, the report as a file."""

from http import HTTPStatus
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from circle15.accounts.states import Permission
from circle15.programme.construction.queries import Found, projects
from circle15.programme.construction_states import ProjectState
from circle15.programme.rounds.documents import writers
from circle15.programme.special.marking import SPECIAL_LENGTH, mark_special
from circle15.programme.special.report import special_progress, special_report, specials
from circle15.web.bureau.programme.rounds import handed
from circle15.web.bureau.services.entry_forms import CHOOSE, choose
from circle15.web.bureau.targets.words import row_of
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.once import once


class SpecialForm(forms.Form):
    """Which project belongs to which special project."""

    project = forms.ChoiceField(label=gettext_lazy("建设项目"), error_messages=CHOOSE)
    special = forms.CharField(
        label=gettext_lazy("专项名称"),
        max_length=SPECIAL_LENGTH,
        required=False,
        help_text=gettext_lazy("例如“2022年民生实事”；留空就移出专项。"),
    )


@reads
@requires(Permission.VIEW_PROGRAMME)
def page(request: StaffRequest) -> HttpResponse:
    """Show the progress of a special project, or of all construction."""
    return _page(request)


@writes
@requires(Permission.RUN_PROGRAMME)
@once
def mark(request: StaffRequest) -> HttpResponse:
    """Put a project under a special project, or take it out."""
    form = _form(request, request.POST)
    if not form.is_valid():
        return _page(request, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    given = form.cleaned_data
    uid = UUID(given["project"])
    row = mark_special(uid=uid, special=given["special"], by=request.actor, at=timezone.now())
    messages.success(request, _("已保存。"))
    return HttpResponseRedirect(f"{reverse('special')}?{urlencode({'of': row.special})}")


@reads
@requires(Permission.RUN_PROGRAMME)
def file(request: StaffRequest, media: str) -> HttpResponse:
    """Hand out the report of today as Word or PDF."""
    if media not in writers():
        raise Http404
    today = timezone.localdate()
    official = special_report(request.actor, request.GET.get("of", ""), on=today)
    name = f"circle15-special-{today:%Y%m%d}.{media}"
    return handed(writers()[media](official), media, name)


def _form(request: StaffRequest, data: object = None) -> SpecialForm:
    form = SpecialForm(data, auto_id="special_%s")  # type: ignore[arg-type]  # what a POST holds
    rows = projects(request.actor, Found("all"), on=timezone.localdate())
    both = _("%(site)s（%(special)s）")
    names = [
        (
            str(one.uid),
            both % {"site": one.site.name, "special": one.special}
            if one.special
            else one.site.name,
        )
        for one in rows
    ]
    choose(form.fields["project"], names)
    return form


def _page(
    request: StaffRequest, *, form: SpecialForm | None = None, status: int = HTTPStatus.OK
) -> HttpResponse:
    by, of = request.actor, request.GET.get("of", "")
    found = special_progress(by, of, on=timezone.localdate())
    runs = by.can(Permission.RUN_PROGRAMME)
    context = {
        "found": found,
        "of": of,
        "specials": specials(by),
        "query": urlencode({"of": of}),
        "states": [(state.label, found.counts.get(state, 0)) for state in ProjectState],
        "late": found.counts.get("late", 0),
        "projects": [
            {"view": each, "state": ProjectState(each.project.state).label}
            for each in found.projects
        ],
        "targets": [row_of(each) for each in found.targets],
        "form": (form or _form(request)) if runs and (form or found.projects) else None,
        "reports": runs,
        "refused": form,
        "synthetic": found.is_synthetic,
    }
    return render(request, "bureau/programme/special.html", context, status=status)
