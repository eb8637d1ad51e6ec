"""The catalogue that comes with the house, and what the parser refuses."""

import re
from collections import Counter
from copy import deepcopy
from importlib.resources import files

import pytest

from circle15.standards.catalogue import (
    NATIONAL_MAINS,
    Authority,
    CatalogueItem,
    Channel,
    ItemKind,
    Place,
)
from circle15.standards.catalogue_data import item_data
from circle15.standards.catalogue_library import (
    BUILT_IN,
    built_in,
    catalogue_digest,
    item_sets,
    mains,
    parse_catalogue,
    sources,
    with_digest,
)
from circle15.standards.catalogue_parser import InvalidCatalogue, catalogue_faults, parse_item
from circle15.standards.service_items import service_items

ITEMS = built_in().items
HAN = re.compile(r"[\u3400-\u9fff]")


def test_counts_are_those_of_the_lists_it_rests_on():
    national = [item for item in ITEMS.values() if item.main in NATIONAL_MAINS]

    assert len(ITEMS) == 45
    assert len({item.main for item in national}) == 10
    assert len(national) == len({item.code for item in national}) == 28
    assert len(built_in().high_frequency()) == 13
    assert {key: len(built_in().of_set(key)) for key in item_sets()} == {
        "qidong-hospital": 5,
        "qidong-bank": 3,
        "village-direct": 2,
        "village-assisted": 2,
    }


def test_the_kiosk_s_list_and_the_catalogue_are_one():
    listed = service_items()

    assert set(ITEMS) == set(listed)
    for key, item in ITEMS.items():
        short = listed[key]
        assert (item.code, item.group, item.short_name) == (short.number, short.group, short.name)
        assert item.is_high_frequency == short.is_js13
        assert (item.kind is ItemKind.INSTANT) == short.is_instant


def test_national_numbers_lie_under_their_main_item():
    for item in ITEMS.values():
        code = mains()[item.main].code
        assert item.code[:9] == code
        assert len(item.code) == (12 if code else 0)


def test_sets_are_handled_where_they_say():
    for key, each in item_sets().items():
        words = {item.authority(each.place) for item in built_in().of_set(key)}
        assert words == {Authority.ASSIST if key == "village-assisted" else Authority.HANDLE}


def test_what_is_done_on_the_spot_is_what_most_ask_for():
    assert {item.kind for item in built_in().high_frequency()} == {ItemKind.INSTANT}
    assert {item.main for item in built_in().high_frequency()} == {1, 2, 3, 4}


def test_every_wording_is_in_both_languages():
    for item in ITEMS.values():
        for zh, en in _pairs(item_data(item)):
            assert HAN.search(zh), zh
            assert not HAN.search(en), en


def _pairs(value: object):
    match value:
        case {**fields} if fields:
            for key, each in fields.items():
                if key not in {"when", "aliases", "channels", "delivery", "applicants"}:
                    yield from _pairs(each)
        case [str(zh), str(en)] if HAN.search(zh):
            yield zh, en
        case [*values]:
            for each in values:
                yield from _pairs(each)


def test_origin_of_every_item_is_named():
    assert {key for item in ITEMS.values() for key in item.source} == set(sources())


def test_channels_and_authority_agree():
    for item in ITEMS.values():
        assert (Channel.KIOSK in item.channels) <= (item.authority(Place.KIOSK) != Authority.NONE)
        assert (Channel.BANK in item.channels) <= (item.authority(Place.BANK) != Authority.NONE)


@pytest.mark.parametrize("key", list(ITEMS))
def test_item_comes_back_from_its_data(key):
    again = with_digest(parse_item(item_data(ITEMS[key])))

    assert again == ITEMS[key]
    assert again.digest == ITEMS[key].digest


def test_digest_follows_content_and_order():
    items = list(ITEMS.values())

    assert built_in().digest == catalogue_digest(items)
    assert catalogue_digest(items[::-1]) != built_in().digest
    assert Counter(item.digest for item in items).most_common(1)[0][1] == 1


