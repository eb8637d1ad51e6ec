"""Publishing: what it would change, from which day, and the act itself."""

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.states import Permission
from circle15.assessments import publishing
from circle15.assessments.beginnings import WrongFirstDay, proposed_day
from circle15.assessments.effects import effect
from circle15.assessments.queries import edition_by_id, stored_editions
from circle15.assessments.states import EditionState
from circle15.web.bureau.editions.forms import PublishForm
from circle15.web.bureau.editions.pages import head
from circle15.web.shared.access import StaffRequest, reads, requires, writes

if TYPE_CHECKING:
    from circle15.assessments.models import StoredEdition


@reads
@requires(Permission.PUBLISH_EDITIONS)
def effect_page(request: StaffRequest, edition_id: int) -> HttpResponse:
    """Show how the scores of the actor's sites would change, computed now, and the form."""
    stored = edition_by_id(edition_id)
    versions = stored_editions().filter(book=stored.book).defer("text")
    proposed = proposed_day(stored, versions, today=timezone.localdate())
    return _effect(request, stored, PublishForm(initial={"in_force_from": proposed}))


def _effect(
    request: StaffRequest, stored: "StoredEdition", form: PublishForm, *, status: int = 200
) -> HttpResponse:
    on = timezone.localdate()
    context = {
        **head(request, stored, "effect"),
        "effect": effect(stored=stored, actor=request.actor, on=on),
        "on": on,
        "form": form,
    }
    return render(request, "bureau/editions/effect.html", context, status=status)


@writes
@requires(Permission.PUBLISH_EDITIONS)
def publish(request: StaffRequest, edition_id: int) -> HttpResponse:
    """Put an edition in force from the given day."""
    form = PublishForm(request.POST)
    if not form.is_valid():
        return _unusable(request, edition_id, form)
    at = timezone.now()
    since = form.cleaned_data["in_force_from"]
    try:
        stored = publishing.move(
            edition_id=edition_id,
            state=EditionState.PUBLISHED,
            by=request.actor,
            at=at,
            in_force_from=since,
        )
    except WrongFirstDay as refusal:
        form.add_error("in_force_from", str(refusal))
        return _unusable(request, edition_id, form)
    if since > timezone.localdate(at):
        words = _("已发布，自 %s 起施行；在此之前仍按原版本评分。")
    else:
        words = _("已发布，自 %s 起施行。各网点得分约 15 秒内按新版本更新。")
    messages.success(request, words % since)
    return redirect("edition", edition_id=stored.id)


def _unusable(request: StaffRequest, edition_id: int, form: PublishForm) -> HttpResponse:
    stored = edition_by_id(edition_id)
    return _effect(request, stored, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
