"""The command of the print agent."""

import pytest
from typer.testing import CliRunner

from circle15.cli.main import app

HOME = ["--origin", "https://hall.example.gov.cn"]


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        (["--to", "lp0"], "打印机地址读不懂：lp0"),
        (["--to", "file:/dev/null", "--width", "76"], "没有这种纸宽：76，应为58或80"),
    ],
)
def test_agent_refuses_what_it_cannot_use(words: list[str], refusal: str):
    result = CliRunner().invoke(app, ["kiosk-printer", *words, *HOME])

    assert (result.exit_code, result.output.strip()) == (2, refusal)
