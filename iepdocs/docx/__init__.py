"""Word templates in, finished documents out. Knows nothing of IEPs."""

from iepdocs.docx.accessibility import accessibility_findings
from iepdocs.docx.charts import Axis, Chart, Line
from iepdocs.docx.template import Draft, Template
from iepdocs.docx.words import words_of

__all__ = ["Axis", "Chart", "Draft", "Line", "Template", "accessibility_findings", "words_of"]
