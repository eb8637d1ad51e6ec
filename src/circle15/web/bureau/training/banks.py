"""The bank of questions: the list, reading in a filled table, taking one out, the empty table."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Permission
from circle15.areas.wording import worded
from circle15.core.papers.sheet import text_workbook
from circle15.imports.reading import read
from circle15.imports.refusals import FileRefused
from circle15.programme.training.bank import (
    HEADS,
    LETTERS,
    UnusableBank,
    import_questions,
    pools,
    questions,
    retire,
    template_rows,
)
from circle15.web.bureau.services.views import workbook
from circle15.web.bureau.training.forms import BankForm
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.once import once

_A_PAGE = 50


@reads
@requires(Permission.MANAGE_TRAINING)
def page(request: StaffRequest) -> HttpResponse:
    """Show the questions in use."""
    return _page(request)


@writes
@requires(Permission.MANAGE_TRAINING)
@once
def change(request: StaffRequest) -> HttpResponse:
    """Read in a filled table, or take a question out of use."""
    by, at = request.actor, timezone.now()
    if question := request.POST.get("question", ""):
        retire(uid=_uid(question), by=by, at=at)
        messages.success(request, _("已停用，以前的卷子不变。"))
        return HttpResponseRedirect(reverse("training_bank"))
    form = BankForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form)
    try:
        sheets = read(form.cleaned_data["file"].read())
        n = import_questions(rows=sheets[0].rows if sheets else [], by=by, at=at)
    except UnusableBank as refusal:
        form.add_error(None, str(refusal))
        return _page(request, form, refusal.problems)
    except FileRefused as refusal:
        form.add_error("file", worded(refusal.message))
        return _page(request, form)
    messages.success(request, _("已导入 %(n)s 道题。") % {"n": n})
    return HttpResponseRedirect(reverse("training_bank"))


@reads
@requires(Permission.MANAGE_TRAINING)
def template(request: StaffRequest) -> HttpResponse:  # noqa: ARG001 -- the same for all
    """Hand out the table to fill in, with an example of each kind."""
    return workbook(text_workbook("题库", HEADS, template_rows()), "circle15-questions.xlsx")


def _uid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None


def _page(
    request: StaffRequest, form: BankForm | None = None, problems: tuple[str, ...] = ()
) -> HttpResponse:
    by, pool = request.actor, request.GET.get("pool", "")
    rows = Paginator(questions(by, pool=pool), _A_PAGE).get_page(request.GET.get("page", "1"))
    context = {
        "form": form or BankForm(),
        "refused": form,
        "problems": problems,
        "page": rows,
        "rows": [
            {
                "one": one,
                "options": list(zip(LETTERS, one.options, strict=False)),
                "right": "".join(LETTERS[at] for at in one.right),
            }
            for one in rows.object_list
        ],
        "pools": pools(by.area_path),
        "pool": pool,
        "synthetic": any(one.is_synthetic for one in rows.object_list),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form else HTTPStatus.OK
    return render(request, "bureau/training/bank.html", context, status=status)
