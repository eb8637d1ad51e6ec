"""An appointment as a calendar file (RFC 5545)."""

from datetime import UTC, datetime

_LONGEST = 73  # octets of a line; 75 with the line's end


def calendar_file(  # noqa: PLR0913 -- what an entry consists of
    *,
    uid: str,
    starts_at: datetime,
    ends_at: datetime,
    title: str,
    place: str,
    note: str,
    made_at: datetime,
    version: int,
    is_cancelled: bool = False,
) -> bytes:
    """Return the file; the same `uid` with a higher version replaces the entry in a calendar."""
    lines = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//circle15//appointments//ZH",
        "METHOD:CANCEL" if is_cancelled else "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{uid}@circle15",
        f"SEQUENCE:{version}",
        f"DTSTAMP:{_utc(made_at)}",
        f"DTSTART:{_utc(starts_at)}",
        f"DTEND:{_utc(ends_at)}",
        f"SUMMARY:{_plain(title)}",
        f"LOCATION:{_plain(place)}",
        f"DESCRIPTION:{_plain(note)}",
        f"STATUS:{'CANCELLED' if is_cancelled else 'CONFIRMED'}",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{_plain(title)}",
        "TRIGGER:-PT1H",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
    )
    return "".join(f"{_folded(line)}\r\n" for line in lines).encode()


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _plain(text: str) -> str:
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\r", "").replace("\n", "\\n")


def _folded(line: str) -> str:
    """Break a line after 75 octets, never inside a character."""
    parts: list[str] = [""]
    for char in line:
        if len((parts[-1] + char).encode()) > _LONGEST:
            parts.append("")
        parts[-1] += char
    return "\r\n ".join(parts)
