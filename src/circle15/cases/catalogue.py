"""The item of a case as it was when the case was opened, and the papers it asks this person for."""

from circle15.cases.models import Case
from circle15.items.guiding import Tailored, tailor
from circle15.items.queries import item_of_version
from circle15.standards.catalogue import CatalogueItem, Material
from circle15.standards.organisation_cases import organisation_cases


def item_of(case: Case) -> CatalogueItem:
    """Return the item in the version the case was opened under, as its applicant is asked."""
    return asked_of(case, item_of_version(case.item_version_id))


def asked_of(case: Case, item: CatalogueItem) -> CatalogueItem:
    """Return an item as a person, or as an organisation is asked about it."""
    return item if case.organisation_uid is None else organisation_cases().item(item)


def tailored(case: Case) -> Tailored:
    """Return what the answers make of the item."""
    return tailor(item_of(case), case.answers)


def papers(case: Case) -> dict[str, Material]:
    """Return every paper the item knows by its key: also those former answers asked for."""
    return {material.key: material for material in item_of(case).materials}
