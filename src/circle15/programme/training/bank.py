"""The bank of questions: read from a filled-in table, every error named at once, or not at all."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotFound, Refused
from circle15.accounts.states import Permission
from circle15.accounts.steps import name_of, tell
from circle15.areas import scope
from circle15.areas.scope import paths_to
from circle15.programme.training_models import NAME_LENGTH, WORDS_LENGTH, Question
from circle15.programme.training_states import QuestionKind

MOST_ROWS = 1000
LETTERS = "ABCDEF"
_LEAST_OPTIONS = 2
TRUE, FALSE = "对", "错"
# Heads of the table in their order; options take the columns of the letters.
HEADS = ("题库", "题型", "题干", *(f"选项{letter}" for letter in LETTERS), "答案", "解析")


class UnusableBank(Refused):
    """The table cannot be read in; `problems` are all of them with their rows."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(_("题库没有导入，请改好下面各行后重新上传。"))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class _Row:
    pool: str
    kind: QuestionKind
    text: str
    options: tuple[str, ...]
    right: tuple[int, ...]
    explanation: str


def template_rows() -> list[list[str]]:
    """Return an example of each kind of question, for the file to fill in."""
    return [
        ["示例", "单选", "举例：1+1 等于几？", "1", "2", "3", "", "", "", "B", "加法"],
        ["示例", "多选", "举例：哪些是偶数？", "2", "3", "4", "", "", "", "AC", "能被2整除"],
        ["示例", "判断", "举例：3 是偶数", "", "", "", "", "", "", "错", "不能被2整除"],
    ]


@transaction.atomic
def import_questions(
    *, rows: Sequence[Sequence[object]], by: Actor, at: datetime, is_synthetic: bool = False
) -> int:
    """Add the questions of a table to the actor's bank; the same question is kept once.

    Raises NotAllowed, UnusableBank with every problem of every row.
    """
    demand(by, Permission.MANAGE_TRAINING)
    read = _read(rows)
    own = Question.objects.filter(area_path=by.area_path, retired_at__isnull=True)
    known = set(own.values_list("pool", "text"))
    added = Question.objects.bulk_create(
        Question(
            area_path=by.area_path,
            pool=one.pool,
            kind=one.kind,
            text=one.text,
            options=list(one.options),
            right=list(one.right),
            explanation=one.explanation,
            added_at=at,
            added_by=name_of(by),
            is_synthetic=is_synthetic,
        )
        for one in read
        if (one.pool, one.text) not in known
    )
    tell("training_questions.import", "", by.area_path, by=by, at=at, questions=len(added))
    return len(added)


def _read(rows: Sequence[Sequence[object]]) -> list[_Row]:
    texts = [[_cell(each) for each in row] for row in rows]
    if not texts or tuple(texts[0][: len(HEADS)]) != HEADS:
        raise UnusableBank([_("第一行应是：%(heads)s") % {"heads": "、".join(HEADS)}])
    if len(texts) > MOST_ROWS + 1:
        raise UnusableBank([_("一次最多导入 %(most)s 道题。") % {"most": MOST_ROWS}])
    read: list[_Row] = []
    problems: list[str] = []
    seen: dict[tuple[str, str], int] = {}
    for number, row in enumerate(texts[1:], 2):
        cells = (row + [""] * len(HEADS))[: len(HEADS)]
        if not any(cells):
            continue
        found = list(_problems(cells))
        first = seen.setdefault((cells[0], cells[2]), number)
        if first != number:
            found.append(_("与第 %(row)s 行重复") % {"row": first})
        problems += [_("第 %(row)s 行：%(what)s") % {"row": number, "what": w} for w in found]
        if not found:
            read.append(_row(cells))
    if problems or not read:
        raise UnusableBank(problems or [_("表里没有题目。")])
    return read


def _cell(value: object) -> str:
    """Return a cell as text; a whole number typed as one has no point."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool):
        return TRUE if value else FALSE
    return " ".join(str(value if value is not None else "").split())


def _kinds() -> dict[str, QuestionKind]:
    return dict(
        zip(("单选", "多选", "判断"), QuestionKind, strict=True),
    )


def _problems(cells: Sequence[str]) -> Iterator[str]:
    pool, kind, text, *rest = cells
    answer, explanation = rest[len(LETTERS)], rest[len(LETTERS) + 1]
    if not pool:
        yield _("题库没有填")
    if not text:
        yield _("题干没有填")
    if len(pool) > NAME_LENGTH or max(len(text), len(explanation)) > WORDS_LENGTH:
        yield _("文字太长")
    if kind not in _kinds():
        yield _("题型应是单选、多选或判断")
        return
    if kind == "判断":
        if answer not in {TRUE, FALSE}:
            yield _("判断题的答案应是对或错")
        return
    options = rest[: len(LETTERS)]
    filled = [each for each in options if each]
    if len(filled) < _LEAST_OPTIONS or options[: len(filled)] != filled:
        yield _("至少两个选项，从 A 起连着填")
    elif len(set(filled)) < len(filled):
        yield _("有两个选项一样")
    yield from _wrong_answer(kind, answer.upper(), LETTERS[: len(filled)])


def _wrong_answer(kind: str, answer: str, letters: str) -> Iterator[str]:
    if not answer or len(set(answer)) < len(answer) or not set(answer) <= set(letters):
        yield _("答案应是选项的字母，不能重复")
    elif kind == "单选" and len(answer) != 1:
        yield _("单选题只有一个答案")
    elif kind == "多选" and len(answer) < _LEAST_OPTIONS:
        yield _("多选题至少两个答案")


def _row(cells: Sequence[str]) -> _Row:
    pool, name, text, *rest = cells
    kind = _kinds()[name]
    answer, explanation = rest[len(LETTERS)], rest[len(LETTERS) + 1]
    if kind == QuestionKind.TRUE_FALSE:
        return _Row(pool, kind, text, (TRUE, FALSE), (int(answer == FALSE),), explanation)
    options = tuple(each for each in rest[: len(LETTERS)] if each)
    right = tuple(sorted(LETTERS.index(each) for each in answer.upper()))
    return _Row(pool, kind, text, options, right, explanation)


def questions(by: Actor, *, pool: str = "") -> QuerySet[Question]:
    """Return the questions in use of the actor's own bank. Raises NotAllowed."""
    demand(by, Permission.MANAGE_TRAINING)
    rows = scope.within(Question.objects.filter(retired_at__isnull=True), by.area_path)
    return (rows.filter(pool=pool) if pool else rows).order_by("pool", "id")


def pools(path: str) -> list[tuple[str, int]]:
    """Return the parts of the bank a session of an area may draw from, with how many they hold."""
    rows = Question.objects.filter(area_path__in=paths_to(path), retired_at__isnull=True)
    counted = rows.values("pool").annotate(n=Count("id")).order_by("pool")
    return [(row["pool"], row["n"]) for row in counted]


@transaction.atomic
def retire(*, uid: UUID, by: Actor, at: datetime) -> Question:
    """Take a question out of use; papers that asked it keep it. Raises NotFound, NotAllowed."""
    question = questions(by).select_for_update().filter(uid=uid).first()
    if question is None:
        raise NotFound
    question.retired_at = at
    question.save(update_fields=["retired_at"])
    tell("training_question.retire", question.pk, question.area_path, by=by, at=at)
    return question
