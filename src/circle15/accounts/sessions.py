"""What a staff session holds, and when it ends: pure values, no request and no database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Self

from circle15.accounts.actors import Actor, actor_of

ABSOLUTE = timedelta(hours=12)
# Writing "seen" each time would cost a database write per request.
SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class StaffSession:
    """Decided at login, kept in the session as plain JSON values."""

    user_id: int
    actor: Actor
    post_id: int
    post_until: date | None
    key: str
    must_change_password: bool
    began_at: datetime
    seen_at: datetime

    def has_ended(self, *, at: datetime, on: date, idle: timedelta) -> bool:
        """Tell whether the session ran out: idle, too old, or the post has ended."""
        return (
            at - self.seen_at >= idle
            or at - self.began_at >= ABSOLUTE
            or (self.post_until is not None and on > self.post_until)
        )

    def as_values(self) -> dict[str, object]:
        return {
            "user_id": self.user_id,
            "name": self.actor.name,
            "role": self.actor.role,
            "area_path": self.actor.area_path,
            "area_name": self.actor.area_name,
            "post_id": self.post_id,
            "post_until": self.post_until.isoformat() if self.post_until else "",
            "key": self.key,
            "must_change_password": self.must_change_password,
            "began_at": self.began_at.isoformat(),
            "seen_at": self.seen_at.isoformat(),
        }

    @classmethod
    def of(cls, values: Mapping[str, object]) -> Self:
        until = str(values["post_until"])
        user_id = int(str(values["user_id"]))
        return cls(
            user_id=user_id,
            actor=actor_of(
                user_id=user_id,
                name=str(values["name"]),
                role=str(values["role"]),
                area_path=str(values["area_path"]),
                area_name=str(values["area_name"]),
            ),
            post_id=int(str(values["post_id"])),
            post_until=date.fromisoformat(until) if until else None,
            key=str(values["key"]),
            must_change_password=bool(values["must_change_password"]),
            began_at=datetime.fromisoformat(str(values["began_at"])),
            seen_at=datetime.fromisoformat(str(values["seen_at"])),
        )
