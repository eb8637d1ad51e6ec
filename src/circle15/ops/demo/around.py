"""What was done beside cases in the demo city: questions, help, visits, boards on the walls."""

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from circle15.accounts.actors import Actor, system_actor
from circle15.cases.disclosure.posting import post
from circle15.cases.disclosure.texts import set_text
from circle15.cases.services.consulting import ConsultationEntry, record_consultation
from circle15.cases.services.lists import ConsultationFilter, consultations
from circle15.cases.services.recording import ServiceEntry, record_service
from circle15.ledger.people.follow_ups import open_follow_ups
from circle15.ops.demo.character import MARK
from circle15.ops.demo.dice import between, pick, some
from circle15.sites.queries import open_sites_in
from circle15.sites.states import SiteKind

if TYPE_CHECKING:
    from circle15.sites.models import Site

DAYS = 28
QUESTIONS = 64
HELPS = 44
VISITS = 8
_SHANGHAI = ZoneInfo("Asia/Shanghai")
# Each topic with what people really ask, in our own words.
_ASKED = {
    "enrolment": (
        (
            "今年居民医保什么时候开始缴费？",
            "每年第四季度集中缴费，可在手机上缴，也可到窗口引导办理。",
        ),
        ("刚生的孩子怎么参保？", "出生后尽早带户口簿来办，当场办结。"),
    ),
    "chronic-recognition": (
        ("高血压能不能办门诊慢病？", "带病历和检查单来窗口，或在医院直接申请认定。"),
    ),
    "chronic-benefits": (("认定以后药费报多少？", "按病种和用药目录结算，可打印本人待遇单查看。"),),
    "major-illness": (("住院花得多，大病保险要不要申请？", "不用申请，结算时自动计算。"),),
    "medical-aid": (("低保户看病怎么救助？", "在定点医院出院时一站式结算。"),),
    "remote-care": (
        ("去上海看病怎么备案？", "手机上就能备案，当场生效；也可在窗口办。"),
        ("跟子女住外地，能直接结算吗？", "办长期异地居住备案，就医时出示医保码即可。"),
    ),
    "reimbursement": (
        ("在外地垫付的发票怎么报？", "带发票、清单和出院记录来窗口，20个工作日左右到账。"),
    ),
    "commercial": (("当地的补充保险还能不能买？", "每年有集中参保期，窗口有宣传单，自愿购买。"),),
    "other": (("医保电子凭证打不开怎么办？", "当场帮助激活。"),),
}
_BY = ("window", "window", "window", "phone", "phone", "village", "event")
_KINDS = (
    ("assisted", "fill"),
    ("assisted", "online"),
    ("assisted", "photograph"),
    ("proxy", "handed"),
    ("village", "collect"),
    ("village", "hand-up"),
    ("extended", "noon"),
    ("extended", "after"),
)
_ITEMS = ("resident-change", "certificate", "living-elsewhere", "hospital-costs", "newborn")
# Who was out when they came.
_NOT_MET = 3
_EVALUATION = f"本季度满意度评价 98.6 分，一条不满意已整改并回访{MARK}"


def ensure(*, by: Actor, at: datetime, today: date) -> None:
    """Write registers, visits and boards, unless they are there."""
    if consultations(by, ConsultationFilter()).exists():
        return
    sites = list(open_sites_in(["/"], (SiteKind.TOWN_CENTRE, SiteKind.VILLAGE_POINT)))
    centres = [site for site in sites if site.kind == SiteKind.TOWN_CENTRE]
    chosen = [*some(centres, 6, "around"), *some(sites, 6, "around", "villages")]
    for number in range(QUESTIONS):
        _ask(chosen, number, today, at)
    for number in range(HELPS):
        _help(chosen, number, today, at)
    _visit(sites, by, today, at)
    _post(centres, today, at)


def _when(number: int, what: str, today: date, at: datetime) -> tuple[date, datetime]:
    """Pick a day of the last weeks and the moment it was written down."""
    day = today - timedelta(days=1 + between(0, DAYS - 1, what, number))
    return day, min(datetime.combine(day, time(9 + number % 8, 20), _SHANGHAI), at)


def _clerk() -> Actor:
    return system_actor(f"窗口人员{MARK}")


def _ask(sites: "list[Site]", number: int, today: date, at: datetime) -> None:
    day, moment = _when(number, "asked", today, at)
    topic = pick([*_ASKED, "enrolment", "remote-care", "reimbursement"], "topic", number)
    question, answer = pick(_ASKED[topic], "question", number)
    entry = ConsultationEntry(
        site_code=pick(sites, "site", number).code,
        topic=topic,
        asked_by=pick(_BY, "by", number),
        question=question,
        answer=answer,
        reply=pick(("answered", "answered", "answered", "to_case"), "reply", number),
        done_on=day,
        minutes=between(2, 15, "minutes", number),
    )
    record_consultation(entry=entry, by=_clerk(), at=moment)


def _help(sites: "list[Site]", number: int, today: date, at: datetime) -> None:
    day, moment = _when(number, "helped", today, at)
    kind, way = pick(_KINDS, "kind", number)
    is_late = kind == "extended"
    entry = ServiceEntry(
        site_code=pick(sites, "helped", number).code,
        kind=kind,
        way=way,
        done_on=day,
        item_key="" if is_late else pick(_ITEMS, "item", number),
        people=between(2, 7, "people", number) if kind in {"extended", "village"} else 1,
        minutes=between(5, 60, "long", number) if kind in {"assisted", "extended"} else None,
        complete_on=day - timedelta(days=1) if kind == "proxy" else None,
        handed_on=day if kind == "proxy" else None,
    )
    record_service(entry=entry, by=_clerk(), at=moment)


def _visit(sites: "list[Site]", by: Actor, today: date, at: datetime) -> None:
    """See some of those whom the rules name, from the point nearest to them."""
    tasks = [task for task in open_follow_ups(by, on=today) if task.state == "open"]
    near = {path: site for site in reversed(sites) for path in (_town(site.area_path),)}
    for number, task in enumerate(tasks[:VISITS]):
        site = near.get(_town(task.area_path))
        if site is None:
            continue
        way = pick(("one-to-one", "explaining", "care", "handling"), "visit", number)
        entry = ServiceEntry(
            site_code=site.code,
            kind="home_visit",
            way=way,
            done_on=today - timedelta(days=1),
            topic="medical-aid" if way == "explaining" else "",
            follow_up_uid=task.uid,
            ending="not_found" if number == _NOT_MET else "done",
            minutes=between(15, 50, "at home", number),
        )
        moment = datetime.combine(today - timedelta(days=1), time(15), _SHANGHAI)
        record_service(entry=entry, by=_clerk(), at=min(moment, at))


def _town(path: str) -> str:
    """Return the path of the town a path lies in."""
    return "/".join(path.split("/")[:4])


def _post(centres: "list[Site]", today: date, at: datetime) -> None:
    """Let some walls be whole, and one of them lag behind a text that changed since."""
    moment = min(datetime.combine(today - timedelta(days=20), time(9), _SHANGHAI), at)
    posted = some(centres, 5, "posted")
    for site in posted:
        post(site_code=site.code, by=_clerk(), at=moment)
    later = min(moment + timedelta(days=12), at)
    manager = system_actor(f"网点负责人{MARK}")
    for key, text in (
        ("evaluation", _EVALUATION),
        ("time-limit", "每件事都写明哪天办好，超期主动说明。"),
    ):
        set_text(area_path=posted[0].area_path, key=key, text=text, by=manager, at=later)
