"""The envelope: lengths, required fields, numbers, all problems at once."""

from dataclasses import fields
from datetime import UTC, datetime
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circle15.cases.core_platform.protocol import (
    BadMessage,
    Request,
    Response,
    long_stamp,
    msgid,
    written,
)

AT = datetime(2026, 11, 21, 16, 0, 5, 678_000, tzinfo=UTC)  # past midnight in China
CODE = "H32068100001"
GOOD: dict[str, object] = {
    "infno": "1101",
    "msgid": msgid(CODE, AT, 1),
    "mdtrtarea_admvs": "320681",
    "recer_sys_code": "MBS_LOCAL",
    "infver": "V1.0",
    "opter_type": "1",
    "opter": "c15",
    "opter_name": "业务系统",
    "inf_time": written(AT),
    "fixmedins_code": CODE,
    "fixmedins_name": "启东市医保中心",
    "input": {"data": {"mdtrt_cert_type": "02"}},
}
REPLY: dict[str, object] = {"infcode": 0, "inf_refmsgid": "320681" + "2" * 24, "output": {}}
# As published (interfaces v1), beside the fields' own declaration.
LENGTHS = {
    "infno": 4, "msgid": 30, "mdtrtarea_admvs": 6, "insuplc_admdvs": 6, "recer_sys_code": 10,
    "dev_no": 100, "dev_safe_info": 2000, "cainfo": 1024, "signtype": 10, "infver": 6,
    "opter_type": 3, "opter": 30, "opter_name": 50, "inf_time": 19, "fixmedins_code": 12,
    "fixmedins_name": 20, "sign_no": 30, "input": 40000,
}  # fmt: skip


def test_number_and_times_are_written_as_published():
    assert msgid(CODE, AT, 7) == "H32068100001202611220000050007"
    assert written(AT) == "2026-11-22 00:00:05"
    assert long_stamp(AT) == "20261122000005678"


@pytest.mark.parametrize(("code", "number"), [("H1", 1), (CODE, 0), (CODE, 10_000)])
def test_number_that_would_not_fit_is_refused(code, number):
    with pytest.raises(ValueError, match="no message number"):
        msgid(code, AT, number)


def test_every_field_has_its_published_length():
    assert {one.name: one.metadata["length"] for one in fields(Request)} == LENGTHS


def test_good_request_comes_back_as_it_went():
    request = Request.read(GOOD)

    assert request.problems() == ()
    assert request.to_json() == GOOD


@pytest.mark.parametrize("name", [one for one in LENGTHS if one not in {"input", "msgid"}])
def test_one_character_more_is_named(name):
    long = {**GOOD, name: "1" * (LENGTHS[name] + 1)}

    with pytest.raises(BadMessage) as caught:
        Request.read(long)

    assert f"{name}最长{LENGTHS[name]}" in str(caught.value)


def test_all_problems_are_named_at_once():
    told = {
        **GOOD,
        "infno": "",
        "opter_type": "9",
        "inf_time": "22/11/2026",
        "msgid": "1",
        "opter": 5,
    }

    with pytest.raises(BadMessage) as caught:
        Request.read(told)

    assert sorted(str(one) for one in caught.value.problems) == [
        "inf_time应写作 yyyy-MM-dd HH:mm:ss",
        "msgid应为定点医药机构编号12位、时间14位、顺序号4位",
        "opter_type应为1、2、3之一",
        "opter的类型不对",
        "缺少infno",
    ]


def test_person_number_asks_for_the_place_of_insurance():
    told = {**GOOD, "input": {"data": {"psn_no": "1"}}}

    with pytest.raises(BadMessage, match="insuplc_admdvs"):
        Request.read(told)
    assert Request.read({**told, "insuplc_admdvs": "320681"}).problems() == ()


def test_contents_beyond_40000_characters_are_refused():
    with pytest.raises(BadMessage, match="input最长40000"):
        Request.read({**GOOD, "input": {"data": "x" * 40_000}})


@pytest.mark.parametrize("told", [None, [], "x", {}, {"infcode": 0}, {**REPLY, "infcode": "a"}])
def test_answer_out_of_shape_is_refused(told):
    with pytest.raises(BadMessage):
        Response.read(told)


def test_answer_is_read_with_number_or_text_as_code():
    assert Response.read({**REPLY, "infcode": "0", "output": None}).is_done
    assert not Response.read({**REPLY, "infcode": -1, "err_msg": "x"}).is_done


@given(
    st.dictionaries(
        st.sampled_from([*LENGTHS, "other"]),
        st.none() | st.booleans() | st.integers() | st.text(max_size=40) | st.just({}),
    )
)
def test_whatever_comes_is_read_or_refused(told):
    try:
        request = Request.read({**GOOD, **told})
    except BadMessage:
        return
    assert request.problems() == ()


def test_items_filed_are_items_of_the_house():
    from circle15.cases.core_platform.functions import FUNCTIONS, Kind
    from circle15.standards.core_platform import filings, insurances
    from circle15.standards.service_items import service_items

    assert filings().keys() <= service_items().keys()
    assert {FUNCTIONS[infno].kind for infno in filings().values()} == {Kind.FILING}
    assert insurances()[0] == "310"
    assert (files("circle15.standards") / "data" / "core_platform.yaml").is_file()
