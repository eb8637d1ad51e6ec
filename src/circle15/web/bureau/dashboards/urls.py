"""Addresses of the dashboards."""

from django.urls import path

from circle15.web.bureau.dashboards import views, wall

urlpatterns = [
    path("", views.show, name="dashboards"),
    path("scores/", views.scores, name="dashboard_scores"),
    path("map/", views.on_map, name="dashboard_map"),
    path("export/", views.export, name="dashboard_export"),
    path("wall/", wall.show, name="dashboard_wall"),
]
