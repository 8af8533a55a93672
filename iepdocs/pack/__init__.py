"""Packs: everything declared (sheets, columns, document kinds, names, settings, terms, templates)."""

from iepdocs.pack.elements import Element
from iepdocs.pack.kinds import Kind
from iepdocs.pack.names import Name, UnknownName, Use, paths_of, uses_of
from iepdocs.pack.pack import Pack, is_template_of, language_in, load_pack, sample_workbook
from iepdocs.pack.recipients import Mail, Standing
from iepdocs.pack.rules import Grade, Rule
from iepdocs.pack.schema import Across, Column, Sheet
from iepdocs.pack.summary import SummaryColumn
from iepdocs.pack.terms import PRONOUN_FORMS, Wording
from iepdocs.pack.validator import RecordValidator

__all__ = [
    "PRONOUN_FORMS",
    "Across",
    "Column",
    "Element",
    "Grade",
    "Kind",
    "Mail",
    "Name",
    "Pack",
    "RecordValidator",
    "Rule",
    "Sheet",
    "Standing",
    "SummaryColumn",
    "UnknownName",
    "Use",
    "Wording",
    "is_template_of",
    "language_in",
    "load_pack",
    "paths_of",
    "sample_workbook",
    "uses_of",
]
