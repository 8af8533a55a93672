"""Workbooks: cells in and out. Knows nothing of IEPs."""

from iepdocs.workbook.blank import write_workbook
from iepdocs.workbook.read import Row, Table, Workbook, open_workbook

__all__ = ["Row", "Table", "Workbook", "open_workbook", "write_workbook"]
