"""Records to plans: validation, and what belongs to what. Knows nothing of Excel or Word."""

from iepdocs.plan.caseload import Caseload
from iepdocs.plan.days import years_between
from iepdocs.plan.links import link
from iepdocs.plan.progress import Least, Progress, number_of, progress_of, result_of
from iepdocs.plan.record import Record
from iepdocs.plan.rules import Fields, broken_rules
from iepdocs.plan.validate import SheetValidator

__all__ = [
    "Caseload",
    "Fields",
    "Least",
    "Progress",
    "Record",
    "SheetValidator",
    "broken_rules",
    "link",
    "number_of",
    "progress_of",
    "result_of",
    "years_between",
]
