"""Assessments at start-up: tell the programme where titles come from."""

from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    """The app; targets of the programme read titles from it."""

    name = "circle15.assessments"

    def ready(self) -> None:
        from circle15.assessments.campaigns.held import titles_held  # noqa: PLC0415 -- models are ready now
        from circle15.programme.targets.given import titles_from  # noqa: PLC0415 -- same

        titles_from(titles_held)
