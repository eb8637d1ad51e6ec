"""Kept files of a test lie in its own folder."""

import pytest


@pytest.fixture(autouse=True)
def _own_var(settings, tmp_path):
    settings.VAR_DIR = tmp_path
