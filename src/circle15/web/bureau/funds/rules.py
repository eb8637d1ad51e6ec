"""Documents that rule the use of money (资金使用制度): the list, keeping one."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.states import Permission
from circle15.ledger.files import UnsafeFile, check_evidence
from circle15.programme.funds.documents import keep_rules
from circle15.programme.funds.queries import names_of, rule_books
from circle15.web.bureau.funds.forms import RulesForm
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.once import once


@reads
@requires(Permission.VIEW_FUNDS)
def page(request: StaffRequest) -> HttpResponse:
    """Show the documents that hold in the area."""
    return _page(request)


@writes
@requires(Permission.MANAGE_FUNDS)
@once
def keep(request: StaffRequest) -> HttpResponse:
    """Keep a document of the own area."""
    form = RulesForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    given = form.cleaned_data
    file = given["file"]
    try:
        keep_rules(
            name=given["name"],
            number=given["number"],
            since=given["since"],
            file=check_evidence(file.read(), name=file.name or _("未命名")),
            by=request.actor,
            at=timezone.now(),
        )
    except (NotAllowed, NotFound):
        raise
    except (UnsafeFile, Refused) as refusal:
        form.add_error("file" if isinstance(refusal, UnsafeFile) else None, str(refusal))
        return _page(request, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    messages.success(request, _("已保存，次日写入各网点台账。"))
    return HttpResponseRedirect(reverse("fund_rules"))


def _page(
    request: StaffRequest, *, form: RulesForm | None = None, status: int = HTTPStatus.OK
) -> HttpResponse:
    actor = request.actor
    rows = list(rule_books(actor))
    names = names_of({row.area_path for row in rows})
    context = {
        "rows": [
            {
                "book": row,
                "area": names.get(row.area_path, ""),
                "opens": actor.can(Permission.VIEW_FACTS) and actor.covers(row.area_path),
            }
            for row in rows
        ],
        "form": (form or RulesForm()) if actor.can(Permission.MANAGE_FUNDS) else None,
        "refused": form,
        "synthetic": any(row.is_synthetic for row in rows),
    }
    return render(request, "bureau/funds/rules.html", context, status=status)
