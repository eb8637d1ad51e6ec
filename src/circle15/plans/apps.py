"""Planning at start-up: tell the programme where coverage comes from."""

from django.apps import AppConfig


class PlansConfig(AppConfig):
    """The app; targets of the programme read coverages from it."""

    name = "circle15.plans"

    def ready(self) -> None:
        from circle15.plans.covering import stored_coverage  # noqa: PLC0415 -- models are ready now
        from circle15.programme.targets.given import coverage_from  # noqa: PLC0415 -- same

        coverage_from(stored_coverage)
