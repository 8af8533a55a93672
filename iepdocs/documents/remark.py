"""What is said of a record when documents are thought of: where it stands, what is wrong, and the mend."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iepdocs.findings import Severity
    from iepdocs.plan import Record


@dataclass(frozen=True)
class Remark:
    """A remark on a record, at the cell of one of its columns."""

    record: Record
    column: str
    message: str
    mend: str
    severity: Severity
    rule: str
    citation: str = ""
