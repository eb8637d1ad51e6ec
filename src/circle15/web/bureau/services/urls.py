"""Short records of help, and the figures of cases and services."""

from django.urls import path

from circle15.web.bureau.services import figures, views
from circle15.web.shared.access import by_method

urlpatterns = [
    path("", by_method(get=views.listed, post=views.record), name="services"),
    path("export/", views.export, name="services_export"),
    path("figures/", figures.case_figures, name="case_figures"),
    path("<uuid:record_uid>/strike/", views.strike, name="service_strike"),
]
