"""An application as its pages see it: the case, its item, the form, the way that is left."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from circle15.cases import queries
from circle15.cases.lines import CaseLine, CaseView, FileLine
from circle15.cases.states import CaseState
from circle15.standards.catalogue import CatalogueItem
from circle15.standards.item_forms import FormField
from circle15.web.public.apply.way import TaskKind, Way, way_of
from circle15.web.shared.insured import InsuredRequest

PAGES = {
    TaskKind.QUESTION: "apply_question",
    TaskKind.FORM: "apply_form",
    TaskKind.PAPER: "apply_paper",
}


@dataclass(frozen=True, slots=True)
class Application:
    """A draft of somebody signed in, or what came of it."""

    view: CaseView
    item: CatalogueItem
    form: Mapping[str, str]
    way: Way

    @property
    def line(self) -> CaseLine:
        return self.view.line

    @property
    def uid(self) -> UUID:
        return self.view.line.uid

    @property
    def is_draft(self) -> bool:
        return self.view.line.state == CaseState.DRAFT

    def state_of(self, key: str) -> str:
        """Return how a paper stands; "" for one that is not asked for."""
        return next((str(each.state) for each in self.view.materials if each.key == key), "")

    def files_of(self, key: str) -> tuple[FileLine, ...]:
        """Return the pages kept of a paper, in order."""
        return tuple(each for each in self.view.files if each.material_key == key)

    @property
    def filled_by_photo(self) -> tuple[tuple[str, FormField], ...]:
        """Return the fields a photo of a card may fill, each with the key of its form."""
        return tuple(
            (task.key, field)
            for task in self.way.tasks
            if task.kind is TaskKind.FORM
            for field in self.way.fields(task.key)
            if field.read is not None
        )

    @property
    def supplement_page(self) -> str:
        """Return where papers are handed in after a notice."""
        return reverse("my_supplement", args=[self.uid])

    def page_of(self, kind: TaskKind, key: str) -> str:
        """Return the address of a task's page."""
        if kind is TaskKind.HANDOVER:
            return reverse("apply_handover", args=[self.uid])
        return reverse(PAGES[kind], args=[self.uid, key])

    def next_page(self, kind: TaskKind, key: str) -> str:
        """Return where to go on from a task: the next one open, else where all is checked."""
        task = self.way.next_after(kind, key)
        if task is None or self.way.is_refused:
            return reverse("apply_check", args=[self.uid])
        return self.page_of(task.kind, task.key)


def application(request: InsuredRequest, case_uid: UUID) -> Application:
    """Read an application of whoever is signed in. Raises NotFound."""
    by = request.insured.applicant
    at = timezone.now()
    view = queries.case(case_uid, by=by, on=timezone.localdate(at))
    form = queries.form_of(case_uid, by=by)
    papers = {each.key: each.state for each in view.materials}
    return Application(view, view.item, form, way_of(view.item, view.answers, papers, form))


def page(
    request: InsuredRequest, name: str, found: Application, status: int = 200, **more: object
) -> HttpResponse:
    """Render a page of an application."""
    context = {
        "application": found,
        "item": found.item,
        "case": found.line,
        "synthetic": found.line.is_synthetic,
    }
    return render(request, f"public/apply/{name}.html", context | more, status=status)


def led_on(found: Application) -> HttpResponse | None:
    """Lead away from the pages of a draft what has been handed in."""
    return None if found.is_draft else redirect("my_case", found.uid)
