"""Scoring: facts and an edition in, a sheet with every point explained out."""

from circle15.scoring.engine import MissingFacts, UnknownVeto, missing_facts, score, score_known
from circle15.scoring.gap import Change, GapReport, GapStep, compare, gap
from circle15.scoring.record import sheet_from_json, sheet_to_json, sheet_to_short_json
from circle15.scoring.sheet import (
    RESULT_TEXTS,
    ClauseLine,
    IndicatorLine,
    Remedy,
    RuleLine,
    ScoreSheet,
    SectionLine,
)

__all__ = [
    "RESULT_TEXTS",
    "Change",
    "ClauseLine",
    "GapReport",
    "GapStep",
    "IndicatorLine",
    "MissingFacts",
    "Remedy",
    "RuleLine",
    "ScoreSheet",
    "SectionLine",
    "UnknownVeto",
    "compare",
    "gap",
    "missing_facts",
    "score",
    "score_known",
    "sheet_from_json",
    "sheet_to_json",
    "sheet_to_short_json",
]
