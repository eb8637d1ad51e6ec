"""The words typer puts around ours, in Chinese where it lets them be set."""

from rich.text import Text
from typer import rich_utils


class Folding(rich_utils.OptionHighlighter):
    """Highlights as typer does; Chinese has no blanks to wrap at, so lines are folded, not cut."""

    def __call__(self, text: str | Text) -> Text:
        """Give the text highlighted."""
        found = super().__call__(text)
        found.overflow = "fold"
        return found


def speak_chinese() -> None:
    """Name the panels of a help page and of an error; `Usage` is fixed in typer."""
    rich_utils.ARGUMENTS_PANEL_TITLE = "参数"
    rich_utils.OPTIONS_PANEL_TITLE = "选项"
    rich_utils.COMMANDS_PANEL_TITLE = "命令"
    rich_utils.ERRORS_PANEL_TITLE = "错误"
    rich_utils.DEFAULT_STRING = "（缺省 {}）"
    rich_utils.REQUIRED_LONG_STRING = "（必填）"
    rich_utils.RICH_HELP = "用法见 [blue]{command_path} {help_option}[/]"
    rich_utils.highlighter = Folding()
