"""All sheets of the workbook."""

from collections.abc import Mapping
from functools import cache

from circle15.imports.columns import Sheet
from circle15.imports.of_people import persons_sheet, served_sheet
from circle15.imports.of_sites import STAFF, TRAININGS, equipment_sheet, facts_sheet
from circle15.imports.places import DIVISIONS, SITES, VILLAGES
from circle15.imports.states import Kind


@cache
def sheets() -> Mapping[Kind, Sheet]:
    """Give every sheet, in the order of writing."""
    every = (
        *(DIVISIONS, VILLAGES, SITES, equipment_sheet(), STAFF, TRAININGS, facts_sheet()),
        *(persons_sheet(), served_sheet()),
    )
    return {sheet.kind: sheet for sheet in every}
