"""The catalogue as a workbook, and back."""

from dataclasses import replace
from io import BytesIO

import pytest
from django.utils import translation
from openpyxl import load_workbook
from tests import factories
from tests.factories import AT
from tests.items.editing import GU, QIAN, draft

from circle15.accounts.refusals import NotAllowed
from circle15.imports.reading import read
from circle15.items.drafting import import_sheets
from circle15.items.keeping import UnusableItem
from circle15.items.queries import catalogue_of
from circle15.items.sheets import read_sheets
from circle15.items.wording import WORDS
from circle15.items.workbook import workbook
from circle15.standards.catalogue_library import built_in
from circle15.standards.catalogue_parser import parse_item
from circle15.standards.text import Text

Sheets = dict[str, list[list[object]]]


def sheets(content: bytes) -> Sheets:
    return {sheet.title: [list(row) for row in sheet.rows] for sheet in read(content)}


@pytest.fixture(scope="module")
def content() -> bytes:
    return workbook(built_in())


@pytest.fixture
def rows(content) -> Sheets:
    return sheets(content)


def test_it_comes_back_as_it_went_out(rows):
    data, problems = read_sheets(rows)

    assert problems == []
    assert [parse_item(each) for each in data.values()] == list(built_in().items.values())


def test_english_headings_and_words_come_back_too():
    with translation.override("en"):
        data, problems = read_sheets(sheets(workbook(built_in())))

    assert (len(data), problems) == (45, [])
    assert parse_item(data["hospital-contract"]) == built_in().items["hospital-contract"]


def test_texts_are_never_formulas():
    whole = built_in()
    evil = replace(whole.items["advice"], who=Text("=HYPERLINK(1)", "+1"), aliases=("-2", "@x"))
    book = workbook(replace(whole, items={"advice": evil}))
    page = load_workbook(BytesIO(book))["事项"]
    found = {cell.value: cell for row in page.iter_rows() for cell in row if cell.value}

    for text in ("=HYPERLINK(1)", "+1", "-2\n@x"):
        assert (found[text].data_type, found[text].quotePrefix) == ("s", True)
    assert parse_item(read_sheets(sheets(book))[0]["advice"]) == evil


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_no_two_words_of_a_vocabulary_are_the_same(language):
    with translation.override(language):
        for words in WORDS.values():
            assert len({str(word) for word in words.values()}) == len(words)


def column(page: list[list[object]], key: str) -> int:
    return [str(head).rpartition(" · ")[2] for head in page[0]].index(key)


def with_cell(rows: Sheets, title: str, key: str, value: object, line: int = 1) -> Sheets:
    rows[title][line][column(rows[title], key)] = value
    return rows


@pytest.mark.parametrize(
    ("title", "key", "value", "problem"),
    [
        ("事项", "kind", "慢件", "“事项”第 2 行 kind：不认识“慢件”"),
        ("事项", "high_frequency", "也许", "“事项”第 2 行 high_frequency：无法识别“也许”"),
        ("事项", "main", "一", "“事项”第 2 行 main："),
        ("事项", "steps.en", "one line", "“事项”第 2 行 steps：中文 3 行，英文 1 行，应逐行对应"),
        ("事项", "key", "", "“事项”第 2 行：事项键缺少或重复"),
        ("材料", "item", "nowhere", "“材料”第 2 行：没有事项 nowhere"),
        ("材料", "when", "accident", "“材料”第 2 行 when：应写成 问题=选项"),
        ("选项", "question", "nothing", "“选项”第 2 行：没有问题 nothing"),
    ],
)
def test_what_cannot_be_read_is_named_by_sheet_and_row(rows, title, key, value, problem):
    _data, problems = read_sheets(with_cell(rows, title, key, value))

    assert problems[0].startswith(problem)


def test_missing_sheets_and_columns_are_named(rows):
    del rows["选项"]
    rows["材料"] = [row[:-1] for row in rows["材料"]]
    rows["问题"] += [[None]] * 5001

    assert read_sheets(rows)[1] == [
        "工作表“材料”缺少列：note.en",
        "工作表“问题”超过 5000 行",
        "缺少工作表“选项”",
    ]


def test_a_number_is_a_number_and_a_code_is_a_text(rows):
    page = rows["事项"]

    assert page[1][column(page, "code")] == "002036001001"
    assert page[1][column(page, "limit.statutory")] == 1


# Clauses: W-42, W-109
@pytest.mark.django_db
def test_an_edited_workbook_changes_the_draft(rows):
    factories.catalogue()
    begun = draft()
    line = [row[0] for row in rows["事项"]].index("outpatient-costs")
    with_cell(rows, "事项", "limit.promised", 20, line)
    visit = [row[0] for row in rows["事项"]].index("home-visit")
    rows["事项"][visit][0] = "visit-at-home"

    done = import_sheets(edition_id=begun.id, sheets=rows, by=GU, at=AT)

    assert done.changed == ("outpatient-costs",)
    assert (done.added, done.dropped) == (("visit-at-home",), ("home-visit",))
    items = catalogue_of(begun.id, by=GU).items
    assert items["outpatient-costs"].limit.promised_days == 20
    assert [*items][-1] == "visit-at-home"


@pytest.mark.django_db
def test_an_unchanged_workbook_changes_nothing(rows):
    factories.catalogue()
    begun = draft()

    done = import_sheets(edition_id=begun.id, sheets=rows, by=GU, at=AT)
    begun.refresh_from_db()

    assert (done.added, done.changed, done.dropped) == ((), (), ())
    assert begun.digest == built_in().digest


@pytest.mark.django_db
def test_a_bad_workbook_leaves_the_draft_alone(rows):
    factories.catalogue()
    begun = draft()
    with_cell(rows, "事项", "main", 11)
    with_cell(rows, "材料", "copies", 99)

    with pytest.raises(UnusableItem) as refusal:
        import_sheets(edition_id=begun.id, sheets=rows, by=GU, at=AT)
    with pytest.raises(NotAllowed):
        import_sheets(edition_id=begun.id, sheets=rows, by=QIAN, at=AT)

    assert [problem.partition("：")[0] for problem in refusal.value.problems] == [
        "employer-enrolment.main",
        "employer-enrolment.credit-code.copies",
    ]
    assert catalogue_of(begun.id, by=GU).items == built_in().items
