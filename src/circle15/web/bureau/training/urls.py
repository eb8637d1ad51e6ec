"""Trainings as lists and pages, the plan, the bank of questions, and what one does there."""

from django.urls import path

from circle15.web.bureau.training import banks, listed, plans, quiz, sessions
from circle15.web.shared.access import by_method

SESSION = "<uuid:session_uid>/"
urlpatterns = [
    path("", listed.session_list, name="training"),
    path("new/", by_method(get=listed.ask, post=listed.announce_session), name="training_new"),
    path("export/", listed.export, name="training_export"),
    path("plan/", plans.page, name="training_plan"),
    path("plan/do/<slug:act>/", plans.act, name="training_plan_act"),
    path("bank/", by_method(get=banks.page, post=banks.change), name="training_bank"),
    path("bank/template/", banks.template, name="training_bank_template"),
    path("people/<int:user_id>/", listed.person, name="training_record"),
    path("materials/<int:material_id>/", sessions.material, name="training_material"),
    path(SESSION, sessions.page, name="training_session"),
    path(f"{SESSION}code/", sessions.code_part, name="training_code"),
    path(f"{SESSION}quiz/", by_method(get=quiz.page, post=quiz.hand_in), name="training_quiz"),
    path(f"{SESSION}do/<slug:act>/", sessions.act, name="training_session_act"),
]
