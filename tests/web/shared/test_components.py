"""Component tags: what they write for given values."""

from decimal import Decimal

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory

from circle15.web.shared.forms import SampleForm
from circle15.web.shared.templatetags import c15


def _drawn(source: str, path: str = "/", **values: object) -> str:
    context = Context({"request": RequestFactory().get(path), **values})
    return " ".join(Template("{% load c15 %}" + source).render(context).split())


@pytest.mark.parametrize(
    ("value", "words"),
    [(Decimal("3.00"), "3"), (Decimal("2.50"), "2.5"), (100, "100"), (0, "0"), (None, "—")],
)
def test_points_are_written_without_needless_zeros(value: Decimal | None, words: str) -> None:
    assert c15.points(value) == words


def test_thousands_are_marked() -> None:
    assert [c15.thousands(n) for n in (999, 1000, 1234567, None)] == [
        "999",
        "1,000",
        "1,234,567",
        "—",
    ]


@pytest.mark.parametrize(
    ("value", "most", "share"),
    [(0, 20, "0.0"), (5, 20, "25.0"), (20, 20, "100.0"), (21, 20, "100.0"), (3, 0, "0.0")],
)
def test_ring_shows_the_share_won(value: int, most: int, share: str) -> None:
    assert str(c15.score_ring(value, most)["share"]) == share


def test_status_says_its_tone_in_sign_and_word() -> None:
    assert _drawn("{% status 'good' label %}", label="<达标>").count("&lt;达标&gt;") == 1


def test_nav_marks_the_page_and_the_section() -> None:
    marks = [
        "aria-current" in _drawn("{% nav_item '/sites/' 'x' %}", path)
        for path in ("/sites/", "/sites/7/", "/site/", "/")
    ]
    assert marks == [True, True, False, False]


def test_pager_keeps_filters_and_leads_to_neighbours() -> None:
    page = Paginator(range(100), 10).page(5)

    html = _drawn("{% pager page %}", "/list/?kind=town&page=5", page=page)

    assert 'href="?kind=town&amp;page=4" rel="prev"' in html
    assert 'href="?kind=town&amp;page=6" rel="next"' in html
    assert "第 41–50 条，共 100 条" in html


@pytest.mark.parametrize(
    ("path", "link", "order"),
    [
        ("/", "?sort=name&amp;page=1", ""),
        ("/?sort=name", "?sort=-name&amp;page=1", "ascending"),
        ("/?sort=-name", "?sort=name&amp;page=1", "descending"),
    ],
)
def test_sort_head_turns_the_order_round(path: str, link: str, order: str) -> None:
    html = _drawn("{% sort_th '名称' 'name' %}", path)

    assert f'href="{link}"' in html
    assert (f'aria-sort="{order}"' in html) is bool(order)


def test_field_ties_hint_and_error_to_the_control() -> None:
    html = _drawn("{% field form.name %}", form=SampleForm({}))

    assert 'aria-describedby="id_name-error id_name-hint"' in html
    assert '<p class="hint" id="id_name-hint">' in html
    assert "请填写站点名称" in html


def test_number_keeps_what_was_typed() -> None:
    html = _drawn("{% field form.area %}", form=SampleForm({"area": "很大"}))

    assert 'type="text"' in html
    assert 'value="很大"' in html
    assert 'inputmode="decimal"' in html


def test_first_choice_carries_the_id_of_the_field() -> None:
    html = _drawn("{% field form.lane %}", form=SampleForm({"lane": "no"}))

    assert [html.count(f'id="{name}"') for name in ("id_lane", "id_lane_0", "id_lane_1")] == [
        1,
        0,
        1,
    ]
    assert html.count(" checked") == 1


def test_error_summary_lists_each_field_once_in_order() -> None:
    class Pair(forms.Form):
        first = forms.CharField(error_messages={"required": "请填甲"})
        second = forms.CharField(error_messages={"required": "请填乙"})

        def clean(self) -> None:
            raise forms.ValidationError("甲乙不合")

    summary = c15.error_summary(Pair({}))

    assert summary == {
        "lines": [
            {"id": "id_first", "message": "请填甲"},
            {"id": "id_second", "message": "请填乙"},
        ],
        "general": ["甲乙不合"],
    }


def test_chart_has_its_numbers_in_a_table() -> None:
    data = {"categories": ["甲", "乙"], "series": [{"name": "数", "values": [1200, 7]}]}

    html = _drawn("{% chart 'c' '题' data about='说明' unit='个' %}", data=data)

    assert '<th scope="row">甲</th><td class="num">1,200</td>' in html
    assert '<script id="c-data" type="application/json">' in html
