"""What a tablet sends, read strictly: every problem is named at once, nothing is guessed."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from circle15.areas.wording import worded
from circle15.assessments.inspection_states import Verdict
from circle15.assessments.inspections.refusals import Problem, Unusable
from circle15.audit.masks import masked
from circle15.core.coordinates import check_position
from circle15.core.messages import joined
from circle15.ledger.plausible import doubt
from circle15.ledger.values import stored
from circle15.sites.models import Site
from circle15.standards.facts import FactDefinition, FactValue, InvalidFacts, clean_facts

MOST_REMARK = 500
MOST_SIGNATURE = 82_000  # 60 kB as base64
_PNG = re.compile(r"data:image/png;base64,[A-Za-z0-9+/]+={0,2}", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_SIGNERS = frozenset({"inspector", "site"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where the tablet was, and how sure it is."""

    lat: Decimal
    lon: Decimal
    accuracy_m: Decimal | None


@dataclass(frozen=True, slots=True)
class Answer:
    """A line as it was decided."""

    rule_id: str
    verdict: Verdict
    facts: Mapping[str, FactValue]
    remark: str
    photos: tuple[UUID, ...]
    answered_at: datetime | None

    def kept(self) -> dict[str, Any]:
        """Return the answer as it is kept for reading; numbers of persons are masked."""
        return {
            "verdict": self.verdict.value,
            "facts": {name: stored(value) for name, value in self.facts.items()},
            "remark": masked(self.remark),
            "photos": [str(uid) for uid in self.photos],
            "answered_at": self.answered_at.isoformat() if self.answered_at else None,
        }


