"""Runs: what to make, and making it."""

from iepdocs.batch.annotate import write_annotated
from iepdocs.batch.generate import How, Report, Skipped, Watch, make_documents
from iepdocs.batch.new import make_workbook
from iepdocs.batch.prepare import Prepared, prepare
from iepdocs.batch.printing import Printing
from iepdocs.batch.status import IN_ORDER, Standing, State, read_journal, standings
from iepdocs.batch.templates import blank, check_template, elements, kind_of, kind_unknown, preview

__all__ = [
    "IN_ORDER",
    "How",
    "Prepared",
    "Printing",
    "Report",
    "Skipped",
    "Standing",
    "State",
    "Watch",
    "blank",
    "check_template",
    "elements",
    "kind_of",
    "kind_unknown",
    "make_documents",
    "make_workbook",
    "prepare",
    "preview",
    "read_journal",
    "standings",
    "write_annotated",
]
