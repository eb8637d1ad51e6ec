"""Money: the overview, papers and their approval, the journal, anomalies, rules."""

from django.urls import path

from circle15.web.bureau.funds import anomalies, moving, overviews, rules
from circle15.web.shared.access import by_method

MOVE = "moves/<uuid:fund_uid>/"
urlpatterns = [
    path("", by_method(get=overviews.page, post=overviews.open_one), name="funds"),
    path("rounds/<uuid:fund_round_uid>/do/<slug:act>/", overviews.act, name="fund_round_act"),
    path("journal/<uuid:fund_round_uid>/", overviews.lines, name="fund_journal"),
    path("export/<uuid:fund_round_uid>/<slug:table>/", overviews.export, name="fund_export"),
    path("new/<slug:kind>/", by_method(get=moving.ask, post=moving.hand_in), name="fund_new"),
    path("moves/", moving.listed, name="fund_moves"),
    path(MOVE, moving.page, name="fund_move"),
    path(f"{MOVE}do/<slug:act>/", moving.act, name="fund_act"),
    path("anomalies/", anomalies.listed, name="fund_anomalies"),
    path("anomalies/do/<slug:act>/", anomalies.say, name="fund_look"),
    path("rules/", by_method(get=rules.page, post=rules.keep), name="fund_rules"),
]
