"""A measurement of progress: what was written, and the figures in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Unit = Literal["", "percent", "trials", "seconds"]


@dataclass(frozen=True, slots=True, repr=False)
class Measurement:
    """The result of a probe, an observation or a trial, as a teacher writes it.

    Attributes:
        text: the result as it was written.
        number: the figure in it: 80 of `80 %`, 4 of `4 of 5`, 95 of `1:35`; None for words.
        total: the number of trials, 5 of `4 of 5`.
        unit: `percent`, `trials` (with a total), `seconds` (of `1:35`), or nothing for a bare number or words.
    """

    text: str
    number: float | None = None
    total: float | None = None
    unit: Unit = ""

    def __str__(self) -> str:
        """Return what was written."""
        return self.text

    def __repr__(self) -> str:
        return f"Measurement({self.text!r}, {self.number}, {self.total}, {self.unit!r})"
