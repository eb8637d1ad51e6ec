"""All pages of the staff, one package per subject."""

from django.urls import include, path

urlpatterns = [
    path("", include("circle15.web.bureau.login.urls")),
    path("accounts/", include("circle15.web.bureau.accounts.urls")),
    path("people/", include("circle15.web.bureau.people.urls")),
    path("board/", include("circle15.web.bureau.board.urls")),
    path("", include("circle15.web.bureau.scores.urls")),
    path("map/", include("circle15.web.bureau.sites.map_urls")),
    path("audit/", include("circle15.web.bureau.audit.urls")),
    path("editions/", include("circle15.web.bureau.editions.urls")),
    path("registers/", include("circle15.web.bureau.registers.urls")),
    path("imports/", include("circle15.web.bureau.imports.urls")),
    path("", include("circle15.web.bureau.devices.urls")),
    path("halls/", include("circle15.web.bureau.hall_figures.urls")),
    path("halls/", include("circle15.web.bureau.appointments.urls")),
    path("halls/", include("circle15.web.bureau.notices.urls")),
    path("halls/", include("circle15.web.bureau.halls.urls")),
    path("core-platform/", include("circle15.web.bureau.core_platform.urls")),
    path("tokens/", include("circle15.web.bureau.tokens.urls")),
    path("items/papers/", include("circle15.web.bureau.papers.urls")),
    path("items/", include("circle15.web.bureau.items.urls")),
    path("cases/", include("circle15.web.bureau.cases.urls")),
    path("services/", include("circle15.web.bureau.services.urls")),
    path("consultations/", include("circle15.web.bureau.consultations.urls")),
    path("boards/", include("circle15.web.bureau.boards.urls")),
    path("plans/", include("circle15.web.bureau.plans.urls")),
    path("sites/", include("circle15.web.bureau.sites.urls")),
]
