"""Plans to contexts to documents. Knows plans and templates, and holds no format."""

from iepdocs.documents.context import Contexts, Document
from iepdocs.documents.coverage import Carried, carried, missing
from iepdocs.documents.expand import Wanted, expand, is_reported
from iepdocs.documents.recipients import DECIDING, language_of
from iepdocs.documents.reported import reported
from iepdocs.documents.unserved import NO_HOLDER, NOT_TRANSLATED, UNSERVED, unserved, untranslated
from iepdocs.documents.uses import KindUses, kind_uses, unknown_names, worth_filling_in
from iepdocs.documents.view import records_in

__all__ = [
    "DECIDING",
    "NOT_TRANSLATED",
    "NO_HOLDER",
    "UNSERVED",
    "Carried",
    "Contexts",
    "Document",
    "KindUses",
    "Wanted",
    "carried",
    "expand",
    "is_reported",
    "kind_uses",
    "language_of",
    "missing",
    "records_in",
    "reported",
    "unknown_names",
    "unserved",
    "untranslated",
    "worth_filling_in",
]
