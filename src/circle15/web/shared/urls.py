"""Doors that belong to no single audience: the look, the language, the style guide."""

from django.urls import path

from circle15.web.shared import views

app_name = "shared"
urlpatterns = [
    path("preferences/", views.preferences, name="preferences"),
    path("design/", views.design, name="design"),
    path("design/map/<slug:layer>.geojson", views.design_layer, name="design-layer"),
    path("design/errors/<int:status>/", views.design_error, name="design-error"),
]
