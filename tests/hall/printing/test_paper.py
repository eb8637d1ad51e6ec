"""What stands on a ticket, and that a printer's paper shows it."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import segno

from circle15.hall.printing.drawing import drawn, rows
from circle15.hall.printing.encoding import PaperWidth, as_picture, as_text
from circle15.hall.printing.paper import Qr, Size, TicketPaper, Words
from circle15.hall.printing.reading_back import UnknownCommand, code_modules, read_back

LINK = "https://hall.example.gov.cn/t/9f3b2c1e-1111-4222-8333-abcdef012345/"
PAPER = TicketPaper(
    hall_name="汇龙镇医保服务站",
    label="A012",
    lane_name="综合业务",
    ahead=3,
    taken_at=datetime(2026, 11, 22, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai")),
    link=LINK,
    wait_min=(5, 12),
    items=("城乡居民参保登记",),
)


def words_of(paper: TicketPaper) -> list[str]:
    return [line.text for line in paper.lines() if isinstance(line, Words)]


def test_paper_says_all_its_holder_needs():
    assert words_of(PAPER) == [
        "汇龙镇医保服务站",
        "A012",
        "综合业务",
        "城乡居民参保登记",
        "前面还有 3 人",
        "约等 5-12 分钟",
        "手机扫码看排队进度",
        "请留意叫号，过号请到服务台",
        "2026-11-22 09:30",
    ]
    assert Qr(LINK) in PAPER.lines()


def test_green_and_synthetic_tickets_say_so():
    marked = words_of(replace(PAPER, is_green=True, is_synthetic=True, wait_min=None))

    assert marked[0] == "演示号票，不能办事"
    assert marked[2].strip() == "绿色通道"
    assert "约等" not in "".join(marked)


@pytest.mark.parametrize("width", PaperWidth)
def test_picture_has_the_width_of_the_roll_and_its_code(width: PaperWidth):
    printed = read_back(as_picture(PAPER.lines(), width))

    expected = segno.make(LINK, error="m", micro=False).matrix
    assert (printed.picture.width, printed.cuts, printed.text.strip()) == (width.dots, 1, "")
    assert code_modules(printed.picture) == tuple(tuple(map(bool, row)) for row in expected)


@pytest.mark.parametrize("width", PaperWidth)
def test_text_comes_back_as_it_was(width: PaperWidth):
    printed = read_back(as_text(PAPER.lines(), width))

    lines = [line for line in printed.text.splitlines() if line and set(line) != {"-"}]
    assert lines == words_of(PAPER)
    assert (printed.codes, printed.cuts, printed.pictures) == ((LINK,), 1, ())


@pytest.mark.parametrize(
    "name", ["新疆维吾尔自治区伊犁哈萨克自治州察布查尔锡伯自治县医保站", "镕喆㐂·Ａ"]
)
def test_long_and_rare_names_fit_the_narrow_roll(name: str):
    broken = rows(Words(name, Size.NORMAL, bold=True), PaperWidth.MM58.dots)

    assert "".join(broken) == name
    assert len(broken) == 1 + (len(name) > 11) * 2


def test_english_words_are_not_broken():
    assert rows(Words("Medical insurance service", Size.NORMAL), 250) == [
        "Medical",
        "insurance",
        "service",
    ]


def test_bytes_no_ticket_has_are_not_read():
    with pytest.raises(UnknownCommand):
        read_back(b"\x1b\x07")


def test_a_line_of_a_list_begins_at_the_edge():
    line = Words("甲", Size.SMALL, left=True)
    picture = drawn([line], PaperWidth.MM80.dots)
    printed = as_text([line, Words("乙")], PaperWidth.MM80)

    dark = [
        x
        for x in range(picture.width)
        for y in range(picture.height)
        if not picture.getpixel((x, y))
    ]
    assert max(dark) < 60
    assert printed.index(b"\x1ba\x00") < printed.index("甲".encode("gb18030"))
    assert printed.index(b"\x1ba\x01", printed.index(b"\x1ba\x00")) < printed.index(
        "乙".encode("gb18030")
    )
