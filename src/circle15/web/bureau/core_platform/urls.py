"""Addresses of the page of the line to the core platform."""

from django.urls import path

from circle15.web.bureau.core_platform import case, views
from circle15.web.shared.access import by_method

urlpatterns = [
    path("", views.page, name="core_platform"),
    path("messages/<uuid:message_uid>/", views.complete, name="core_complete"),
    path("messages/<uuid:message_uid>/set-aside/", views.set_aside, name="core_set_aside"),
    path("cases/", case.find, name="core_find"),
    path("cases/<uuid:case_uid>/", by_method(get=case.page, post=case.take_back), name="core_case"),
    path("wishes/<uuid:wish_uid>/", case.second, name="core_second"),
    path("differences/<uuid:difference_uid>/", views.settle, name="core_settle"),
]
