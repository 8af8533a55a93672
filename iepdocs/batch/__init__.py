"""Runs: what to make, and making it."""

from iepdocs.batch.annotate import write_annotated
from iepdocs.batch.generate import How, Report, Skipped, make_documents
from iepdocs.batch.new import make_workbook
from iepdocs.batch.prepare import Prepared, prepare
from iepdocs.batch.summary import write_summary
from iepdocs.batch.templates import blank, check_template, elements, kind_of, kind_unknown, preview

__all__ = [
    "How",
    "Prepared",
    "Report",
    "Skipped",
    "blank",
    "check_template",
    "elements",
    "kind_of",
    "kind_unknown",
    "make_documents",
    "make_workbook",
    "prepare",
    "preview",
    "write_annotated",
    "write_summary",
]
