"""What the days of cases and services come to: each figure defined once. Plain values only."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

DEFINITIONS: dict[str, str | Promise] = {
    "site": _(
        "网上提交的办件，算在本人所在乡镇（街道）便民服务中心；没有的，算在县级医保大厅；"
        "其余算在收件的网点。"
    ),
    "instant": _(
        "即办件平均办理时长：从开始收件（网上的从提交）到作出决定，等申请人补正或答复、中止的"
        "时间不计；"
        "只算已决定的办件。"
    ),
    "promised": _("承诺件平均办理时长：从受理到作出决定，其余同上，按自然日折算。"),
    "on_time": _(
        "按时办结率：承诺时限内作出决定的，除以已到结果的和已超期仍未办结的；"
        "在办而已超期的算不按时，撤回和失效的不算。"
    ),
    "proxy": _("代办超时：从材料齐备起3个工作日内没有上报的代办件，仍未上报的也算。"),
    "notices": _("一次性告知：出具的告知书；再次告知是同一件的第二份。"),
    "promises": _("容缺按时补齐：补齐的，除以补齐的、逾期未补的和撤销的。"),
    "joint": _(
        "一件事联办：在窗口一次收下几个事项的次数，和其中收下的办件；各件另按自己的渠道和时限计。"
    ),
    "frequent": _("高频事项：清单标明的 13 项中，在网点作出过决定的有几项、几件。"),
    "visits": _("上门：完成的上门服务；没找到人和本人不需要的不算。"),
    "consultations": _("咨询：登记簿中没有作废的记录，按主题。"),
}


@dataclass(slots=True)
class Figures:
    """The counts of a site and day, or of several added up. Seconds and numbers of things."""

    accepted: int = 0
    decided: int = 0
    instant: int = 0
    instant_s: float = 0.0
    # The part of both that came in online.
    online_instant: int = 0
    online_instant_s: float = 0.0
    promised: int = 0
    promised_s: float = 0.0
    in_time: int = 0
    late: int = 0
    proxies: int = 0
    proxies_late: int = 0
    notices: int = 0
    second_notices: int = 0
    promises_made: int = 0
    promises_kept: int = 0
    promises_broken: int = 0
    # Joint handlings, and the cases taken in with them.
    joint: int = 0
    joint_cases: int = 0
    visits: int = 0
    visits_to_elders: int = 0
    # How many there were by channel, mode, item of the thirteen, kind of service, topic.
    channels: Counter[str] = field(default_factory=Counter)
    modes: Counter[str] = field(default_factory=Counter)
    frequent: Counter[str] = field(default_factory=Counter)
    helped: Counter[str] = field(default_factory=Counter)
    topics: Counter[str] = field(default_factory=Counter)
    # A standing number: not added up but that of the last day.
    overdue_open: int = 0

    @property
    def is_empty(self) -> bool:
        return self == Figures()

    @property
    def on_time_share(self) -> float | None:
        """Return the share of DEFINITIONS["on_time"]."""
        judged = self.in_time + self.late + self.overdue_open
        return self.in_time / judged if judged else None

    @property
    def judged(self) -> int:
        return self.in_time + self.late + self.overdue_open

    @property
    def instant_minutes(self) -> float | None:
        return self.instant_s / self.instant / 60 if self.instant else None

    @property
    def instant_at_sites(self) -> int:
        return self.instant - self.online_instant

    @property
    def minutes_at_sites(self) -> float | None:
        seconds = self.instant_s - self.online_instant_s
        return seconds / self.instant_at_sites / 60 if self.instant_at_sites else None

    @property
    def promised_days(self) -> float | None:
        return self.promised_s / self.promised / 86_400 if self.promised else None

    @property
    def promises_ended(self) -> int:
        return self.promises_kept + self.promises_broken

    @property
    def promises_share(self) -> float | None:
        return self.promises_kept / self.promises_ended if self.promises_ended else None

    @property
    def consultations(self) -> int:
        return self.topics.total()

    def as_json(self) -> dict[str, object]:
        """Return what is not nothing, by name."""
        return {
            one.name: dict(value) if isinstance(value, Counter) else value
            for one in fields(self)
            if (value := getattr(self, one.name))
        }


_COUNTERS = frozenset({"channels", "modes", "frequent", "helped", "topics"})
_NAMES = frozenset(one.name for one in fields(Figures))


def from_json(kept: Mapping[str, object]) -> Figures:
    """Read figures back; names nobody knows any more are left out."""
    found = Figures()
    for name, value in kept.items():
        if name in _COUNTERS:
            assert isinstance(value, Mapping)
            setattr(found, name, Counter(value))
        elif name in _NAMES:
            setattr(found, name, value)
    return found


def added(days: Iterable[Figures]) -> Figures:
    """Add up days, the oldest first; what is still open and overdue is that of the last one."""
    total = Figures()
    for day in days:
        for name in _NAMES - {"overdue_open"}:
            setattr(total, name, getattr(total, name) + getattr(day, name))
        total.overdue_open = day.overdue_open
    return total


def summed(sites: Iterable[Figures]) -> Figures:
    """Add up sites: here what is open and overdue adds up too."""
    found = list(sites)
    total = added(found)
    total.overdue_open = sum(one.overdue_open for one in found)
    return total