@dataclass(frozen=True, slots=True)
class SeenVeto:
    """A case of a veto the inspector thinks to have seen."""

    veto: str
    remark: str
    photos: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A submission that can be taken in."""

    uid: UUID
    check: UUID
    device: str
    started_at: datetime
    finished_at: datetime
    client_time: datetime
    place: Place | None
    answers: Mapping[str, Answer]
    vetoes: tuple[SeenVeto, ...]
    sha256: str

    @property
    def photos(self) -> frozenset[UUID]:
        of_lines = {uid for answer in self.answers.values() for uid in answer.photos}
        return frozenset(of_lines | {uid for veto in self.vetoes for uid in veto.photos})


@dataclass(frozen=True, slots=True)
class Sheet:
    """What may be answered: the facts each line asks for, those seen on site, the vetoes."""

    site: Site
    asked: Mapping[str, tuple[FactDefinition, ...]]
    clauses: Mapping[str, str]
    vetoes: frozenset[str]


def digest_of(sent: Mapping[str, Any]) -> str:
    """Return SHA-256 of the canonical JSON of what is signed: sorted keys, no spaces, UTF-8."""
    bound = {name: sent.get(name) for name in ("check", "answers", "vetoes")}
    text = json.dumps(bound, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def loaded(body: bytes) -> dict[str, Any]:
    """Return a body as a JSON object. Raises Unusable."""
    try:
        sent = json.loads(body, parse_constant=_refuse)
    except (ValueError, RecursionError):
        sent = None
    if not isinstance(sent, dict):
        raise Unusable([Problem("", _("提交的内容不完整，请重新提交。"))])
    return sent


def _refuse(word: str) -> Any:
    raise ValueError(word)


def uid_of(sent: Mapping[str, Any], name: str) -> UUID:
    """Return a number of 128 bits the tablet gave. Raises Unusable."""
    found = _uid(sent.get(name))
    if found is None:
        raise Unusable([Problem("", _("提交的内容不完整，请重新提交。"))])
    return found


@dataclass(slots=True)
class Reading:
    """Reads one submission and collects what is wrong with it."""

    sent: Mapping[str, Any]
    sheet: Sheet
    today: date
    problems: list[Problem] = field(default_factory=list)

    def handed_in(self) -> HandedIn:
        """Return what was handed in. Raises Unusable naming every problem."""
        answers, vetoes = self._answers(), self._vetoes()
        times = {name: self._time(name) for name in ("started_at", "finished_at", "client_time")}
        place = self._place()
        self._signatures()
        if self.sent.get("answers_sha256") != digest_of(self.sent):
            self._bad("", _("答案和签名的摘要对不上，内容可能被改动。请在平板上重新签名。"))
        self._contradictions(answers)
        if self.problems:
            raise Unusable(self.problems)
        return HandedIn(
            uid=uid_of(self.sent, "uid"),
            check=uid_of(self.sent, "check"),
            device=_words(self.sent.get("device"), 80),
            started_at=_sure(times["started_at"]),
            finished_at=_sure(times["finished_at"]),
            client_time=_sure(times["client_time"]),
            place=place,
            answers=answers,
            vetoes=vetoes,
            sha256=str(self.sent["answers_sha256"]),
        )

    def _bad(self, rule_id: str, text: str) -> None:
        self.problems.append(Problem(rule_id, text))

    def _answers(self) -> dict[str, Answer]:
        found: dict[str, Answer] = {}
        for raw in _list(self.sent.get("answers")):
            rule_id = str(raw.get("rule_id", "")) if isinstance(raw, dict) else ""
            if rule_id not in self.sheet.asked:
                self._bad(rule_id, _("检查表里没有这一条。"))
            elif rule_id in found:
                self._bad(rule_id, _("这一条答了两次。"))
            else:
                self._answer(rule_id, raw, found)
        for rule_id in self.sheet.asked:
            if rule_id not in found and not any(each.rule_id == rule_id for each in self.problems):
                self._bad(rule_id, _("这一条还没有结论。"))
        return found

    def _answer(self, rule_id: str, raw: Mapping[str, Any], found: dict[str, Answer]) -> None:
        if raw.get("verdict") not in Verdict.values:
            self._bad(rule_id, _("这一条还没有结论。"))
            return
        found[rule_id] = Answer(
            rule_id=rule_id,
            verdict=Verdict(raw["verdict"]),
            facts=self._facts(rule_id, raw),
            remark=_words(raw.get("remark"), MOST_REMARK),
            photos=self._photos(rule_id, raw),
            answered_at=_moment(raw.get("answered_at")),
        )

    def _facts(self, rule_id: str, raw: Mapping[str, Any]) -> dict[str, FactValue]:
        given = raw.get("facts") or {}
        known = {each.name for each in self.sheet.asked[rule_id]}
        if not isinstance(given, dict) or set(given) - known:
            self._bad(rule_id, _("填了这一条没有问的内容。"))
            return {}
        if raw["verdict"] == Verdict.NOT_APPLICABLE:
            return {}
        clean: dict[str, FactValue] = {}
        for name, value in given.items():
            if value is not None:
                clean |= self._fact(rule_id, name, value)
        missing = [
            each.label.zh
            for each in self.sheet.asked[rule_id]
            if each.source == "on_site" and given.get(each.name) is None
        ]
        if missing and not str(raw.get("remark") or "").strip():
            words = _("还没有填：%(what)s。看不到的请写明原因。")
            self._bad(rule_id, words % {"what": "、".join(missing)})
        return clean

    def _fact(self, rule_id: str, name: str, value: object) -> dict[str, FactValue]:
        try:
            clean = clean_facts({name: _number(value)})
        except InvalidFacts as refusal:
            self._bad(rule_id, worded(joined(refusal.problems)))
            return {}
        # The day is that of the check itself; what the ledger would doubt is refused here, whole.
        found = doubt(name, clean[name], self.today, today=self.today, site=self.sheet.site)
        if found is not None:
            self._bad(rule_id, worded(found.message))
        return clean

    def _photos(self, rule_id: str, raw: Mapping[str, Any]) -> tuple[UUID, ...]:
        uids = [_uid(each) for each in _list(raw.get("photos"))]
        if None in uids:
            self._bad(rule_id, _("照片的编号不对。"))
        return tuple(uid for uid in dict.fromkeys(uids) if uid is not None)

    def _vetoes(self) -> tuple[SeenVeto, ...]:
        found: dict[str, SeenVeto] = {}
        for raw in _list(self.sent.get("vetoes")):
            veto = str(raw.get("id", "")) if isinstance(raw, dict) else ""
            remark = _words(raw.get("remark"), MOST_REMARK) if isinstance(raw, dict) else ""
            if veto not in self.sheet.vetoes or veto in found:
                self._bad("", _("没有这样的一票否决情形：%s。") % veto)
            elif not remark:
                self._bad("", _("疑似一票否决情形要写明看到了什么。"))
            else:
                found[veto] = SeenVeto(veto, masked(remark), self._photos("", raw))
        return tuple(found.values())

    def _signatures(self) -> None:
        signed = set()
        for raw in _list(self.sent.get("signatures")):
            who = raw.get("who") if isinstance(raw, dict) else None
            png = raw.get("png") if isinstance(raw, dict) else None
            is_picture = isinstance(png, str) and len(png) <= MOST_SIGNATURE
            if who not in _SIGNERS or not is_picture or not _PNG.fullmatch(str(png)):
                self._bad("", _("签名图片不完整，请重新签名。"))
            else:
                signed.add(who)
        if "inspector" not in signed:
            self._bad("", _("检查员还没有签名。"))

    def _time(self, name: str) -> datetime | None:
        found = _moment(self.sent.get(name))
        if found is None:
            self._bad("", _("时间不完整：%s。") % name)
        return found

    def _place(self) -> Place | None:
        raw = self.sent.get("place")
        if not isinstance(raw, dict):
            return None
        found = place_of(raw)
        if found is None:
            self._bad("", _("定位结果不对，请重新定位，或者不带定位提交。"))
        return found

    def _contradictions(self, answers: Mapping[str, Answer]) -> None:
        """Refuse one fact with two values in two lines."""
        first: dict[str, tuple[str, FactValue]] = {}
        for rule_id, answer in answers.items():
            for name, value in answer.facts.items():
                other, former = first.setdefault(name, (rule_id, value))
                if former != value:
                    one, two = (self.sheet.clauses.get(each, each) for each in (other, rule_id))
                    words = _("同一项在第 %(one)s 条和第 %(two)s 条填得不一样，请核对。")
                    self._bad(rule_id, words % {"one": one, "two": two})


def place_of(raw: Mapping[str, Any]) -> Place | None:
    """Return a position on the globe, or None."""
    try:
        lat, lon = Decimal(str(raw.get("lat"))), Decimal(str(raw.get("lon")))
        near = raw.get("accuracy_m")
        accuracy = None if near in {None, ""} else Decimal(str(near))
    except InvalidOperation:
        return None
    if check_position(float(lon), float(lat)) or (accuracy is not None and accuracy < 0):
        return None
    if accuracy is not None:
        accuracy = min(accuracy, Decimal(1_000_000)).quantize(Decimal("0.1"))
    return Place(lat.quantize(Decimal("0.000001")), lon.quantize(Decimal("0.000001")), accuracy)


def is_sha256(text: str) -> bool:
    return bool(_SHA256.fullmatch(text))


def moment_of(raw: object) -> datetime | None:
    """Return an instant with its offset, or None."""
    return _moment(raw)


def _moment(raw: object) -> datetime | None:
    try:
        found = parse_datetime(raw) if isinstance(raw, str) else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


def _sure(moment: datetime | None) -> datetime:
    assert moment is not None
    return moment


def _uid(raw: object) -> UUID | None:
    try:
        return UUID(raw) if isinstance(raw, str) else None
    except ValueError:
        return None


def _number(value: object) -> object:
    """Return a decimal written as text or as a JSON number exactly; anything else as it is."""
    if isinstance(value, bool | int):
        return value
    if isinstance(value, float | str):
        try:
            exact = Decimal(str(value))
        except InvalidOperation:
            return value
        if not exact.is_finite():
            return value
        return int(exact) if exact == exact.to_integral_value() else exact
    return value


def _words(raw: object, most: int) -> str:
    return " ".join(raw.split())[:most] if isinstance(raw, str) else ""


def _list(raw: object) -> list[Any]:
    return raw if isinstance(raw, list) else []
