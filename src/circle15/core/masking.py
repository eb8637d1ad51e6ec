"""Masks for personal data on screens, in logs and in audit lines."""

_COMPOUND = (
    "欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 "
    "濮阳 公冶 太叔 申屠 公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 令狐 百里 呼延 东郭 南门 "
    "西门 拓跋 第五"
)
_COMPOUND_SURNAMES = frozenset(_COMPOUND.split())
_HIDDEN_AT_LEAST = 4


def mask_resident_id(text: str) -> str:
    """Keep the first 3 and the last 4 characters: 320***********1234."""
    return _keep(text, 3, 4)


def mask_phone(text: str) -> str:
    """Keep the first 3 and the last 4 characters: 138****8000; a short number is hidden whole."""
    return _keep(text, 3, 4)


def mask_name(text: str) -> str:
    """Keep the surname, compound ones whole: 王*, 欧阳**; a single character is hidden."""
    text = text.strip()
    kept = 2 if text[:2] in _COMPOUND_SURNAMES and len(text) > 2 else 1  # noqa: PLR2004 -- two characters
    return text[:kept] + "*" * (len(text) - kept) if len(text) > 1 else "*" * len(text)


def _keep(text: str, head: int, tail: int) -> str:
    hidden = len(text) - head - tail
    if hidden < _HIDDEN_AT_LEAST:
        return "*" * len(text)
    return text[:head] + "*" * hidden + text[-tail:]
