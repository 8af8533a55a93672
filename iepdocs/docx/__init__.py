"""Word templates in, finished documents out. Knows nothing of IEPs."""

from iepdocs.docx.template import Template

__all__ = ["Template"]
