"""Training as the data have it: the code shown, lateness, awards of contests, names of facts."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from circle15.standards import strict_yaml
from circle15.standards.text import Text


@dataclass(frozen=True, slots=True)
class ContestAward:
    """A prize of a contest, and how many places it has."""

    key: str
    name: Text
    places: int


@dataclass(frozen=True, slots=True)
class TrainingRules:
    """All numbers of training, and the facts its records write."""

    sessions_a_year: int
    code_digits: int
    code_every_s: int
    tries: int
    tries_minutes: int
    opens_before_min: int
    late_after_min: int
    most_special_days: int
    awards: tuple[ContestAward, ...]
    facts: MappingProxyType[str, str]

    def award_of(self, rank: int) -> ContestAward | None:
        """Return what a rank is awarded, counted from 1."""
        last = 0
        for award in self.awards:
            last += award.places
            if rank <= last:
                return award
        return None


@cache
def training_rules() -> TrainingRules:
    """Return the rules that come with circle15."""
    source = files("circle15.standards") / "data" / "training.yaml"
    data = strict_yaml.load(source.read_text(encoding="utf-8"))
    assert isinstance(data, dict)
    return TrainingRules(
        sessions_a_year=data["sessions_a_year"]["count"],
        code_digits=data["code"]["digits"],
        code_every_s=data["code"]["every_s"],
        tries=data["tries"]["count"],
        tries_minutes=data["tries"]["minutes"],
        opens_before_min=data["sign_in"]["opens_before_min"],
        late_after_min=data["sign_in"]["late_after_min"],
        most_special_days=data["special_days"]["most"],
        awards=tuple(
            ContestAward(each["key"], Text(each["zh"], each["en"]), each["places"])
            for each in data["awards"]
        ),
        facts=MappingProxyType(dict(data["facts"])),
    )
