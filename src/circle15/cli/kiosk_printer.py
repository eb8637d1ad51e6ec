"""`circle15 kiosk-printer`: the print agent on a ticket machine. Needs no database."""

from typing import Annotated, NoReturn

import typer

CANNOT = 2


def kiosk_printer(
    *,
    to: Annotated[
        str,
        typer.Option(help="打印机：file:/dev/usb/lp0、tcp:192.168.1.20:9100 或 usb:04b8:0e15"),
    ],
    origin: Annotated[str, typer.Option(help="取号页面的来源，如 https://hall.example.gov.cn")],
    width: Annotated[int, typer.Option(help="纸宽毫米：58 或 80")] = 80,
    port: Annotated[int, typer.Option(help="本机端口，须与服务器设置一致")] = 9115,
) -> None:
    """Serve until ended; its help in Chinese stands where the command is registered."""
    from circle15.hall.printing.agent import PrintAgent
    from circle15.hall.printing.encoding import PaperWidth
    from circle15.hall.printing.ports import BadAddress, address

    try:
        printer, paper = address(to), PaperWidth(width)
    except BadAddress:
        _refuse(f"打印机地址读不懂：{to}")
    except ValueError:
        _refuse(f"没有这种纸宽：{width}，应为58或80")
    with PrintAgent(printer=printer, width_mm=paper, origin=origin, port=port) as agent:
        typer.echo(f"取号机打印程序已启动，端口 {agent.server_port}，打印到 {to}")
        agent.serve_forever()


def _refuse(words: str) -> NoReturn:
    typer.echo(words, err=True)
    raise typer.Exit(CANNOT) from None
