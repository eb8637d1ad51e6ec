"""The application granian serves."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "circle15.config.settings")

application = get_wsgi_application()
# Every page is loaded before the first request, not by it: that one would wait for seconds.
assert get_resolver().url_patterns
