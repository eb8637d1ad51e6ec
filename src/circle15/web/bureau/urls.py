"""All pages of the staff, one package per subject."""

from django.urls import include, path

urlpatterns = [
    path("", include("circle15.web.bureau.login.urls")),
    path("accounts/", include("circle15.web.bureau.accounts.urls")),
    path("board/", include("circle15.web.bureau.board.urls")),
    path("sites/", include("circle15.web.bureau.sites.urls")),
]
