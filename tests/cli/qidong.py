"""Files of the demo county as a planner would have them: roads, villages, sites, staff."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

from circle15.planning.network.profiles import default_scenario
from circle15.planning.network.source import read_network
from circle15.planning.network.store import save

DATA = files("circle15.ops.demo") / "data"
TOWNS = 12
_KEPT = TemporaryDirectory()


@dataclass(frozen=True)
class Qidong:
    """Paths of the files a command takes."""

    network: Path
    demand: Path
    sites: Path

    def options(self) -> list[str]:
        """Give them as options."""
        named = {"--network": self.network, "--demand": self.demand, "--sites": self.sites}
        return [str(word) for option in named.items() for word in option]


@cache
def network_file() -> Path:
    """Make the network once."""
    path = Path(_KEPT.name) / "qidong.net"
    save(read_network(Path(str(DATA / "network")), default_scenario(), None), path)
    return path


def qidong(folder: Path) -> Qidong:
    """Write the tables into a folder: villages and town centres of the county, two counties each.

    Sites have `staff`, `capacity`, `level` (1 town, 2 county) and belong to the county `half` that
    a line through the middle gives them; so do the villages.
    """
    told = (DATA / "divisions.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(told.splitlines()))
    ours = [row for row in rows if row["code"].startswith("320681") and row["lon"]]
    villages = [row for row in ours if row["level"] == "village" and row["resident"]]
    towns = [row for row in ours if row["level"] == "town"][:TOWNS]
    demand, sites = folder / "villages.csv", folder / "sites.csv"
    with demand.open("w", encoding="utf-8", newline="") as file:
        write = csv.writer(file)
        write.writerow(
            ["id", "name", "lon", "lat", "weight", "over_60", "town", "half", "placeholder"]
        )
        write.writerows(
            [
                row["code"],
                row["name"],
                row["lon"],
                row["lat"],
                row["resident"],
                row["over_60"] or 0,
                row["parent"],
                half(row),
                row["placeholder"] or 0,
            ]
            for row in villages
        )
    with sites.open("w", encoding="utf-8", newline="") as file:
        write = csv.writer(file)
        write.writerow(["id", "name", "lon", "lat", "staff", "capacity", "level", "half"])
        write.writerows(
            [
                row["code"],
                row["name"],
                row["lon"],
                row["lat"],
                3 + place % 3,
                20_000 + 5_000 * place,
                2 if place == 0 else 1,
                half(row),
            ]
            for place, row in enumerate(towns)
        )
    return Qidong(network_file(), demand, sites)


def half(row: dict[str, str]) -> str:
    """Divide the county at a meridian, by code as statistics do."""
    return "320698" if float(row["lon"]) < 121.65 else "320699"
