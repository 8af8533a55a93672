"""Workbooks: cells in and out. Knows nothing of IEPs."""

from iepdocs.workbook.read import open_workbook
from iepdocs.workbook.tables import Row, Table, Workbook

__all__ = ["Row", "Table", "Workbook", "open_workbook"]
