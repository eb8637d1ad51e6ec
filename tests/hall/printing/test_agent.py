"""The print agent beside a kiosk's browser."""

import http.client
import json
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import pytest

from circle15.hall.printing.agent import MOST_BYTES, PrintAgent
from circle15.hall.printing.encoding import PaperWidth, as_text
from circle15.hall.printing.paper import Words
from circle15.hall.printing.ports import address
from circle15.ops.simulators.printer import PrinterSimulator

ORIGIN = "https://hall.example.gov.cn"
TICKET = as_text([Words("A001")], PaperWidth.MM80)


@contextmanager
def agent_of(printer: PrinterSimulator) -> Iterator[PrintAgent]:
    at = address(f"tcp:127.0.0.1:{printer.port}")
    with PrintAgent(printer=at, width_mm=80, origin=f"{ORIGIN}/", port=0) as agent:
        runner = Thread(target=agent.serve_forever, kwargs={"poll_interval": 0.02})
        runner.start()
        yield agent
        agent.shutdown()
        runner.join()


def ask(
    agent: PrintAgent, method: str, body: bytes = b"", **headers: str
) -> tuple[int, dict[str, object]]:
    line = http.client.HTTPConnection("127.0.0.1", agent.server_port, timeout=5)
    line.request(method, "/", body, {"Origin": ORIGIN} | headers)
    reply = line.getresponse()
    answer = json.loads(reply.read())
    line.close()
    return reply.status, answer


def test_agent_prints_and_says_how_wide():
    with PrinterSimulator() as printer, agent_of(printer) as agent:
        answers = [ask(agent, "GET"), ask(agent, "POST", TICKET)]

    assert answers == [(200, {"width": 80, "trouble": ""})] * 2
    assert [paper.text.strip() for paper in printer.papers] == ["A001"]


def test_agent_says_that_paper_is_out():
    with PrinterSimulator(has_paper=False) as printer, agent_of(printer) as agent:
        assert ask(agent, "POST", TICKET) == (200, {"width": 80, "trouble": "no_paper"})


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://elsewhere.example"}, {"Host": "elsewhere.example"}]
)
def test_agent_serves_pages_of_its_hall_only(headers: dict[str, str]):
    with PrinterSimulator() as printer, agent_of(printer) as agent:
        assert ask(agent, "POST", TICKET, **headers) == (403, {"trouble": "forbidden"})

    assert printer.papers == []


def test_agent_takes_no_book():
    with PrinterSimulator() as printer, agent_of(printer) as agent:
        too_long = {"Content-Length": str(MOST_BYTES + 1)}
        assert ask(agent, "POST", b"", **too_long) == (413, {"trouble": "too_large"})
