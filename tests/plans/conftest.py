"""Network files of a test lie in its own folder."""

import pytest

from circle15.plans import files


@pytest.fixture(autouse=True)
def _own_var(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    files.open_network.cache_clear()
