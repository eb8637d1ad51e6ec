"""Address of the clauses."""

from django.urls import path

from circle15.web.bureau.traceability import views

urlpatterns = [path("", views.clause_list, name="traceability")]
