"""Agreements with banks and hospitals, their outlets, and the posts of their people."""

from django.urls import path

from circle15.web.bureau.partners import agreement, outlet, users, views
from circle15.web.shared.access import by_method

AGREEMENT = "<uuid:agreement_uid>/"
urlpatterns = [
    path("", views.partner_list, name="partners"),
    path("export/", views.export, name="partners_export"),
    path("new/", by_method(get=agreement.ask, post=agreement.enter), name="agreement_new"),
    path("users/", users.overview, name="partner_users"),
    path("outlets/<slug:code>/", outlet.page, name="outlet"),
    path("outlets/<slug:code>/do/<slug:act>/", outlet.take_step, name="outlet_step"),
    path(AGREEMENT, agreement.page, name="agreement"),
    path(f"{AGREEMENT}do/<slug:act>/", agreement.take_step, name="agreement_step"),
    path(f"{AGREEMENT}users/", users.give, name="agreement_users"),
]
