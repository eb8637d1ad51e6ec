"""One's own pages. Addresses name a case by chance; they open to who signed in for it only."""

from django.urls import path

from circle15.web.public.mine import acting, cases, held, home
from circle15.web.shared.access import by_method

CASE = "case/<uuid:case_uid>/"
urlpatterns = [
    path("", home.home, name="mine"),
    path(CASE, cases.case, name="my_case"),
    path(
        f"{CASE}papers/",
        by_method(get=cases.supplement, post=cases.hand_in_again),
        name="my_supplement",
    ),
    path(f"{CASE}papers/<slug:which>.pdf", cases.paper, name="my_paper"),
    path(
        f"{CASE}withdraw/",
        by_method(get=cases.ask_withdraw, post=cases.withdraw),
        name="my_withdraw",
    ),
    path(f"{CASE}appeal/", by_method(get=cases.ask_appeal, post=cases.appeal), name="my_appeal"),
    path(f"{CASE}answer/", by_method(get=cases.ask_answer, post=cases.answer), name="my_answer"),
    path(f"{CASE}sign/", cases.sign, name="my_sign"),
    path("data/", held.held, name="my_data"),
    path("data/download/", held.download, name="my_data_download"),
    path("data/correct/", held.correct, name="my_data_correct"),
    path("data/consent/", held.end_consent, name="my_consent_end"),
    path("data/texts/", held.texts, name="my_texts"),
    path("mandates/", acting.overview, name="mandates"),
    path("mandates/new/", by_method(get=acting.ask, post=acting.send_code), name="mandate_new"),
    path(
        "mandates/organisation/",
        by_method(get=acting.ask_organisation, post=acting.send_code_to_organisation),
        name="mandate_organisation",
    ),
    path(
        "mandates/code/<uuid:code_uid>/",
        by_method(get=acting.ask_for_code, post=acting.agree),
        name="mandate_code",
    ),
    path("mandates/<uuid:mandate_uid>/end/", acting.end, name="mandate_end"),
    path("mandates/<uuid:mandate_uid>/act/", acting.act_for, name="act_for"),
    path("mandates/self/", acting.act_for_self, name="act_for_self"),
]
