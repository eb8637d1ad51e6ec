"""Property tests are bounded by their number of examples, not by the load of the machine."""

from hypothesis import settings

settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")
