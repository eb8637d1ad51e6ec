"""Write docs/openapi.json from the API itself; a test says when it is no longer current."""

import os
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]

sys.path.insert(0, str(CHECKOUT / "src"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "circle15.config.settings")

import django  # noqa: E402 -- after the path is set

django.setup()

from circle15.api.documentation import as_text  # noqa: E402 -- after Django is set up

if __name__ == "__main__":
    (CHECKOUT / "docs" / "openapi.json").write_text(as_text(), encoding="utf-8")
