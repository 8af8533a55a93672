"""Packs: everything declared (sheets, columns, document kinds, names, settings, terms, templates)."""

from iepdocs.pack.kinds import Kind
from iepdocs.pack.names import Name, UnknownName, Use, uses_of
from iepdocs.pack.pack import Pack, load_pack, sample_workbook
from iepdocs.pack.rules import RecordValidator
from iepdocs.pack.schema import Column, Sheet

__all__ = [
    "Column",
    "Kind",
    "Name",
    "Pack",
    "RecordValidator",
    "Sheet",
    "UnknownName",
    "Use",
    "load_pack",
    "sample_workbook",
    "uses_of",
]
