"""The list of machines for the staff, and the page a new machine opens."""

from django.urls import path

from circle15.web.bureau.devices import views
from circle15.web.shared.access import by_method

urlpatterns = [
    path("devices/", by_method(get=views.device_list, post=views.invite), name="devices"),
    path("devices/<uuid:device_uid>/code/", views.invite_again, name="device_code"),
    path("devices/<uuid:device_uid>/revoke/", views.revoke, name="device_revoke"),
    path("device/", by_method(get=views.device, post=views.register), name="device"),
]
