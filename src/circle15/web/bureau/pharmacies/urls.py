"""The register of pharmacies, one with its steps, and its price lists."""

from django.urls import path

from circle15.web.bureau.pharmacies import prices, shop, views
from circle15.web.shared.access import by_method

SHOP = "<uuid:pharmacy_uid>/"
urlpatterns = [
    path("", views.shop_list, name="pharmacies"),
    path("export/", views.export, name="pharmacies_export"),
    path("new/", by_method(get=views.ask, post=views.enter), name="pharmacy_new"),
    path("template.xlsx", prices.template_file, name="pharmacy_template"),
    path("lists/<uuid:price_list_uid>/", prices.checked, name="price_list"),
    path("lists/<uuid:price_list_uid>/do/<slug:act>/", prices.decide, name="price_list_step"),
    path("lists/<uuid:price_list_uid>/errors/", prices.errors_file, name="price_list_errors"),
    path(SHOP, shop.page, name="pharmacy"),
    path(f"{SHOP}do/<slug:act>/", shop.take_step, name="pharmacy_step"),
    path(
        f"{SHOP}prices/",
        by_method(get=prices.price_page, post=prices.hand_in_list),
        name="pharmacy_prices",
    ),
]
