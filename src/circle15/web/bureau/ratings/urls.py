"""Figures of ratings, ratings, and orders with their steps."""

from django.urls import path

from circle15.web.bureau.ratings import entering, figures, listed, orders
from circle15.web.shared.access import by_method

ORDER = "orders/<uuid:order_uid>/"
urlpatterns = [
    path("", figures.figures, name="ratings"),
    path("export/", figures.export, name="ratings_export"),
    path("given/", listed.given_list, name="ratings_given"),
    path("given/export/", listed.export, name="ratings_given_export"),
    path("enter/", by_method(get=entering.ask, post=entering.enter), name="rating_enter"),
    path("orders/", orders.order_list, name="orders"),
    path("orders/export/", orders.export, name="orders_export"),
    path(
        "orders/new/",
        by_method(get=entering.ask_matter, post=entering.open_matter),
        name="order_new",
    ),
    path(ORDER, orders.page, name="order"),
    path(f"{ORDER}who/", orders.reveal, name="order_reveal"),
    path(f"{ORDER}do/<slug:act>/", orders.take_step, name="order_step"),
]
