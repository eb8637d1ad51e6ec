"""What is wrong with the input of a plan: all of it at once, in both languages."""

from collections.abc import Iterable

from circle15.standards.text import Text


class PlanningRefused(Exception):
    """The input can't be planned with; `problems` names everything found, one line each."""

    def __init__(self, problems: Iterable[Text]) -> None:
        """Keep the problems in the order they were found."""
        self.problems = tuple(problems)
        super().__init__("\n".join(problem.zh for problem in self.problems))


def refuse_if_any(problems: Iterable[Text]) -> None:
    """Raise PlanningRefused if anything was found."""
    found = tuple(problems)
    if found:
        raise PlanningRefused(found)
