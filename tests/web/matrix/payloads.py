"""What is posted to a route: forms filled in rightly, with what lies at a place."""

from tests.web.matrix.world import BOOK, ON, Place

PASSWORD = "Brandnew-horse-15"
COMMON: dict[str, object] = {
    "reason": "核对培训名册",
    "value": "130",
    "observed_on": ON.isoformat(),
    "on": "2026-03-31",
    "since": "2026-03-31",
    "source": "document",
    "note": "x",
    "key": "zone.queue",
    "state": "present",
    "status": "suspended",
    "book": BOOK,
    "purpose": "self",
    "role": "clerk",
    "password": PASSWORD,
    "mode": "all_or_nothing",
    "kind": "sites",
}
SPECIAL: dict[str, dict[str, object]] = {
    "equipment_state": {"state": "faulty"},
    "edition_move": {"state": "review"},
    "login": {"username": "nobody", "password": PASSWORD},
    "change_password": {"old": "x", "new": PASSWORD, "again": PASSWORD},
    "account_new": {"username": "newcomer", "name": "新人"},
}


def payload(route: str, place: Place, area_path: str) -> dict[str, object]:
    """Return a submission that would do something were the object in the sender's area."""
    about = {
        "asset_no": place.code("asset"),
        "organisation": place.arguments["organisation"],
        "division": area_path,
    }
    return COMMON | about | SPECIAL.get(route, {})
