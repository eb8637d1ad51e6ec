"""The field for a site: a list of few, a name or number of many."""

import pytest
from django import forms

from circle15.web.shared.site_fields import MOST_OFFERED, SiteField


class WithSite(forms.Form):
    site = SiteField(label="网点", required=False)

    def __init__(self, data=None, *, sites, **more):
        super().__init__(data, **more)
        self.fields["site"].choices = [("", "全部"), *sites]


FEW = [("QD-0001", "汇龙镇医保服务站"), ("QD-0002", "北新镇医保服务站")]
MANY = [*FEW, *((f"CUN-{n:04}", f"第{n}村医保服务点") for n in range(MOST_OFFERED))]


def problem(typed: str) -> str:
    return WithSite({"site": typed}, sites=MANY).errors["site"][0]


def test_few_are_a_list():
    form = WithSite({"site": "QD-0002"}, sites=FEW)
    assert form.is_valid()
    assert form.cleaned_data == {"site": "QD-0002"}
    assert "<select" in str(form["site"])
    assert not WithSite({"site": "汇龙"}, sites=FEW).is_valid()


@pytest.mark.parametrize("typed", ["QD-0002", "北新镇医保服务站", " 北新 "])
def test_many_are_found_by_number_name_or_a_part_only_one_has(typed):
    form = WithSite({"site": typed}, sites=MANY)
    assert form.is_valid()
    assert form.cleaned_data == {"site": "QD-0002"}
    assert f'value="{typed}"' in str(form["site"]) or typed == "QD-0002"


def test_the_number_ends_a_path():
    paths = [(f"/320600000000/{code}/", name) for code, name in MANY]
    form = WithSite({"site": "CUN-0199"}, sites=paths)
    assert form.is_valid()
    assert form.cleaned_data == {"site": "/320600000000/CUN-0199/"}


def test_what_is_set_is_shown_by_name_and_nothing_means_all():
    assert 'value="北新镇医保服务站"' in str(
        WithSite(sites=MANY, initial={"site": "QD-0002"})["site"]
    )
    form = WithSite({"site": ""}, sites=MANY)
    assert form.is_valid()
    assert form.cleaned_data == {"site": ""}


def test_what_many_have_names_those_that_come_near_and_what_none_has_says_so():
    assert "2 个网点" in problem("医保服务站")
    assert "汇龙镇医保服务站（QD-0001）" in problem("医保服务站")
    assert "没有找到网点“无此站”" in problem("无此站")
