"""Word templates in, finished documents out. Knows nothing of IEPs."""

from iepdocs.docx.template import Draft, Template
from iepdocs.docx.words import words_of

__all__ = ["Draft", "Template", "words_of"]
