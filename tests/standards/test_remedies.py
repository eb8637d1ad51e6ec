"""How long somebody who was refused has to go on."""

from circle15.standards.remedies import Remedies, remedies
from circle15.standards.text import Text


def test_the_periods_are_those_of_the_two_laws():
    assert remedies() == Remedies(
        reconsideration_days=60,
        reconsideration_law=Text(
            "《中华人民共和国行政复议法》", "Administrative Reconsideration Law"
        ),
        lawsuit_months=6,
        lawsuit_law=Text("《中华人民共和国行政诉讼法》", "Administrative Litigation Law"),
    )
