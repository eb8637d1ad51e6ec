"""The real reader on made-up cards, where it is installed (`make reading`); else not asked."""

from random import Random

import pytest
from tests.cases.reading.cards import bank_card, identity_card

from circle15.cases.reading.port import CannotRead
from circle15.config.settings import CHECKOUT_DIR
from circle15.core.reading.fields import Field, Paper
from circle15.core.reading.papers import read_paper
from circle15.ops.reading.process import MEGABYTES, ReaderProcess
from circle15.ops.reading.where import ENGINE, interpreter, is_installed

# The bench reads many: make bench ARGS=reading.
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not is_installed(CHECKOUT_DIR / "var"), reason="the optional reader is not installed"
    ),
]
PYTHON = str(interpreter(CHECKOUT_DIR / "var"))


@pytest.fixture
def reader():
    made = ReaderProcess([PYTHON, "-I", str(ENGINE), str(MEGABYTES)], limit_s=60)
    yield made
    made.rest()


def test_cards_are_read_and_a_broken_picture_harms_nobody(reader):
    random = Random(15)
    card, bank = identity_card(random), bank_card(random)
    paper = read_paper(reader.read(card.photo))
    assert {each.field: each.value for each in paper.found} == card.says
    with pytest.raises(CannotRead):
        reader.read(card.photo[:2000])
    paper = read_paper(reader.read(bank.photo))
    assert paper.paper == Paper.BANK_CARD
    assert paper.value(Field.CARD_NUMBER) == bank.says[Field.CARD_NUMBER]


def test_the_reader_ends_where_its_memory_does():
    reader = ReaderProcess([PYTHON, "-I", str(ENGINE), "300"], limit_s=60)
    with pytest.raises(CannotRead):
        reader.read(identity_card(Random(1)).photo)
