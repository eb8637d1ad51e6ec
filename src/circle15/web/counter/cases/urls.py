"""Addresses of intake at the window."""

from django.urls import path

from circle15.web.counter.cases import (
    finding,
    intake,
    joint,
    organisations,
    photo,
    receipts,
    relatives,
)
from circle15.web.shared.access import by_method

urlpatterns = [
    path("", by_method(get=finding.start, post=finding.find), name="intake"),
    path("open/", finding.open_for, name="intake_open"),
    path("hand-out/", receipts.hand_out, name="intake_hand_out"),
    path("register/", finding.register, name="intake_register"),
    path("photo/", photo.ask, name="intake_card"),
    path(
        "photo/<uuid:reading_uid>/", by_method(get=photo.show, post=photo.use), name="intake_photo"
    ),
    path("photo/<uuid:reading_uid>/picture/", photo.photo, name="intake_photo_picture"),
    path("organisation/", organisations.find, name="intake_organisation"),
    path("organisation/choose/", organisations.choose, name="intake_organisation_choose"),
    path("organisation/open/", organisations.open_for, name="intake_organisation_open"),
    path("organisation/register/", organisations.register, name="intake_organisation_register"),
    path("organisation/handlers/sign/", organisations.sign_handler, name="intake_handler_sign"),
    path("organisation/handlers/", organisations.decide_handler, name="intake_handler"),
    path("mandates/sign/", relatives.sign, name="intake_mandate_sign"),
    path("mandates/", relatives.end, name="intake_mandate"),
    path("joint/", joint.ask, name="intake_joint"),
    path("joint/take/", joint.take, name="intake_joint_take"),
    path("joint/<uuid:joint_uid>/", joint.show, name="joint_handling"),
    path("joint/<uuid:joint_uid>/qr.svg", joint.qr_code, name="joint_qr"),
    path("joint/<uuid:joint_uid>/receipt.<str:media>", joint.file, name="joint_file"),
    path("<uuid:case_uid>/", by_method(get=intake.show, post=intake.save), name="intake_case"),
    path("<uuid:case_uid>/answers/", intake.answer, name="intake_answers"),
]
