"""Projects under construction."""

from django.urls import path

from circle15.web.bureau.construction import listed, project
from circle15.web.shared.access import by_method

urlpatterns = [
    path("", by_method(get=listed.project_list, post=listed.start_project), name="construction"),
    path("export/", listed.export, name="construction_export"),
    path("<uuid:project_uid>/", project.show, name="construction_project"),
    path("<uuid:project_uid>/<slug:step>/", project.take_step, name="construction_step"),
]
