"""A guide on the paper of a ticket machine, line by line."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from circle15.hall.printing.paper import Line, Qr, Rule, Size, Words
from circle15.standards.catalogue import CatalogueItem, Material
from circle15.web.shared.item_words import named, paper_words, said, time_words, when_words


def guide_lines(
    item: CatalogueItem, *, hall_name: str, version: str, link: str, at: datetime
) -> tuple[Line, ...]:
    """Return what is printed of an item, from the top; nothing about a person is on it."""
    return tuple(_lines(item, hall_name=hall_name, version=version, link=link, at=at))


def _lines(
    item: CatalogueItem, *, hall_name: str, version: str, link: str, at: datetime
) -> Iterator[Line]:
    yield Words(hall_name, Size.SMALL)
    yield Words(said(item.short_name), Size.LARGE, bold=True)
    yield Rule()
    yield Words(_("要带的材料"), bold=True, left=True)
    if not item.materials:
        yield Words(_("不用带任何材料。"), Size.SMALL, left=True)
    for number, material in enumerate(item.materials, start=1):
        yield from _material(item, number, material)
    yield Rule()
    for name, words in _facts(item):
        yield Words(
            _("%(name)s：%(words)s") % {"name": name, "words": words}, Size.SMALL, left=True
        )
    yield Rule()
    yield Qr(link)
    yield Words(_("手机扫码：看完整指南、最近的服务点"), Size.SMALL)
    yield Words(_("医保服务热线 12393"), Size.SMALL)
    yield Words(
        _("指南版本 %(version)s，%(at)s 打印") % {"version": version, "at": f"{at:%Y-%m-%d %H:%M}"},
        Size.SMALL,
    )


def _material(item: CatalogueItem, number: int, material: Material) -> Iterator[Words]:
    yield Words(f"{number}. {said(material.name)}", Size.NORMAL, left=True)
    yield Words(paper_words(material), Size.SMALL, left=True)
    if material.when:
        when = when_words(item, material.when)
        yield Words(_("%s的才需要") % when, Size.SMALL, left=True)
    if material.is_deferrable:
        yield Words(_("可以先办，以后补交"), Size.SMALL, left=True)
    if material.by_commitment:
        yield Words(_("可以写承诺书代替"), Size.SMALL, left=True)


def _facts(item: CatalogueItem) -> Iterator[tuple[str, str]]:
    yield _("多久办好"), time_words(item)
    yield _("要花多少钱"), said(item.fee)
    yield _("怎么办"), named("channel", item.channels)
    yield _("办好得到"), said(item.result)
