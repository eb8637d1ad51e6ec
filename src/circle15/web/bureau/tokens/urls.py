"""Make, list and revoke one's own tokens."""

from django.urls import path

from circle15.web.bureau.tokens import views
from circle15.web.shared.access import by_method

urlpatterns = [
    path("", by_method(get=views.token_list, post=views.make), name="tokens"),
    path("<uuid:token_uid>/revoke/", views.revoke, name="token_revoke"),
]
