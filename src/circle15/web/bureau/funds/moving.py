"""Papers: handing one in, the list of what waits, one with its steps."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.states import Permission
from circle15.ledger.files import CheckedFile, UnsafeFile, check_evidence
from circle15.programme.funds.judging import judge, may_judge, roles_needed
from circle15.programme.funds.life import is_reversed, widest
from circle15.programme.funds.looking import looked_at
from circle15.programme.funds.proposing import propose, propose_reversal
from circle15.programme.funds.queries import (
    hands_above,
    in_hand,
    move_by_uid,
    moves,
    names_of,
    places,
)
from circle15.programme.funds.refusals import UnusableMove
from circle15.programme.funds_states import PROPOSERS, AccountKind, MoveKind, MoveState, MoveStep
from circle15.ratings.given import page_of
from circle15.standards.funds import fund_rules
from circle15.web.bureau.funds.forms import FilterForm, MoveForm, WordsForm
from circle15.web.bureau.funds.shown import (
    chosen_round,
    move_row,
    offers,
    round_choices,
    source_words,
)
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.item_words import said
from circle15.web.shared.once import once

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from circle15.programme.funds_models import FundMove, FundRound

_UNUSABLE = HTTPStatus.UNPROCESSABLE_ENTITY
REVERSE = "reverse"


@reads
@requires(Permission.VIEW_FUNDS)
def ask(request: StaffRequest, kind: str) -> HttpResponse:
    """Ask what a paper of a kind says."""
    return _ask(request, _kind(request, kind))


@writes
@requires(Permission.VIEW_FUNDS)
@once
def hand_in(request: StaffRequest, kind: str) -> HttpResponse:
    """Hand in a paper: it waits for another to approve it."""
    wanted = _kind(request, kind)
    form = _form(request, wanted, request.POST, request.FILES)
    if not form.is_valid():
        return _ask(request, wanted, form=form, status=_UNUSABLE)
    try:
        move = propose(
            round_uid=UUID(form.cleaned_data["round"]),
            wanted=form.wanted(),
            key=request.POST["once"],
            file=_checked(form.cleaned_data.get("file")),
            by=request.actor,
            at=timezone.now(),
        )
    except (NotAllowed, NotFound):
        raise
    except UnsafeFile as refusal:
        form.add_error("file", str(refusal))
        return _ask(request, wanted, form=form, status=_UNUSABLE)
    except Refused as refusal:
        part = refusal.part if isinstance(refusal, UnusableMove) else ""
        form.add_error(part if part in form.fields else None, str(refusal))
        return _ask(request, wanted, form=form, status=_UNUSABLE)
    messages.success(request, _("已提交，等另一位工作人员审批入账。"))
    return HttpResponseRedirect(reverse("fund_move", args=[move.uid]))


@reads
@requires(Permission.VIEW_FUNDS)
def listed(request: StaffRequest) -> HttpResponse:
    """Show the papers of a round: what waits first."""
    actor, of = request.actor, chosen_round(request)
    given = request.GET.copy()
    if of is not None:
        given["round"] = str(of.uid)
    narrowed = FilterForm(given, rounds=round_choices(actor), states=MoveState.choices)
    rows = moves(actor, of, state=narrowed.chosen("state"))
    page_now = page_of(rows, request.GET.get("page", "1"))
    shown = list(page_now.object_list)
    names = names_of({path for move in shown for path in (move.from_path, move.to_path)})
    context = {
        "round": of,
        "filter": narrowed,
        "page": page_now,
        "rows": [move_row(move, names) for move in shown],
        "offers": offers(actor) if of else (),
        "synthetic": any(move.is_synthetic for move in shown),
    }
    return render(request, "bureau/funds/moves.html", context)


@reads
@requires(Permission.VIEW_FUNDS)
def page(request: StaffRequest, fund_uid: UUID) -> HttpResponse:
    """Show one paper with its lines and what may be done."""
    return _page(request, fund_uid)


@writes
@requires(Permission.VIEW_FUNDS)
@once
def act(request: StaffRequest, fund_uid: UUID, act: str) -> HttpResponse:
    """Approve, refuse, withdraw, or ask for a reversal."""
    if act != REVERSE and act not in MoveStep.values:
        raise Http404
    form = _words(act, request.POST)
    if not form.is_valid():
        return _page(request, fund_uid, form=form, status=_UNUSABLE)
    by, at, words = request.actor, timezone.now(), form.cleaned_data["words"]
    try:
        if act == REVERSE:
            key = request.POST["once"]
            move = propose_reversal(uid=fund_uid, reason=words, key=key, by=by, at=at)
        else:
            move = judge(uid=fund_uid, step=act, why=words, by=by, at=at)
    except NotFound:
        raise
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, fund_uid, form=form, status=HTTPStatus.CONFLICT)
    messages.success(request, _("已办：%s。") % form.label)
    return HttpResponseRedirect(reverse("fund_move", args=[move.uid]))


def _kind(request: StaffRequest, kind: str) -> MoveKind:
    found = next((each for each in MoveKind if each == kind), None)
    if found is None or found == MoveKind.REVERSAL:
        raise Http404
    if not any(request.actor.can(each) for each in PROPOSERS[found]):
        raise NotAllowed
    return found


def _ask(
    request: StaffRequest, kind: MoveKind, *, form: MoveForm | None = None, status: int = 200
) -> HttpResponse:
    actor, of = request.actor, chosen_round(request)
    if of is None:
        raise Http404
    rules = fund_rules()
    context = {
        "kind": kind.label,
        "key": kind.value,
        "form": form or _form(request, kind),
        "round": of,
        "hands": [
            {"source": source_words(one.source), "balance": one.balance}
            for one in in_hand(actor, of)
        ],
        "pays": [
            (said(one.name), [said(rules.purposes[key].name) for key in sorted(one.pays)])
            for one in rules.sources.values()
        ]
        if kind == MoveKind.USE
        else (),
        "synthetic": of.is_synthetic,
    }
    return render(request, "bureau/funds/new.html", context, status=status)


def _form(request: StaffRequest, kind: MoveKind, data: Any = None, files: Any = None) -> MoveForm:
    actor, of = request.actor, chosen_round(request)
    if of is None:
        raise Http404
    givers, getters = _ends(actor, of, kind)
    initial = {"round": str(of.uid), "dated_on": timezone.localdate()}
    return MoveForm(
        data,
        files,
        kind=kind,
        rounds=round_choices(actor, is_open=True),
        givers=givers,
        getters=getters,
        initial=initial,
    )


def _ends(
    actor: Actor, of: "FundRound", kind: MoveKind
) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return who may give and who may get; the own area or site stands first."""
    known = sorted(places(actor, of), key=lambda one: one[0] != actor.area_path)
    if kind == MoveKind.RETURN:
        return known, [("", _("退回资金来源")), *hands_above(actor, of)]
    if kind == MoveKind.ALLOCATION:
        return known, [("", _("请选择")), *known]
    return known, known


