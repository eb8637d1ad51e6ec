"""A photo as the tablet sends it: which check and line, when, where, and the picture."""

from django import forms

from circle15.assessments.inspections.answers import moment_of, place_of
from circle15.assessments.inspections.handing_in import MOST_PHOTO_BYTES, Photo


class PhotoForm(forms.Form):
    """Every field is the tablet's own; what is wrong is answered in one list."""

    check = forms.UUIDField()
    photo = forms.UUIDField()
    rule_id = forms.CharField(max_length=60)
    sha256 = forms.CharField(min_length=64, max_length=64)
    taken_at = forms.CharField(max_length=40)
    lat = forms.CharField(max_length=24, required=False)
    lon = forms.CharField(max_length=24, required=False)
    accuracy_m = forms.CharField(max_length=24, required=False)
    file = forms.FileField()

    def clean_taken_at(self) -> object:
        moment = moment_of(self.cleaned_data["taken_at"])
        if moment is None:
            raise forms.ValidationError("ISO 8601")
        return moment

    def problems(self) -> list[dict[str, str]]:
        """Return what is wrong as the tablet shows it."""
        rule = str(self.data.get("rule_id", ""))[:60]
        return [
            {"rule_id": rule, "text": f"{name}: {' '.join(str(each) for each in said)}"}
            for name, said in self.errors.items()
        ]

    def as_photo(self) -> Photo:
        """Return the photo of a valid form; a position that is none is left out."""
        given = self.cleaned_data
        return Photo(
            uid=given["photo"],
            check=given["check"],
            rule_id=given["rule_id"],
            sha256=given["sha256"],
            # One byte more than allowed is enough to refuse it.
            content=given["file"].read(MOST_PHOTO_BYTES + 1),
            taken_at=given["taken_at"],
            place=place_of(given) if given["lat"] and given["lon"] else None,
        )
