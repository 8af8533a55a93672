"""PDFs of Word documents, one by one and as one to print; knows nothing of IEPs."""

from iepdocs.pdf.combine import Combined, Part, combine
from iepdocs.pdf.convert import convert
from iepdocs.pdf.office import Office, find_office

__all__ = ["Combined", "Office", "Part", "combine", "convert", "find_office"]
