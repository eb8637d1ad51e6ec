"""Chinese identifiers: resident ID, unified social credit code, division code."""

from circle15.core.identifiers.division import (
    DivisionLevel,
    check_division_code,
    division_level,
    full_division_code,
    is_division_code,
    parent_division_code,
)
from circle15.core.identifiers.excel_damage import excel_damage, to_retype
from circle15.core.identifiers.resident_id import (
    Sex,
    birth_date,
    canonical_resident_id,
    check_resident_id,
    is_resident_id,
    resident_id_check_character,
    sex,
)
from circle15.core.identifiers.social_credit import (
    canonical_social_credit_code,
    check_social_credit_code,
    is_social_credit_code,
    social_credit_check_character,
)

__all__ = [
    "DivisionLevel",
    "Sex",
    "birth_date",
    "canonical_resident_id",
    "canonical_social_credit_code",
    "check_division_code",
    "check_resident_id",
    "check_social_credit_code",
    "division_level",
    "excel_damage",
    "full_division_code",
    "is_division_code",
    "is_resident_id",
    "is_social_credit_code",
    "parent_division_code",
    "resident_id_check_character",
    "sex",
    "social_credit_check_character",
    "to_retype",
]
