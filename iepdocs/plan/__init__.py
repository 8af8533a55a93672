"""Records to plans: validation, and what belongs to what. Knows nothing of Excel or Word."""

from iepdocs.plan.caseload import Caseload
from iepdocs.plan.days import years_between
from iepdocs.plan.links import link
from iepdocs.plan.progress import KEPT, Least, Progress, in_another_unit, progress_of
from iepdocs.plan.record import Record
from iepdocs.plan.rules import Fields, RuleValidator, case_of
from iepdocs.plan.validate import SheetValidator

__all__ = [
    "KEPT",
    "Caseload",
    "Fields",
    "Least",
    "Progress",
    "Record",
    "RuleValidator",
    "SheetValidator",
    "case_of",
    "in_another_unit",
    "link",
    "progress_of",
    "years_between",
]
