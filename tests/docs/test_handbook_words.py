"""What the handbooks quote from the pages is written there."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
QUOTED = re.compile("“([^“”]+)”")
LEFT_OUT = re.compile("…+")
# Said aloud, typed by somebody, filled in by the page, a chapter, or a word of another program.
ELSEWHERE = {
    "Setting up the line",
    "zhuanzhen",
    "为 某某单位 办",
    "全部乡镇（街道）便民服务中心",
    "关掉一个再建一个",
    "共多少件",
    "前面还有几人、大约几分钟",
    "多少份中多少份相同",
    "在 1 号窗口开窗",
    "打印到 PDF",
    "收件：单位来办",
    "收件 1,234",
    "替 某某 办",
    "爱新村委会",
    "登记一台设备",
    "达到几项",
    "请 A 零零一号，到一号窗口",
    "请到 1 号窗口",
    "请到几号窗口",
    "长期住在外地看病怎么刷卡",
    "键盘方式",
    "防重复编号",
}


def words_of_pages() -> str:
    """Return the lines with words of a page; a text broken into lines hangs together again."""
    files = (path for kind in ("py", "html", "yaml") for path in ROOT.glob(f"src/**/*.{kind}"))
    lines = (line for path in files for line in path.read_text(encoding="utf-8").splitlines())
    return solid("".join(line for line in lines if not line.isascii())).replace('""', "")


def solid(text: str) -> str:
    return "".join(text.split())


def test_quoted_words_stand_on_the_pages() -> None:
    pages = words_of_pages()
    wrong = {
        f"{part.name}: {quoted}"
        for part in (ROOT / "docs" / "handbook").glob("*.md")
        for quoted in QUOTED.findall(part.read_text(encoding="utf-8"))
        if quoted not in ELSEWHERE
        and any(solid(piece) not in pages for piece in LEFT_OUT.split(quoted))
    }

    assert wrong == set()
