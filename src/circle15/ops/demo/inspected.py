"""A sample of the demo city, two checks for the demo inspector, one of them handed in."""

import base64
import hashlib
import json
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from PIL import Image, ImageDraw

from circle15.accounts.actors import Actor, actor_of, system_actor
from circle15.accounts.queries import account_id
from circle15.accounts.states import Role
from circle15.assessments.inspections.answers import digest_of
from circle15.assessments.inspections.drawing import Published, draw, draws, send
from circle15.assessments.inspections.handing_in import Photo, keep_photo, submit
from circle15.assessments.inspections.packs import take
from circle15.ops.demo import geography
from circle15.ops.demo.character import MARK
from circle15.sites.states import SiteKind

BOOK = "jiangsu-acceptance"
_UIDS = UUID("5f0c1a15-0000-5000-8000-000000000015")
_SHANGHAI = ZoneInfo("Asia/Shanghai")
_DOCUMENT = f"示例公告〔2026〕2 号{MARK}"
_TEXT = "本季度现场检查的网点用随机方法抽取，名单和抽取方法一并公布。"


def ensure(*, at: datetime, today: date) -> None:
    """Draw, send and hand in, unless it was done."""
    inspector_id = account_id(username="inspector", actor=system_actor("demo"))
    if inspector_id is None or draws(_officer()).exists():
        return
    planned_at = min(datetime.combine(today - timedelta(days=6), time(9), _SHANGHAI), at)
    source = Published(_DOCUMENT, _TEXT, today - timedelta(days=13))
    kept = draw(
        title=f"本季度抽查{MARK}",
        source=source,
        kinds=[SiteKind.TOWN_CENTRE],
        per_stratum=2,
        by=_officer(),
        at=planned_at,
    )
    # The other county is not this inspector's: its two sites wait for somebody else.
    send(
        uid=kept.uid,
        book=BOOK,
        due_on=today + timedelta(days=8),
        inspectors=[inspector_id],
        by=_officer(),
        at=planned_at,
    )
    _hand_in(_inspector(inspector_id), today - timedelta(days=2), at)


def _officer() -> Actor:
    """Return an officer of the city who exists nowhere else."""
    return actor_of(
        user_id=-9003,
        name=f"检查组织者{MARK}",
        role=Role.CITY_OFFICER,
        area_path=geography.path_of(geography.CITY),
        area_name="南通市",
    )


def _inspector(user_id: int) -> Actor:
    return actor_of(
        user_id=user_id,
        name="欧阳**（inspector）",
        role=Role.INSPECTOR,
        area_path=geography.path_of(geography.COUNTY),
        area_name="启东市",
    )


def _hand_in(by: Actor, day: date, at: datetime) -> None:
    """Answer the first check as the ledger has it, but for one zone that is not there."""
    begun, ended = (min(datetime.combine(day, time(hour), _SHANGHAI), at) for hour in (9, 11))
    check = take(by=by, at=begun)["checks"][0]
    answers = [_answer(line, ended) for line in check["lines"]]
    lacking = next(line for line in check["lines"] if _zones(line))
    pictured = next(line for line in check["lines"] if len(line["asks"]) == 1)
    for answer in answers:
        if answer["rule_id"] == lacking["rule_id"]:
            answer["verdict"] = "partly"
            answer["facts"][_zones(lacking)[0]] = False
            answer["remark"] = "没有单独划出，和等候区混用"
        if answer["rule_id"] == pictured["rule_id"]:
            answer["photos"] = [str(_photo(check, pictured["rule_id"], begun, by, ended))]
    submit(_signed(check, answers, begun, ended), by=by, at=ended)


def _zones(line: dict[str, Any]) -> list[str]:
    """Return the zones of a line that the ledger has."""
    known = [each for each in line["asks"] if each["ledger"] and each["ledger"]["value"] is True]
    return [each["fact"] for each in known if each["fact"].startswith("zone.")]


def _answer(line: dict[str, Any], at: datetime) -> dict[str, Any]:
    facts = {each["fact"]: each["ledger"]["value"] for each in line["asks"] if each["ledger"]}
    is_whole = len(facts) == len(line["asks"])
    return {
        "rule_id": line["rule_id"],
        "verdict": "yes" if line["asks"] else "not_applicable",
        "facts": facts,
        "remark": "" if is_whole else "现场没有看到，台账也没有记录",
        "photos": [],
        "answered_at": at.isoformat(),
    }


def _photo(
    check: dict[str, Any], rule_id: str, taken_at: datetime, by: Actor, at: datetime
) -> UUID:
    image = Image.new("RGB", (640, 480), "#dfe9e6")
    ImageDraw.Draw(image).text((40, 220), "demo / synthetic", fill="#053f3b")
    out = BytesIO()
    image.save(out, "JPEG")
    content, uid = out.getvalue(), uuid5(_UIDS, check["uid"])
    photo = Photo(
        uid=uid,
        check=UUID(check["uid"]),
        rule_id=rule_id,
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        taken_at=taken_at,
        place=None,
    )
    keep_photo(photo, by=by, at=at)
    return uid


def _signed(
    check: dict[str, Any], answers: list[dict[str, Any]], begun: datetime, ended: datetime
) -> bytes:
    out = BytesIO()
    Image.new("1", (60, 20), 1).save(out, "PNG")
    png = f"data:image/png;base64,{base64.b64encode(out.getvalue()).decode()}"
    site = check["site"]
    sent: dict[str, Any] = {
        "uid": str(uuid5(_UIDS, f"{check['uid']}/sent")),
        "check": check["uid"],
        "answers": answers,
        "vetoes": [],
        "device": f"平板一号{MARK}",
        "started_at": begun.isoformat(),
        "finished_at": ended.isoformat(),
        "client_time": ended.isoformat(),
        "place": {"lat": site["lat"], "lon": site["lon"], "accuracy_m": 12},
        "signatures": [{"who": who, "name": f"示例{MARK}", "png": png} for who in _SIGNERS],
    }
    sent["answers_sha256"] = digest_of(sent)
    return json.dumps(sent, ensure_ascii=False).encode()


_SIGNERS = ("inspector", "site")
