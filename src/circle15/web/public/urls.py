"""Pages for insured persons; nobody need log in."""

from django.urls import include, path

from circle15.web.public import views

urlpatterns = [
    path("", views.home, name="home"),
    path("guides/", include("circle15.web.public.guides.urls")),
    path("booking/", include("circle15.web.public.booking.urls")),
    path("find/sites.geojson", views.features, name="public_features"),
    path("find/boundaries.geojson", views.boundaries, name="public_boundaries"),
    path("find/roads.geojson", views.roads, name="public_roads"),
]
