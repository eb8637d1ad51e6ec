"""What a line says, for every kind of rule and every way to win or lose."""

import pytest

from circle15.scoring import score
from circle15.scoring.samples import full_facts
from circle15.standards import edition

JIANGSU = "jiangsu-acceptance"
NANTONG = "nantong-demonstration"


@pytest.mark.parametrize(
    ("book_id", "rule_id", "change", "zh", "en"),
    [
        (
            JIANGSU,
            "I01.2.a",
            {"site.indoor_area_m2": 128},
            "室内服务场所面积128平方米，达到90平方米",
            "indoor service area 128 m²: reaches 90 m²",
        ),
        (
            JIANGSU,
            "I01.2.a",
            {"site.indoor_area_m2": 59},
            "室内服务场所面积59平方米，不足60平方米",
            "indoor service area 59 m²: less than 60 m²",
        ),
        (JIANGSU, "I01.1.a", {}, "全部具备", "all in place"),
        (
            JIANGSU,
            "I01.1.a",
            {"site.radiation_strong": False, "site.location_suitable": False},
            "未满足：选址合适、辐射能力强",
            "not fulfilled: a suitable location, a strong reach",
        ),
        (JIANGSU, "I02.1.a", {}, "全部具备", "all in place"),
        (
            JIANGSU,
            "I02.1.a",
            {"eq.scanner_ocr": False, "eq.copier": False},
            "缺带 OCR 的扫描仪，本项不得分",
            "without scanner with OCR: no points",
        ),
        (
            JIANGSU,
            "I02.1.a",
            {"eq.copier": False, "eq.printer": False},
            "缺打印机、复印机（2件），扣2分",
            "missing printer, copier (2): −2",
        ),
        (
            JIANGSU,
            "I12.2.b",
            {"mech.duty_patrol": False, "mech.volunteer": False, "mech.first_aid": False},
            "缺值班巡视、志愿服务、预防救护（3件），扣1分，扣完为止",
            "missing duty patrol, volunteers, first aid (3): −1, down to 0",
        ),
        (JIANGSU, "I03.1.a", {}, "未发现问题", "no findings"),
        (
            JIANGSU,
            "I03.1.a",
            {"sign.chs_nonconforming_spots": 1},
            "CHS 标志使用不规范1处，扣0.5分",
            "wrong use of the CHS emblem 1 spot: −0.5",
        ),
        (
            JIANGSU,
            "I03.1.a",
            {"sign.chs_nonconforming_spots": 7},
            "CHS 标志使用不规范7处，扣3分，扣完为止",
            "wrong use of the CHS emblem 7 spots: −3, down to 0",
        ),
        (
            JIANGSU,
            "I03.1.a",
            {"sign.brand_present_and_visible": False},
            "未满足前提：医保品牌标识醒目，不得分",
            "without a visible insurance brand sign: no points",
        ),
        (
            JIANGSU,
            "I07.2.a",
            {},
            "本年度集中培训达到2次",
            "central training sessions this year: 2 sessions reached",
        ),
        (
            JIANGSU,
            "I07.2.a",
            {"train.sessions_this_year": 1},
            "本年度集中培训比2次少1次，扣0.5分",
            "central training sessions this year: 1 session short of 2 sessions: −0.5",
        ),
        (
            JIANGSU,
            "I07.2.a",
            {"train.shortfall_sessions": 3},
            "本年度集中培训比2次少3次，扣1分，扣完为止",
            "central training sessions this year: 3 sessions short of 2 sessions: −1, down to 0",
        ),
        (JIANGSU, "I10.2.b", {}, "未出现不得分情形", "nothing against it"),
        (
            JIANGSU,
            "I10.2.b",
            {"agency.not_offered": True},
            "出现：不提供帮办代办，不得分",
            "no agency service: no points",
        ),
        (
            JIANGSU,
            "I05.1.a",
            {"staff.town_headcount": 2},
            "在岗2名，人口60000人，应不少于3名",
            "2 staff for 60000 people, at least 3 due",
        ),
        (
            JIANGSU,
            "I05.1.a",
            {"staff.town_headcount": 4},
            "在岗4名，人口60000人，应不少于3名",
            "4 staff for 60000 people, at least 3 due",
        ),
        (
            JIANGSU,
            "I05.1.a",
            {"staff.town_headcount": 5},
            "在岗5名，人口60000人，应不少于3名，超过通常人数（仅提示）",
            "5 staff for 60000 people, at least 3 due, more than usual (a notice only)",
        ),
        (
            JIANGSU,
            "I05.1.a",
            {"staff.town_headcount_meets_norm": False},
            "未达到：乡镇（街道）经办人员达到配备要求",
            "not so: handling staff of the town up to the norm",
        ),
        (
            JIANGSU,
            "I13.2.b",
            {"hr.staffing_channels": 1},
            "未满足：人员保障渠道不少于2种（现为1种）",
            "not fulfilled: channels of staffing at least 2 channels (now 1 channel)",
        ),
        (
            JIANGSU,
            "I13.2.b",
            {"hr.multi_channel_staffing": False},
            "未满足：多渠道保障人员",
            "not fulfilled: staffing through several channels",
        ),
        (
            NANTONG,
            "N3.2.a",
            {"ops.instant_avg_minutes": 12},
            "未满足：即办事项平均办理时长不超过10分钟（现为12分钟）",
            "not fulfilled: average time of instant items at most 10 minutes (now 12 minutes)",
        ),
        (
            NANTONG,
            "N12.1.a",
            {"sign.chs_nonconforming_spots": 2},
            "未满足：未发现CHS 标志使用不规范（现为2处）",
            "not fulfilled: no wrong use of the CHS emblem (now 2 spots)",
        ),
        (
            NANTONG,
            "N10.1.a",
            {"eq.scanner": False, "eq.scanner_ocr": False, "eq.bench": False},
            "未满足：排椅、扫描仪或带 OCR 的扫描仪",
            "not fulfilled: bench seating, scanner or scanner with OCR",
        ),
        (
            NANTONG,
            "N13.1.a",
            {"staff.town_headcount": 2},
            "未满足：在岗2名，人口60000人，应不少于3名",
            "not fulfilled: 2 staff for 60000 people, at least 3 due",
        ),
        (
            NANTONG,
            "N9.1.a",
            {"site.area_m2": 99, "site.bright_clean": False},
            "未满足：明亮整洁、服务场所面积",
            "not fulfilled: bright and clean, service area",
        ),
    ],
)
def test_reason(book_id, rule_id, change, zh, en):
    book = edition(book_id)

    reason = score(book, full_facts(book) | change).line(rule_id).reason

    assert (reason.zh, reason.en) == (zh, en)


def test_a_piece_forgiven_costs_nothing_and_says_so():
    book = edition(JIANGSU)
    facts = full_facts(book) | {"eq.wheelchair": False}

    sheet = score(book, facts, switches={"basic_medical_start": "start_at_3_cap_2"})

    reason = sheet.line("I02.4.a").reason
    assert (reason.zh, reason.en) == (
        "缺轮椅（1件），不扣分",
        "missing wheelchair (1): nothing lost",
    )


def test_forgiven_pieces_do_not_make_a_rule_run_below_zero():
    book = edition(JIANGSU)
    missing = ["eq.wheelchair", "eq.bp_monitor", "eq.first_aid_kit"]
    facts = full_facts(book) | dict.fromkeys(missing, False)

    three = score(book, facts, switches={"basic_medical_start": "start_at_3_cap_2"})
    facts["eq.epidemic_supplies"] = False
    four = score(book, facts, switches={"basic_medical_start": "start_at_3_cap_2"})

    assert three.line("I02.4.a").reason.zh.endswith("（3件），扣2分")
    assert four.line("I02.4.a").reason.zh.endswith("（4件），扣2分，扣完为止")
