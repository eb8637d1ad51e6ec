"""A network file is taken into use from the command line."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from tests import factories
from tests.plans import places

from circle15.planning.network.store import save
from circle15.plans.queries import network_for

pytestmark = pytest.mark.django_db


def test_a_file_is_taken_into_use(tmp_path) -> None:
    factories.CountyFactory()
    save(places.road(), tmp_path / "road.net")
    told = StringIO()
    call_command("network", tmp_path / "road.net", division=places.COUNTY, name="县道", stdout=told)
    assert told.getvalue() == "已启用：县道，11 个节点\n"
    found = network_for(places.COUNTY_PATH)
    assert (found.name, found.modes, found.is_synthetic) == ("县道", ["ebike"], False)


def test_what_is_no_network_or_no_division_is_refused(tmp_path) -> None:
    (tmp_path / "x.net").write_text("nothing")
    save(places.road(), tmp_path / "road.net")
    for file, division in (("x.net", places.COUNTY), ("road.net", "999999999999")):
        with pytest.raises(CommandError):
            call_command("network", tmp_path / file, division=division, name="县道")
