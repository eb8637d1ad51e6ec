"""Addresses of the map and of the lines it draws."""

from django.urls import path

from circle15.web.bureau.sites import lists

urlpatterns = [
    path("", lists.site_map, name="site_map"),
    path("sites.geojson", lists.site_features, name="site_features"),
    path("boundaries.geojson", lists.boundaries, name="boundaries"),
    path("roads.geojson", lists.roads, name="roads"),
]
