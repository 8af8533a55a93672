"""Runs: what to make, and making it."""

from iepdocs.batch.annotate import write_annotated
from iepdocs.batch.generate import Report, Skipped, make_documents
from iepdocs.batch.new import make_workbook
from iepdocs.batch.prepare import Prepared, prepare

__all__ = ["Prepared", "Report", "Skipped", "make_documents", "make_workbook", "prepare", "write_annotated"]
