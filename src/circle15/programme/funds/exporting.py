"""Money as workbooks: sums are numbers, and the last row is the sum of those above it."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.exports import MOST_LINES, note_export
from circle15.core.papers.sheet import text_workbook
from circle15.programme.funds.figures import NAMES
from circle15.programme.funds.queries import (
    Narrowed,
    journal,
    moves,
    names_of,
    overview,
    round_by_uid,
)
from circle15.programme.funds_models import FundMove
from circle15.programme.funds_states import AccountKind, MoveKind, MoveState
from circle15.standards.funds import fund_rules

_Row = list[str | Decimal]
ZERO = Decimal("0.00")


@transaction.atomic
def export_overview(*, uid: UUID, by: Actor, at: datetime) -> bytes:
    """Return the table by place as a workbook. Raises NotFound, NotAllowed, TooManyLines."""
    shown = overview(by, round_by_uid(by, uid))
    note_export(len(shown.by_place), "funds", by=by, at=at)
    heads = (
        *(_("单位"), _("网点编码"), _("预算"), _("到位"), _("拨出"), _("已使用")),
        *(_("退回"), _("结余"), _("数据性质")),
    )
    rows: list[_Row] = [
        [
            *(each.name, each.code, each.budget),
            *(getattr(each.figures, name) for name in NAMES),
            _("合成数据") if each.is_synthetic else "",
        ]
        for each in shown.by_place
    ]
    return text_workbook(_("资金总览"), heads, _with_sums(rows, 2, 3 + len(NAMES)))


@transaction.atomic
def export_journal(*, uid: UUID, what: Narrowed, by: Actor, at: datetime) -> bytes:
    """Return the lines of a figure with opening and closing. Raises as `journal`."""
    found = journal(by, round_by_uid(by, uid), what, most=MOST_LINES)
    note_export(found.count, "funds", by=by, at=at)
    names = names_of({one.line.area_path for one in found.lines})
    heads = (
        _("日期"),
        _("单位"),
        _("账户"),
        _("来源"),
        _("事项"),
        _("凭证号"),
        _("金额"),
        _("余额"),
    )
    rows: list[_Row] = [
        [
            one.line.booked_on.isoformat(),
            names.get(one.line.area_path, ""),
            str(AccountKind(one.line.account.kind).label),
            source_name(one.line.account.source),
            str(MoveKind(one.line.move.kind).label),
            one.line.move.number,
            one.amount,
            one.balance,
        ]
        for one in found.lines
    ]
    opening: _Row = [_("期初余额"), *[""] * 6, found.opening]
    closing: _Row = [_("合计"), *[""] * 5, found.total, found.closing]
    return text_workbook(_("资金明细"), heads, [opening, *rows, closing])


@transaction.atomic
def export_moves(*, uid: UUID, by: Actor, at: datetime) -> bytes:
    """Return the movements of a round as a workbook. Raises NotFound, NotAllowed, TooManyLines."""
    found = list(moves(by, round_by_uid(by, uid))[: MOST_LINES + 1])
    note_export(len(found), "funds", by=by, at=at)
    names = names_of({path for move in found for path in (move.from_path, move.to_path)})
    heads = (
        *(
            _("事项"),
            _("状态"),
            _("日期"),
            _("入账日期"),
            _("拨出"),
            _("收到"),
            _("来源"),
            _("用途"),
        ),
        *(_("凭证号"), _("收款单位"), _("金额"), _("提出"), _("审批"), _("数据性质")),
    )
    return text_workbook(_("资金凭证"), heads, (list(_move_row(move, names)) for move in found))


def _move_row(move: FundMove, names: dict[str, str]) -> Iterator[str | Decimal]:
    yield str(MoveKind(move.kind).label)
    yield str(MoveState(move.state).label)
    yield move.dated_on.isoformat()
    yield move.booked_on.isoformat() if move.booked_on else ""
    yield names.get(move.from_path, "")
    yield names.get(move.to_path, "")
    yield source_name(move.source)
    yield purpose_name(move.purpose)
    yield move.number
    yield move.payee
    yield -move.amount if move.kind == MoveKind.REVERSAL else move.amount
    yield move.proposed_by
    yield move.judged_by
    yield _("合成数据") if move.is_synthetic else ""


def source_name(key: str) -> str:
    """Return the Chinese name of a source, as the papers have it; the key of one unknown."""
    found = fund_rules().sources.get(key)
    return found.name.zh if found else key


def purpose_name(key: str) -> str:
    found = fund_rules().purposes.get(key)
    return found.name.zh if found else key


def _with_sums(rows: list[_Row], first: int, last: int) -> Iterable[_Row]:
    """Add a row with the sums of the columns from one to before another."""
    yield from rows
    if rows:
        sums: _Row = [_sum(row[at] for row in rows) for at in range(first, last)]
        yield [_("合计"), *[""] * (first - 1), *sums, *[""] * (len(rows[0]) - last)]


def _sum(cells: Iterable[str | Decimal]) -> Decimal:
    return sum((cell for cell in cells if isinstance(cell, Decimal)), ZERO)