def _changed(of: str = "outpatient-costs", /, **fields: object) -> dict[str, object]:
    return {**deepcopy(item_data(ITEMS[of])), **fields}


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (_changed(key="Not A Key"), "key：只能用小写字母、数字和连字符，最多 40 个"),
        (_changed(main=11), "main：应为 1、2、3、4、5、6、7、8、9、10、20、30 之一"),
        (_changed(who=["只有中文"]), "who：应为[中文, 英文]"),
        (_changed(colour="red"), "colour：不认识的字段"),
        (_changed(limit={"promised": 31, "statutory": 30}), "limit.promised：不能长于法定时限"),
        (_changed(limit={"promised": 366}), "limit：最多 365 天"),
        (_changed(limit={}), "limit.promised：承诺件应写明承诺时限（天数）"),
        (_changed(conditional_intake=False), "conditional_intake：容缺受理应与可容缺的材料一致"),
        (_changed(levels={"county": "assist"}), "levels：至少要有一处直接办理"),
        (_changed(channels=["fax"]), "channels：不认识：fax，可用：" + "、".join(Channel)),
        (_changed(channels=[]), "channels：应为名称列表"),
        (_changed(fee=["不收\n费", "Free"]), "fee.1：不能含换行、制表符等控制字符"),
        (_changed(fee=["不收费 ", "Free"]), "fee.1：首尾不能有空格"),
        (_changed(fee=["长" * 501, "Free"]), "fee：过长，最多 500 字"),
        (_changed(four_eyes="yes"), "four_eyes：应为 true 或 false"),
        (_changed(steps=[["一"]]), "steps：应为 [[中文, 英文], …]"),
    ],
)
def test_each_problem_is_named_by_its_field(data, problem):
    with pytest.raises(InvalidCatalogue) as refusal:
        parse_item(data)
    assert refusal.value.problems == (problem,)


def _material(**fields: object) -> dict[str, object]:
    return {"key": "paper", "name": ["材料", "Paper"], **fields}


@pytest.mark.parametrize(
    ("materials", "problem"),
    [
        ([_material(), _material()], "materials：paper 重复"),
        ([_material(name=["其他材料", "x"])], "paper.name：应写明是什么材料，不能写“其他材料”"),
        ([_material(copies=10)], "paper.copies：应为 1 到 9"),
        ([_material(when={"age": ["old"]})], "paper.when：没有在它之前的问题 age"),
        (
            [_material(when={"accident": ["war", "flood"]})],
            "paper.when：问题 accident 没有选项 flood、war",
        ),
    ],
)
def test_problems_of_papers_are_named_by_the_paper(materials, problem):
    with pytest.raises(InvalidCatalogue) as refusal:
        parse_item(_changed(materials=materials, conditional_intake=False))
    assert refusal.value.problems == (problem,)


@pytest.mark.parametrize(
    ("question", "problems"),
    [
        ({"choices": [{"key": "a", "text": ["甲", "A"]}]}, ("age.choices：至少两个选项",)),
        (
            {"choices": [{"key": "a", "text": ["甲", "A"]}] * 2},
            ("age.choices：a 重复",),
        ),
        (
            {
                "choices": [{"key": k, "text": ["甲", "A"]} for k in "ab"],
                "when": {"age": ["a"]},
            },
            ("age.when：没有在它之前的问题 age",),
        ),
    ],
)
def test_problems_of_questions_are_named_by_the_question(question, problems):
    whole = {"key": "age", "text": ["多大？", "How old?"], **question}

    with pytest.raises(InvalidCatalogue) as refusal:
        parse_item(_changed("own-record", questions=[whole]))
    assert refusal.value.problems == problems


def test_a_refusal_of_everybody_is_refused():
    with pytest.raises(InvalidCatalogue) as refusal:
        parse_item(_changed("own-record", refusals=[{"reason": ["不行", "No"]}]))
    assert refusal.value.problems == ("refusals[1].when：缺少适用条件，否则任何人都不能办理",)


def test_several_problems_are_named_at_once():
    with pytest.raises(InvalidCatalogue) as refusal:
        parse_item(_changed(main=11, who=["x"], kind="slow", source=[]))
    assert len(refusal.value.problems) == 4


def test_nobody_may_apply_is_a_fault():
    data = _changed("advice")
    del data["applicants"]

    with pytest.raises(InvalidCatalogue) as refusal:
        parse_item(data)
    assert refusal.value.problems == ("applicants：至少要有一种服务对象",)


