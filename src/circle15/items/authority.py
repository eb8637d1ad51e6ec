"""Who may handle what: item x level x kind of site, also machines and the phone."""

from circle15.standards.catalogue import Authority, CatalogueItem, Place

# Kinds of sites (their keys are those of the rule books) whose place is the same at every level.
_OF_KIND = {
    "town_centre": Place.TOWN,
    "village_point": Place.VILLAGE,
    "hospital_station": Place.HOSPITAL,
    "bank_outlet": Place.BANK,
    "pharmacy": Place.PHARMACY,
    "kiosk_only": Place.KIOSK,
    "kiosk": Place.KIOSK,
    "phone": Place.PHONE,
}
_HALLS = {"city": Place.CITY}

RANK = {Authority.NONE: 0, Authority.ASSIST: 1, Authority.TAKE_IN: 2, Authority.HANDLE: 3}


def place_of(*, level: str, kind: str) -> Place:
    """Return the column of the table a site stands in; a county hall of the city is the city's."""
    return _OF_KIND.get(kind) or _HALLS.get(level, Place.COUNTY)


# Clauses: D-12, D-18, W-12, W-54, Q-02, Q-14, Q-15, Q-23, Q-26, Q-38, Q-39, Q-40, Q-41, Q-42, Q-43
# Clauses, N-06, J-64
def authority_of(item: CatalogueItem, *, level: str, kind: str) -> Authority:
    """Return what a site of this level and kind may do with an item."""
    return item.authority(place_of(level=level, kind=kind))


def may(
    item: CatalogueItem, *, level: str, kind: str, wanted: Authority = Authority.TAKE_IN
) -> bool:
    """Tell whether a site may do at least `wanted`: who may handle may also take in."""
    return RANK[authority_of(item, level=level, kind=kind)] >= RANK[wanted]
