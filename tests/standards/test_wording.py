"""The wording of a criterion for every kind of rule, in both languages."""

import pytest

from circle15.standards import edition
from circle15.standards.text import number_text
from circle15.standards.wording import criterion

JIANGSU = "jiangsu-acceptance"


def rule_of(book_id, rule_id, switches=None):
    return next(rule for rule in edition(book_id).under(switches).rules if rule.id == rule_id)


@pytest.mark.parametrize(
    ("book_id", "rule_id", "zh", "en"),
    [
        (
            JIANGSU,
            "I01.2.a",
            (
                "室内服务场所面积达到150平方米得5分，达到90平方米得3分，达到60平方米得1分，"
                "不足60平方米不得分"
            ),
            "indoor service area: 5 from 150 m², 3 from 90 m², 1 from 60 m², below that 0",
        ),
        (
            JIANGSU,
            "I09.2.b",
            "内外网物理隔离；存储介质合法、操作规范，得1分，否则不得分",
            "1 for physically separate networks, lawful and proper storage media; else 0",
        ),
        (
            JIANGSU,
            "I02.2.a",
            "宣传标志标识、宣传资料架齐全得3分，缺电子显示屏不得分，其余每缺1件扣1分，扣完为止",
            (
                "3 for all of publicity signs, brochure rack; none without display screen; "
                "−1 for each one missing, down to 0"
            ),
        ),
        (
            JIANGSU,
            "I12.2.b",
            "值班巡视、志愿服务、预防救护齐全得1分，每缺1件扣0.5分，扣完为止",
            "1 for all of duty patrol, volunteers, first aid; −0.5 for each one missing, down to 0",
        ),
        (
            JIANGSU,
            "I03.1.a",
            "以医保品牌标识醒目为前提，未发现CHS 标志使用不规范得3分，每发现1处扣0.5分，扣完为止",
            (
                "given a visible insurance brand sign: 3 without wrong use of the CHS emblem; "
                "−0.5 for each, down to 0"
            ),
        ),
        (
            JIANGSU,
            "I09.3.a",
            "未发现迟报或未按要求报送得1分，每发现1次扣0.3分，扣完为止",
            "1 without late or faulty reports; −0.3 for each, down to 0",
        ),
        (
            JIANGSU,
            "I07.2.a",
            "本年度集中培训不少于2次得1分，每少1次扣0.5分，扣完为止",
            (
                "1 for central training sessions this year of at least 2 sessions; "
                "−0.5 for each one short, down to 0"
            ),
        ),
        (
            JIANGSU,
            "I10.2.b",
            "无下列情形得2分，有其一不得分：不提供帮办代办、帮办代办超过 3 个工作日提交",
            (
                "2 unless one of these happens, then none: no agency service, "
                "an agency case handed on after more than 3 working days"
            ),
        ),
        (
            JIANGSU,
            "I05.1.a",
            (
                "乡镇（街道）经办人员：户籍或常住人口（取较大）不足50000人的至少2名，"
                "达到50000人的至少3名（通常不超过4名），得1分，否则不得分"
            ),
            (
                "1 for handling staff of the town: at least 2 where the larger of registered and "
                "resident population is below 50000, at least 3 from there on "
                "(usually not over 4); else 0"
            ),
        ),
        (
            "nantong-demonstration",
            "N9.1.a",
            "应做到：明亮整洁、室内服务场所面积不少于100平方米",
            "shall have: bright and clean, indoor service area at least 100 m²",
        ),
        (
            "nantong-demonstration",
            "N3.2.a",
            "应做到：即办事项平均办理时长不超过10分钟",
            "shall have: average time of instant items at most 10 minutes",
        ),
        (
            "nantong-demonstration",
            "N12.1.a",
            "应做到：未发现CHS 标志使用不规范",
            "shall have: no wrong use of the CHS emblem",
        ),
        (
            "wuhu-demonstration",
            "W3.2.3.b",
            "可做到：自助服务一体机",
            "may have: self-service kiosk",
        ),
        (
            "db3206-1052",
            "D6.3.2a.a",
            "应做到：计算机、打印机、电话；规范柜面或办公家具",
            "shall have: computer, printer, telephone; standard counter or office furniture",
        ),
        (
            "db3206-1052",
            "D6.5.0.a",
            "宜做到：按服务内容、半径和人口配备人员",
            "should have: staff by content, radius and population of the service",
        ),
    ],
)
def test_criterion(book_id, rule_id, zh, en):
    wording = criterion(rule_of(book_id, rule_id))

    assert (wording.zh, wording.en) == (zh, en)


@pytest.mark.parametrize(
    ("rule_id", "switches", "zh"),
    [
        ("I02.4.a", {"basic_medical_start": "start_at_3_cap_2"}, "齐全得2分，从3分起每缺1件扣1分"),
        ("I10.2.b", {"agency_zero_scope": "item"}, "有其一本条各项均不得分"),
        ("I05.1.a", {"population_basis": "resident"}, "：常住人口不足50000人"),
        ("I05.1.a", {"population_basis": "registered"}, "：户籍人口不足50000人"),
        ("I13.2.b", {"staffing_channels_minimum": "three"}, "人员保障渠道不少于3种，得1分"),
    ],
)
def test_another_reading_is_worded_otherwise(rule_id, switches, zh):
    assert zh in criterion(rule_of(JIANGSU, rule_id, switches)).zh


def test_the_other_reading_in_english():
    started = criterion(rule_of(JIANGSU, "I02.4.a", {"basic_medical_start": "start_at_3_cap_2"}))
    wiped = criterion(rule_of(JIANGSU, "I10.2.b", {"agency_zero_scope": "item"}))

    assert started.en.endswith("wheelchair; starting at 3, −1 for each one missing, down to 0")
    assert "then no points in the whole clause: " in wiped.en


@pytest.mark.parametrize(
    ("number", "text"),
    [("98.0", "98"), ("99.50", "99.5"), ("1E+2", "100"), ("0", "0"), ("0.00", "0"), ("120", "120")],
)
def test_numbers_are_written_plainly(number, text):
    from decimal import Decimal

    assert number_text(Decimal(number)) == text
