"""One way to show rows: a table on a terminal, tab-separated lines in a pipe."""

from collections.abc import Iterable, Sequence

import typer
from rich.console import Console
from rich.table import Table


def show(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Show rows with a title on a terminal; in a pipe the rows alone, without decoration."""
    console = Console()
    if not console.is_terminal:
        for row in rows:
            typer.echo("\t".join(map(str, row)))
        return
    table = Table(title=title, title_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*map(str, row))
    console.print(table)
