"""Templates of result papers: two persons, dated, the item's own first, issued papers stay."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from docx import Document
from tests import factories
from tests.cases.conftest import Place
from tests.factories import AT

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NotAllowed
from circle15.accounts.states import Role
from circle15.cases.actions import deciding
from circle15.cases.documents.beginning import beginning
from circle15.cases.documents.of_case import RESULT, written_of
from circle15.cases.documents.templated import Written
from circle15.cases.lines import CaseLine
from circle15.cases.paper_states import PaperKind, TemplateState
from circle15.cases.paper_templates.checking import problems_of
from circle15.cases.paper_templates.keeping import (
    UnusableTemplate,
    bring_in,
    put_in_force,
    take_out,
)
from circle15.cases.paper_templates.queries import templates
from circle15.cases.queries import case as case_of
from circle15.cases.states import Outcome

ON = timezone.localdate(AT)


@pytest.fixture(autouse=True)
def second_officer(place: Place) -> None:
    user = factories.staff("city2", Role.CITY_OFFICER, area=factories.CityFactory(), name="陆明")
    place.actors["city2"] = factories.actor_for(user)


def template(text: str) -> bytes:
    paper = Document()
    paper.add_paragraph(f"{text}：{{{{申请人}}}} {{{{事项}}}} {{{{受理编号}}}} {{{{日期}}}}")
    out = BytesIO()
    paper.save(out)
    return out.getvalue()


def published(place: Place, text: str, *, item: str = "", days: int = 0) -> int:
    """Bring a template in and put it in force, by two persons."""
    at = AT + timedelta(days=days)
    made = place.do(
        "city",
        bring_in,
        at=at,
        kind=PaperKind.GRANTED,
        content=template(text),
        file_name="结果.docx",
        note="首版",
        item_key=item,
    )
    return place.do("city2", put_in_force, at=at, template_id=made.pk).pk


def decided(place: Place) -> CaseLine:
    line = place.take_in()
    return place.do("alice", deciding.finish_at_window, case_uid=line.uid, outcome=Outcome.APPROVED)


def words(place: Place, line: CaseLine, days: int = 0) -> str | None:
    def look(by: Actor) -> Written | None:
        view = case_of(line.uid, by=by, on=ON)
        return written_of(view, RESULT, link="", on=ON + timedelta(days=days))

    made = place.look("alice", look)
    return Document(BytesIO(made.docx)).paragraphs[0].text if made else None


@pytest.mark.parametrize("kind", PaperKind)
def test_what_one_begins_with_is_a_template(kind: PaperKind):
    assert problems_of(beginning(kind), kind) == ()


def test_all_problems_are_named_at_once(place: Place):
    paper = Document()
    paper.add_paragraph("{{申请人}} {{不存在}} {{送达方式}} x{{事项")
    out = BytesIO()
    paper.save(out)

    with pytest.raises(UnusableTemplate) as refused:
        place.do("city", bring_in, kind="refused", content=out.getvalue(), file_name="x", note="x")

    assert [str(each) for each in refused.value.problems] == [
        "“   x{{事项”的 {{ 和 }} 没有成对",
        "没有占位符 {{不存在}}，请照页面上的列表写",
        "这类文书没有占位符 {{送达方式}}",
        "少了必须有的 {{事项}}",
        "少了必须有的 {{受理编号}}",
        "少了必须有的 {{法律依据}}",
        "少了必须有的 {{日期}}",
        "少了必须有的 {{救济途径}}",
    ]


def test_two_persons_put_a_template_in_force(place: Place):
    made = place.do(
        "city", bring_in, kind="granted", content=template("甲"), file_name="x", note="x"
    )

    with pytest.raises(NotAllowed):
        place.do("city", put_in_force, template_id=made.pk)
    with pytest.raises(NotAllowed):
        place.do("alice", put_in_force, template_id=made.pk)
    assert place.do("city2", put_in_force, template_id=made.pk).state == TemplateState.PUBLISHED


def test_without_a_template_the_program_words_the_paper(place: Place):
    assert words(place, decided(place)) is None


def test_issued_papers_keep_their_template_and_words(place: Place):
    before = decided(place)
    published(place, "通用")
    general = decided(place)
    own = published(place, "本事项", item="own-record")
    specific = decided(place)
    published(place, "更新", item="own-record", days=1)

    assert words(place, before, days=9) is None
    assert (
        words(place, general, days=9)
        == f"通用：张** 个人参保信息查询 {general.number} 2026年3月2日"
    )
    assert words(place, specific, days=9).startswith("本事项：")
    place.do("city", take_out, template_id=own, reason="换新版", at=AT + timedelta(days=2))
    assert words(place, specific, days=9).startswith("本事项：")
    line = place.look("city", templates, on=ON)
    assert [(each.item_key, each.version, each.counts) for each in line] == [
        ("", 1, True),
        ("own-record", 2, False),
        ("own-record", 1, False),
    ]
