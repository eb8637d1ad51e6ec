"""Files that are too large are refused with the field's own words."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from circle15.web.shared.file_fields import SmallFileField


def test_a_file_may_be_as_large_as_told():
    errors = {"too_large": "超过 %(most)s MB"}
    field = SmallFileField(most_bytes=1024 * 1024, accept=".docx", errors=errors)

    assert field.clean(SimpleUploadedFile("x.docx", b"x" * 1024 * 1024)).name == "x.docx"
    with pytest.raises(ValidationError, match="超过 1 MB"):
        field.clean(SimpleUploadedFile("x.docx", b"x" * (1024 * 1024 + 1)))
    assert 'accept=".docx"' in str(field.widget.render("file", None))
