"""The register of consultations."""

from django.urls import path

from circle15.web.bureau.consultations import views
from circle15.web.shared.access import by_method

urlpatterns = [
    path("", by_method(get=views.listed, post=views.record), name="consultations"),
    path("export/", views.export, name="consultations_export"),
    path("<uuid:consultation_uid>/strike/", views.strike, name="consultation_strike"),
]
