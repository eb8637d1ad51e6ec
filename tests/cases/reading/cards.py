"""Made-up identity and bank cards as photos: seeded, marked as specimens, of nobody.

The region of the numbers, 999999, has never been given out.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from io import BytesIO
from random import Random

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from circle15.core.identifiers import resident_id_check_character
from circle15.core.papers.fonts import FILES, SANS
from circle15.core.reading.bank_card import is_card_number
from circle15.core.reading.fields import Field

WIDTH, HEIGHT = 1000, 630
SURNAMES = "王李张刘陈杨赵黄周吴徐孙马朱胡林郭何高罗"
GIVEN = "秀英建国志强丽华明芳桂兰玉梅海燕文军雪琴春宇子涵浩然欣怡"
NATIONS = ("汉", "汉", "汉", "回", "满", "土家", "维吾尔")
TOWNS = ("汇龙镇", "南阳镇", "北新镇", "吕四港镇", "合作镇")
ROADS = ("样本路", "例子街", "范本巷", "示范大道")
INK, LABEL, MARK = (25, 25, 30), (70, 110, 160), (205, 170, 170)
BANKS = ("样本银行", "范例农村商业银行", "示例储蓄银行")


@dataclass(frozen=True, slots=True)
class Specimen:
    """A photo and what stands on it."""

    photo: bytes
    says: dict[Field, str]


def identity_card(random: Random, *, hard: bool = True) -> Specimen:
    """Draw the portrait side; `hard`: as photographed by hand."""
    born = date(1935, 1, 1) + timedelta(days=random.randrange(80 * 365))
    body = f"999999{born:%Y%m%d}{random.randrange(1, 1000):03}"
    says = {
        Field.NAME: random.choice(SURNAMES) + "".join(random.sample(GIVEN, random.choice((1, 2)))),
        Field.SEX: "男" if int(body[16]) % 2 else "女",
        Field.NATION: random.choice(NATIONS),
        Field.BIRTH: born.isoformat(),
        Field.ADDRESS: f"江苏省启东市{random.choice(TOWNS)}{random.choice(ROADS)}"
        f"{random.randrange(1, 300)}号{random.randrange(1, 30)}幢{random.randrange(101, 1800)}室",
        Field.ID_NUMBER: body + resident_id_check_character(body),
    }
    return Specimen(_photographed(_drawn(says, random), random, hard=hard), says)


def bank_card(random: Random, *, hard: bool = True) -> Specimen:
    """Draw a card with its number in groups of four."""
    body = "".join(str(random.randrange(10)) for _ in range(15))
    number = next(f"9{body}{n}00" for n in range(10) if is_card_number(f"9{body}{n}00"))
    says = {Field.BANK: random.choice(BANKS), Field.CARD_NUMBER: number}
    image = _paper((40, 70, 120), random)
    draw = ImageDraw.Draw(image)
    draw.text((60, 50), says[Field.BANK], font=_font(54), fill=(240, 240, 240))
    grouped = " ".join(number[n : n + 4] for n in range(0, len(number), 4))
    draw.text((60, 330), grouped, font=_font(66), fill=(245, 240, 220))
    draw.text((640, 520), "样本 SPECIMEN", font=_font(40), fill=(90, 120, 170))
    return Specimen(_photographed(image, random, hard=hard), says)


def _drawn(says: dict[Field, str], random: Random) -> Image.Image:
    image = _paper((226, 234, 240), random)
    draw = ImageDraw.Draw(image)
    draw.text((340, 520), "样本 SPECIMEN", font=_font(44), fill=MARK)
    draw.rectangle((690, 90, 930, 400), fill=(190, 195, 200))
    year, month, day = (str(int(part)) for part in says[Field.BIRTH].split("-"))
    line = [("姓名", says[Field.NAME], 60, 60)]
    line += [("性别", says[Field.SEX], 60, 145), ("民族", says[Field.NATION], 270, 145)]
    for label, value, x, y in line:
        draw.text((x, y), label, font=_font(30), fill=LABEL)
        draw.text((x + 100, y - 3), value, font=_font(38), fill=INK)
    draw.text((60, 230), "出生", font=_font(30), fill=LABEL)
    for value, label, x in ((year, "年", 160), (month, "月", 310), (day, "日", 420)):
        draw.text((x, 227), value, font=_font(38), fill=INK)
        draw.text((x + (90 if label == "年" else 52), 230), label, font=_font(30), fill=LABEL)
    draw.text((60, 315), "住址", font=_font(30), fill=LABEL)
    address = says[Field.ADDRESS]
    for n, part in enumerate((address[:13], address[13:])):
        draw.text((160, 312 + 52 * n), part, font=_font(36), fill=INK)
    draw.text((60, 460), "公民身份号码", font=_font(30), fill=LABEL)
    draw.text((330, 452), says[Field.ID_NUMBER], font=_font(46), fill=INK)
    return image


def _paper(color: tuple[int, int, int], random: Random) -> Image.Image:
    """Return the blank card with its pattern of fine waves."""
    image = Image.new("RGB", (WIDTH, HEIGHT), color)
    draw = ImageDraw.Draw(image)
    wave = tuple(max(0, part - 14) for part in color)
    phase, step = random.random() * 6, np.arange(0, WIDTH, 8)
    for y in range(0, HEIGHT, 12):
        curve = y + 9 * np.sin(step / 55 + phase + y / 40)
        draw.line([(int(x), int(h)) for x, h in zip(step, curve, strict=True)], fill=wave)
    return image


def _photographed(image: Image.Image, random: Random, *, hard: bool) -> bytes:
    """Lay the card on a table and take a photo: turned, shaded, noisy, blurred, compressed."""
    table = Image.new("RGB", (WIDTH + 240, HEIGHT + 240), (95, 85, 75))
    table.paste(image, (120, 120))
    if hard:
        angle = random.choice((0, 0, 0, 90, 180, 270)) + random.uniform(-8, 8)
        table = table.rotate(
            angle, Image.Resampling.BICUBIC, expand=True, fillcolor=(95, 85, 75)
        ).filter(ImageFilter.GaussianBlur(random.uniform(0.3, 1.3)))
        table = Image.fromarray(_shaded(np.asarray(table, dtype=np.float32), random))
    out = BytesIO()
    table.save(out, "JPEG", quality=random.randint(60, 85) if hard else 90)
    return out.getvalue()


def _shaded(pixels: np.ndarray, random: Random) -> np.ndarray:
    """Darken towards one side and add the noise of a dim room."""
    height, width = pixels.shape[:2]
    toward = random.uniform(0, 2 * np.pi)
    y, x = np.mgrid[0:height, 0:width]
    slope = (x / width - 0.5) * np.cos(toward) + (y / height - 0.5) * np.sin(toward)
    light = 0.8 + random.uniform(0.1, 0.45) * slope
    noise = np.random.default_rng(random.randrange(2**32)).normal(
        0, random.uniform(3, 12), pixels.shape
    )
    return np.clip(pixels * light[:, :, None] + noise, 0, 255).astype(np.uint8)


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FILES[SANS]), size)
