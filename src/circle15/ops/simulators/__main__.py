"""Run a simulated machine or house by hand: `python -m circle15.ops.simulators printer|sms|…`."""

import argparse
import sys
import time
from datetime import date
from pathlib import Path

from circle15.hall.printing.reading_back import Printed
from circle15.ops.simulators import hotline, platforms, reader, sms
from circle15.ops.simulators.printer import PrinterSimulator
from circle15.ops.simulators.serving import HOST


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(prog="circle15.ops.simulators")
    machines = parser.add_subparsers(dest="machine", required=True)
    printer = machines.add_parser("printer")
    printer.add_argument("--port", type=int, default=9100)
    printer.add_argument("--out", type=Path, default=None)
    printer.add_argument("--no-paper", action="store_true")
    codes = machines.add_parser("reader")
    codes.add_argument("--kind", choices=("id", "ecard"), default="id")
    codes.add_argument("--born", type=date.fromisoformat, default=date(1950, 1, 1))
    gateway = machines.add_parser("sms")
    gateway.add_argument("--port", type=int, default=9200)
    gateway.add_argument("--key", type=bytes.fromhex, default=sms.KEY)
    core = machines.add_parser("core-platform")
    core.add_argument("--var", type=Path, default=Path("var"))
    house = machines.add_parser("hotline")
    house.add_argument("--port", type=int, default=9300)
    house.add_argument("--control-port", type=int, default=0)
    house.add_argument("--key", type=bytes.fromhex, default=hotline.KEY)
    house.add_argument("--state", default=":memory:")
    chosen = parser.parse_args()
    if chosen.machine == "reader":
        sys.stdout.write(_code(chosen.kind, chosen.born) + "\n")
    elif chosen.machine == "sms":
        _run_gateway(chosen.port, chosen.key)
    elif chosen.machine == "core-platform":
        platforms.run(chosen.var)
    elif chosen.machine == "hotline":
        _run_hotline(chosen.port, chosen.control_port, chosen.key, chosen.state)
    else:
        _run_printer(chosen.port, chosen.out, has_paper=not chosen.no_paper)


def _code(kind: str, born: date) -> str:
    return reader.synthetic_resident_id(born) if kind == "id" else reader.synthetic_ecard(1)


def _run_printer(port: int, out: Path | None, *, has_paper: bool) -> None:
    def show(paper: Printed) -> None:
        size = "x".join(str(side) for side in paper.picture.size)
        sys.stdout.write(f"paper: picture {size}, cuts {paper.cuts}\n{paper.text}\n")
        sys.stdout.flush()
        if out is not None:
            out.mkdir(parents=True, exist_ok=True)
            paper.picture.save(out / f"ticket-{time.time_ns()}.png")

    with PrinterSimulator(port=port, has_paper=has_paper, on_paper=show) as simulator:
        sys.stdout.write(f"printer listens on {simulator.port}\n")
        sys.stdout.flush()
        while True:
            time.sleep(60)


def _run_gateway(port: int, key: bytes) -> None:
    def show(message: sms.Message) -> None:
        sys.stdout.write(f"{message.to}: {message.text}\n")
        sys.stdout.flush()

    with sms.SmsSimulator(port=port, key=key, on_message=show) as simulator:
        words = f"CIRCLE15_SMS_URL={simulator.url} CIRCLE15_SMS_KEY={key.hex()}"
        sys.stdout.write(f"short messages are taken: {words}\n")
        sys.stdout.flush()
        while True:
            time.sleep(60)


def _run_hotline(port: int, control_port: int, key: bytes, state: str) -> None:
    with hotline.HotlineSimulator(port, control_port, key, state) as house:
        words = f"CIRCLE15_HOTLINE_URL={house.url} CIRCLE15_HOTLINE_KEY={key.hex()}"
        control = f"http://{HOST}:{house.control_port}/"
        sys.stdout.write(f"12345 takes orders: {words} (switches: {control})\n")
        sys.stdout.flush()
        while True:
            time.sleep(60)


if __name__ == "__main__":
    main()
