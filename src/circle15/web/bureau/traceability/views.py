"""Every clause of the documents with the code that does it and the test that shows it."""

from dataclasses import dataclass

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from circle15.accounts.states import Permission
from circle15.standards.clauses import Clause, Trace, clauses, documents, trace_of
from circle15.web.shared.access import reads, requires
from circle15.web.shared.item_words import said

PAGE = 50
_STATES = (
    ("", gettext_lazy("全部")),
    ("open", gettext_lazy("缺代码或测试")),
    ("whole", gettext_lazy("有代码有测试")),
)


class ClauseFilter(forms.Form):
    """Which document, which words, and whether only what is open."""

    document = forms.ChoiceField(label=gettext_lazy("文件"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("状态"), choices=_STATES, required=False)
    words = forms.CharField(label=gettext_lazy("条款或文字"), max_length=40, required=False)

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        names = [(key, said(one.name)) for key, one in documents().items()]
        self.fields["document"].choices = [("", gettext_lazy("全部")), *names]  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Row:
    """One clause as the page shows it."""

    clause: Clause
    asks: str
    trace: Trace


# Clauses: D-02
@reads
@requires(Permission.VIEW_EDITIONS)
def clause_list(request: HttpRequest) -> HttpResponse:
    """Show the clauses, those that lack code or a test first."""
    form = ClauseFilter(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    rows = [Row(one, said(one.asks), trace_of(one.id)) for one in clauses().values()]
    shown = sorted(
        (row for row in rows if _is_asked(row, asked)), key=lambda row: row.trace.is_whole
    )
    context = {
        "form": form,
        "documents": [(one, said(one.name)) for one in documents().values()],
        "page": Paginator(shown, PAGE).get_page(request.GET.get("page")),
        "n": len(rows),
        "n_open": sum(not row.trace.is_whole for row in rows),
    }
    return render(request, "bureau/traceability/list.html", context)


def _is_asked(row: Row, asked: dict[str, str]) -> bool:
    words = asked.get("words", "").strip().lower()
    return (
        asked.get("document", "") in {"", row.clause.document}
        and asked.get("state", "") in {"", "whole" if row.trace.is_whole else "open"}
        and words in f"{row.clause.id} {row.clause.at} {row.asks}".lower()
    )
