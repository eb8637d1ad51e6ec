"""A file to upload that may not be larger than is told."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

_MEGABYTE = 1024 * 1024


class SmallFileField(forms.FileField):
    """One file; `errors` names what is wrong: required, empty, max_length, and too_large.

    In the words for a file that is too large `%(most)s` stands for the megabytes.
    """

    def __init__(
        self, *, most_bytes: int, accept: str, errors: Mapping[str, Any], **more: Any
    ) -> None:
        widget = forms.ClearableFileInput(attrs={"accept": accept})
        super().__init__(max_length=200, error_messages=dict(errors), widget=widget, **more)
        self.most_bytes = most_bytes

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Raise ValidationError for a file that is too large, as for what fields refuse anyway."""
        file = super().clean(data, initial)
        if isinstance(file, UploadedFile) and (file.size or 0) > self.most_bytes:
            raise forms.ValidationError(
                self.error_messages["too_large"], params={"most": self.most_bytes // _MEGABYTE}
            )
        return file
