"""What every page knows: the look chosen, the language, the request number."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

HTML_LANGUAGES = {"zh-hans": "zh-CN", "en": "en"}
HOTLINE = "12393"  # the national medical insurance service line


def page(request: HttpRequest) -> dict[str, object]:
    """Give base.html its words; an empty `ui_mode` leaves the choice to the layout."""
    language = get_language() or settings.LANGUAGE_CODE
    return {
        "ui_mode": getattr(request, "ui_mode", ""),
        "ui_text": getattr(request, "ui_text", ""),
        "ui_language": language,
        "html_language": HTML_LANGUAGES.get(language, language),
        "request_id": getattr(request, "request_id", ""),
        "actor": getattr(request, "actor", None),
        "hotline": HOTLINE,
    }