def _page(
    request: StaffRequest, uid: UUID, *, form: WordsForm | None = None, status: int = HTTPStatus.OK
) -> HttpResponse:
    actor = request.actor
    move = move_by_uid(actor, uid)
    lines = list(move.lines.all())
    names = names_of({move.from_path, move.to_path, *(line.area_path for line in lines)})
    found = looked_at(actor, on=timezone.localdate())
    rules = fund_rules()
    context = {
        **move_row(move, names),
        "lines": [
            {
                "line": line,
                "place": names.get(line.area_path, ""),
                "account": AccountKind(line.account.kind).label,
            }
            for line in lines
        ],
        "reversals": list(move.reversals.all()),
        "is_reversed": is_reversed(move),
        "odd": [
            said(rules.anomalies[one.anomaly.kind].name)
            for one in found
            if str(move.uid) in one.anomaly.uids
        ],
        "roles": roles_needed(move) if move.state == MoveState.PROPOSED else "",
        "forms": [
            form if form is not None and form.act == each else _words(each)
            for each in _allowed(move, actor)
        ],
        "refused": form,
        "synthetic": move.is_synthetic,
    }
    return render(request, "bureau/funds/move.html", context, status=status)


def _allowed(move: "FundMove", actor: Actor) -> list[str]:
    found = [str(step) for step in MoveStep if may_judge(move, step, actor)]
    is_booked = move.state == MoveState.APPROVED and move.kind != MoveKind.REVERSAL
    stands = not any(
        each.state in {MoveState.PROPOSED, MoveState.APPROVED} for each in move.reversals.all()
    )
    officer = actor.can(Permission.MANAGE_FUNDS) and actor.covers(widest(move))
    return [*found, REVERSE] if is_booked and stands and officer else found


def _words(act: str, data: Any = None) -> WordsForm:
    if act == REVERSE:
        return WordsForm(data, act=act, label=_("提请冲销"), asked=_("为什么冲销"))
    step = MoveStep(act)
    needed = step == MoveStep.REFUSE
    asked = _("为什么不通过") if needed else _("说明")
    return WordsForm(data, act=act, label=step.label, asked=asked, needed=needed)


def _checked(file: "UploadedFile[bytes] | None") -> CheckedFile | None:
    if file is None:
        return None
    return check_evidence(file.read(), name=file.name or _("未命名"))