def test_a_case_without_a_way_to_apply_is_a_fault():
    data = _changed()
    del data["channels"]

    with pytest.raises(InvalidCatalogue) as refusal:
        parse_item(data)
    assert refusal.value.problems == ("channels：至少要有一种办理方式",)


def test_what_is_done_on_the_spot_is_of_the_instant_kind():
    with pytest.raises(InvalidCatalogue) as refusal:
        parse_item(_changed(limit={"instant": True, "promised": 0}))
    assert refusal.value.problems == (
        "limit.instant：应与 kind 一致",
        "limit.promised：承诺件应写明承诺时限（天数）",
    )


def test_instant_items_promise_no_days():
    with pytest.raises(InvalidCatalogue) as refusal:
        parse_item(_changed("own-record", limit={"instant": True, "promised": 1}))
    assert refusal.value.problems == ("limit.promised：当场办结的事项应为 0",)


def test_data_that_are_no_mapping_are_refused():
    with pytest.raises(InvalidCatalogue, match="应为键值表"):
        parse_item([])


def _with(**changes: CatalogueItem | None) -> dict[str, CatalogueItem]:
    items = {**ITEMS, **{key.replace("_", "-"): item for key, item in changes.items()}}
    return {key: item for key, item in items.items() if item is not None}


def test_faults_between_items():
    twin = parse_item(_changed("certificate", key="twin"))

    assert catalogue_faults(ITEMS) == ()
    assert catalogue_faults(_with(twin=twin)) == (
        "code：002036003001 重复",
        "name：出具《参保凭证》 重复",
        "high_frequency：应恰好 13 项，现有 14 项",
    )
    assert catalogue_faults(_with(hospital_costs=None)) == (
        "aid-costs.refusals：没有事项 hospital-costs",
    )


HEAD = "title: [甲, A]\nversion: a\nfees: {free: [不收, Free]}\nsteps: {None: [[甲, A]]}\n"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: [", "第 1 行：不是有效的 YAML"),
        ("- x", "：应为键值表"),
        ("items: [{key: x}]", "title：缺少"),
        ("title: [甲, A]\nversion: a\nitems: [{key: x}]", "x.fees：没有 free"),
        (f"{HEAD}items: [{{key: x}}]", "x：不在事项简表"),
        (f"{HEAD}items: [{{key: advice}}, {{key: advice}}]", "advice.main：缺少"),
        (f"{HEAD}items: [x]", "items[1]：应为键值表"),
        (f"{HEAD}items: [{{key: x, fee: no-such-fee}}]", "x.fees：没有 no-such-fee"),
    ],
)
def test_unreadable_catalogues_say_why(text, problem):
    with pytest.raises(InvalidCatalogue) as refusal:
        parse_catalogue(text)
    assert refusal.value.problems[0].startswith(problem)


def test_items_that_are_no_catalogue_together_are_refused():
    before, mark, rest = _source().partition("- key: home-visit\n")
    moved = f"{mark}{rest}"

    with pytest.raises(InvalidCatalogue) as refusal:
        parse_catalogue(before.replace("\n- key: certificate\n", "\n- key: home-visit\n"))
    assert refusal.value.problems == ("high_frequency：应恰好 13 项，现有 12 项",)
    with pytest.raises(InvalidCatalogue) as refusal:
        parse_catalogue(f"{before}{moved}{moved}")
    assert refusal.value.problems == ("home-visit：事项重复",)


def _source() -> str:
    path = files("circle15.standards") / "data" / "catalogue" / f"{BUILT_IN}.yaml"
    return path.read_text(encoding="utf-8")


def test_parts_of_a_catalogue_and_of_an_item():
    whole, item = built_in(), ITEMS["outpatient-costs"]

    assert [each.key for each in whole.of_main(5)] == ["chronic-disease"]
    assert [each.key for each in whole.of_group("transfer")] == ["insurance-transfer"]
    assert item.is_online
    assert item.material("invoice") is item.materials[1]
    assert item.material("no-such-paper") is None
    assert item.question("settled") is item.questions[0]
    assert not ITEMS["advice"].is_online
