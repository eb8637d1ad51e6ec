"""Show pharmacies and outlets in their area only; an agreement also to its own outlets."""

from django.db import migrations

from circle15.areas.row_security import SCOPE, append_only, by_area_path, protect

_OWN = f"starts_with(area_path, {SCOPE})"
# The outlets' own policy reads no other table: nothing goes round in circles.
_OF_AN_OUTLET = (
    "EXISTS (SELECT FROM programme_outlet"
    " WHERE programme_outlet.agreement_id = programme_agreement.id)"
)


class Migration(migrations.Migration):
    dependencies = [("programme", "0005_pharmacies_and_partners"), ("areas", "0001_initial")]
    operations = [
        by_area_path("programme_pharmacy"),
        by_area_path("programme_pharmacyevent"),
        by_area_path("programme_pharmacycheck"),
        by_area_path("programme_pricelist"),
        by_area_path("programme_drugprice"),
        by_area_path("programme_demandreport"),
        by_area_path("programme_drugorder"),
        by_area_path("programme_outlet"),
        by_area_path("programme_outletcheck"),
        protect("programme_agreement", f"{_OWN} OR {_OF_AN_OUTLET}", writable=_OWN),
        append_only("programme_pharmacyevent"),
        append_only("programme_pharmacycheck"),
        append_only("programme_drugprice"),
        append_only("programme_demandreport"),
        append_only("programme_outletcheck"),
    ]
