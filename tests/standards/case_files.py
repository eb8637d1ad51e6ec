"""Read the YAML cases of `cases/`: what differs from full marks, and the points that follow."""

from pathlib import Path

from circle15.standards import strict_yaml

FOLDER = Path(__file__).parent / "cases"


def load(name):
    return strict_yaml.load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))


def rule_cases():
    """Yield (edition, profile, rule id, cases) of every *-rules.yaml file."""
    for path in sorted(FOLDER.glob("*-rules.yaml")):
        book = load(path.stem)
        for rule_id, cases in book["rules"].items():
            yield book["edition"], book.get("profile"), rule_id, cases
