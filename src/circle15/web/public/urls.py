"""Pages for insured persons; nobody need log in."""

from django.urls import include, path

from circle15.web.public import views
from circle15.web.public.mine import phone

urlpatterns = [
    path("", views.home, name="home"),
    path("guides/", include("circle15.web.public.guides.urls")),
    path("disclosure/", include("circle15.web.public.disclosure.urls")),
    path("signin/", include("circle15.web.public.signin.urls")),
    path("apply/", include("circle15.web.public.apply.urls")),
    path("mine/", include("circle15.web.public.mine.urls")),
    path("c/<str:number>/<str:secret>/", phone.case_phone, name="case_phone"),
    path("j/<uuid:link>/<str:secret>/", phone.joint_phone, name="joint_phone"),
    path("", include("circle15.web.public.rating.urls")),
    path("booking/", include("circle15.web.public.booking.urls")),
    path("find/sites.geojson", views.features, name="public_features"),
    path("find/boundaries.geojson", views.boundaries, name="public_boundaries"),
    path("find/roads.geojson", views.roads, name="public_roads"),
]
