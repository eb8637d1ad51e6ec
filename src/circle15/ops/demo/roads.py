"""The road network of the demo city: generated within the real outline, no road in it exists."""

from importlib.resources import as_file, files

from circle15.planning.network.model import Network

COUNTY = "320681000000"


def roads_network() -> Network:
    """Build the network from its nodes and edges."""
    from circle15.planning.network.profiles import default_scenario
    from circle15.planning.network.source import read_network

    with as_file(files("circle15.ops.demo") / "data" / "network") as folder:
        return read_network(folder, default_scenario())
