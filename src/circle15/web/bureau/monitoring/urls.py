"""Warnings of the area, one site's monitoring, and supervision orders with their steps."""

from django.urls import path

from circle15.web.bureau.monitoring import orders, site, views
from circle15.web.shared.access import by_method

ORDER = "orders/<uuid:supervision_uid>/"
urlpatterns = [
    path("", views.warning_list, name="monitoring"),
    path("export/", views.export, name="monitoring_export"),
    path("sites/<slug:code>/", site.page, name="monitoring_site"),
    path("warnings/<uuid:warning_uid>/plan/", site.plan_warning, name="warning_plan"),
    path("orders/", orders.order_list, name="supervision"),
    path(
        "orders/new/<slug:code>/",
        by_method(get=orders.ask, post=orders.issue_order),
        name="supervision_new",
    ),
    path(ORDER, orders.page, name="supervision_order"),
    path(f"{ORDER}do/<slug:act>/", orders.take_step, name="supervision_step"),
]
