"""A clean journal of a county, and anomalies planted into it: what must be found, and nothing else.

Everything follows from the seed. Clean rows keep clear of every rule by their making: numbers,
payees and files of their own, amounts far below the limit or budgets far above the sums.
"""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from random import Random

from circle15.programme.funds.anomalies import (
    Anomaly,
    Arrival,
    Books,
    Budget,
    BuildingSite,
    Use,
)
from circle15.standards.funds import FundRules

BEGINS, ENDS, ON = date(2026, 1, 1), date(2026, 12, 31), date(2026, 11, 30)
PAID = date(2026, 1, 15)
ROUND = 1


class Planter:
    """Writes books from a seed and keeps what was planted."""

    def __init__(self, seed: int, rules: FundRules) -> None:
        self.chance, self.rules, self.serial = Random(seed), rules, count(1)
        self.limit = rules.limit_of("use")
        self.uses: list[Use] = []
        self.arrivals: list[Arrival] = []
        self.budgets: list[Budget] = []
        self.building: list[BuildingSite] = []
        self.planted: set[Anomaly] = set()

    def books(self) -> Books:
        """Write clean places, then plant some of each kind, and shuffle."""
        for _n in range(self.chance.randint(2, 6)):
            self.clean_place()
        for kind in self.rules.anomalies:
            for _n in range(self.chance.randint(0, 2)):
                uids, places = getattr(self, kind)()
                self.planted.add(Anomaly(kind, frozenset(places), frozenset(uids)))
        for rows in (self.uses, self.arrivals, self.budgets, self.building):
            self.chance.shuffle(rows)
        parts = (tuple(rows) for rows in (self.uses, self.arrivals, self.budgets, self.building))
        return Books({ROUND: (BEGINS, ENDS)}, *parts)

    def clean_place(self, on: date = PAID) -> str:
        """A place with money of each source, a wide budget, and some uses in order."""
        place = self.place(on)
        for purpose in self.rules.purposes:
            self.budgets.append(Budget(ROUND, place, purpose, Decimal(10_000_000)))
        for _n in range(self.chance.randint(0, 6)):
            self.use(place)
        return place

    def place(self, on: date = PAID) -> str:
        place = f"/a/{next(self.serial)}/"
        self.arrivals += [
            Arrival(self.uid(), ROUND, place, source, on) for source in self.rules.sources
        ]
        return place

    def use(self, place: str, **given) -> Use:
        """A use that fits: allowed, after the money, within the round, unlike every other."""
        n = next(self.serial)
        source = given.get("source") or self.chance.choice(list(self.rules.sources))
        day = PAID + timedelta(days=self.chance.randint(0, 300))
        use = Use(
            uid=self.uid(),
            round=ROUND,
            place=place,
            source=source,
            purpose=self.chance.choice(sorted(self.rules.sources[source].pays)),
            # Of one serial each, so that no two are alike; far below what a split is made of.
            amount=Decimal(n) + Decimal("0.25"),
            dated_on=day,
            number=f"票-{n}",
            payee=f"公司{n}",
            file=f"{n:064}",
        )
        use = replace(use, **given)
        self.uses.append(use)
        return use

    def uid(self) -> str:
        return f"{self.chance.getrandbits(64):016x}-{next(self.serial)}"

    # Each plants one anomaly of its kind, and says where and in which rows.

    def over_budget(self):
        exact = self.place()  # used up to the cent: nothing is over
        whole = self.use(exact, source="own", purpose="running")
        self.budgets.append(Budget(ROUND, exact, "running", whole.amount))
        place = self.place()
        uses = [self.use(place, source="own", purpose="running") for _n in range(3)]
        sum_of = sum(use.amount for use in uses)
        self.budgets.append(Budget(ROUND, place, "running", sum_of - Decimal("0.01")))
        return [use.uid for use in uses], [place]

    def off_purpose(self):
        use = self.use(self.clean_place(), source="provincial", purpose="staff")
        return [use.uid], [use.place]

    def before_allocation(self):
        day = PAID - timedelta(days=self.chance.randint(1, 14))
        use = self.use(self.clean_place(), dated_on=day)
        return [use.uid], [use.place]

    def outside_round(self):
        use = self.use(self.clean_place(), dated_on=ENDS + timedelta(days=1))
        return [use.uid], [use.place]

    def split(self):
        place, day = self.clean_place(), PAID + timedelta(days=self.chance.randint(0, 100))
        payee = f"大公司{next(self.serial)}"
        amounts = (self.limit * self.rules.anomalies["split"].share, self.limit - Decimal("0.01"))
        last = day + timedelta(days=self.rules.anomalies["split"].days)
        uses = [
            self.use(place, payee=f" {payee}" if n else payee, amount=amount, dated_on=when)
            for n, (amount, when) in enumerate(zip(amounts, (day, last), strict=True))
        ]
        # One more to the same payee, long after: no part of it.
        self.use(place, payee=payee, amount=amounts[0], dated_on=last + timedelta(days=100))
        return [use.uid for use in uses], [place]

    def idle_site(self):
        long_ago = ON - timedelta(days=self.rules.anomalies["idle_site"].days)
        place = self.place(long_ago)
        self.building.append(BuildingSite(place, self.chance.choice((None, long_ago))))
        moving = self.place(long_ago)
        self.building.append(BuildingSite(moving, long_ago + timedelta(days=1)))
        new = self.place(long_ago + timedelta(days=1))
        self.building.append(BuildingSite(new, None))
        return [one.uid for one in self.arrivals if one.place == place], [place]

    def same_number(self):
        one, other = self.two()
        self.change(other, number=f" {one.number}".replace("-", "－"), payee=one.payee)
        return [one.uid, other.uid], [one.place, other.place]

    def same_file(self):
        one, other = self.two()
        self.change(other, file=one.file)
        return [one.uid, other.uid], [one.place, other.place]

    def same_amount(self):
        one, other = self.two()
        self.change(other, amount=one.amount, dated_on=one.dated_on, payee=one.payee)
        return [one.uid, other.uid], [one.place, other.place]

    def two(self) -> tuple[Use, Use]:
        """Two uses of one place or of two, with nothing in common yet."""
        first = self.clean_place()
        second = self.chance.choice((first, self.clean_place()))
        return self.use(first), self.use(second)

    def change(self, use: Use, **given) -> None:
        self.uses[self.uses.index(use)] = replace(use, **given)
