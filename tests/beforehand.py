"""Make what many tests wait for, beside the checks: `python -m tests.beforehand`."""

import django
from tests.migrated import migrated

django.setup()  # a program of its own; the city asks the models

from tests.web.browser.city import write_beforehand  # noqa: E402

if __name__ == "__main__":
    migrated(is_alone=True)
    write_beforehand()
