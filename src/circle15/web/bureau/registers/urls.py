"""The registers of people and organisations served, and whom to see at home."""

from django.urls import path

from circle15.web.bureau.registers import lists, organisations, person, tasks
from circle15.web.shared.access import by_method

_PERSON = "people/<uuid:insured_uid>/"
_SERVED = "organisations/<uuid:served_uid>/"

urlpatterns = [
    path("", lists.home, name="registers"),
    path("search/", by_method(get=lists.search_form, post=lists.search), name="register_search"),
    path("people/", lists.people, name="register_people"),
    path("people/export/", lists.export, name="register_export"),
    path(
        "people/new/", by_method(get=person.new_form, post=person.new), name="register_person_new"
    ),
    path(_PERSON, person.show, name="register_person"),
    path(
        f"{_PERSON}edit/",
        by_method(get=person.edit_form, post=person.edit),
        name="register_person_edit",
    ),
    path(f"{_PERSON}reveal/", person.reveal, name="register_reveal"),
    path(f"{_PERSON}confirm/", person.confirm, name="register_confirm"),
    path(f"{_PERSON}join/", person.join, name="register_join"),
    path(f"{_PERSON}leave/", person.leave, name="register_leave"),
    path(f"{_PERSON}consent/", person.consent, name="register_consent"),
    path(f"{_PERSON}need/", person.need, name="register_need"),
    path(f"{_PERSON}need/<uuid:need_uid>/", person.answer, name="register_need_answer"),
    path(f"{_PERSON}erasure/", person.erasure, name="register_erasure"),
    path("organisations/", organisations.listed, name="register_organisations"),
    path(
        "organisations/new/",
        by_method(get=organisations.new_form, post=organisations.new),
        name="register_organisation_new",
    ),
    path(
        _SERVED,
        by_method(get=organisations.show, post=organisations.edit),
        name="register_organisation",
    ),
    path(
        f"{_SERVED}handlers/<uuid:handler_uid>/",
        organisations.decide_handler,
        name="register_handler",
    ),
    path("follow-ups/", tasks.listed, name="follow_ups"),
    path("follow-ups/<uuid:follow_up_uid>/", tasks.step, name="follow_up_step"),
]
