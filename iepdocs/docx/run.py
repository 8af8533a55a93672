"""One rendering of a template: what it has made beside the text, what it found, and how much it may do."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING

from jinja2 import Undefined
from jinja2.exceptions import SecurityError

from iepdocs.bounds import TooMuchError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iepdocs.docx.chart_parts import ChartPart
    from iepdocs.docx.charts import Chart
    from iepdocs.docx.copies import Copies

_MOST_ROUNDS = 300_000
_MOST_WORK = 30_000_000
_LONGEST_SECONDS, _LOOKS = 30, 16
_MOST_CHARACTERS = 1 << 26
SHORT = 64
"""Texts up to this length are not counted one by one, but as so many characters for each tag in a round of a loop."""


@dataclass(slots=True)
class Added:
    """A relationship that a document has beyond its template's, or with another target."""

    id: str
    type: str
    target: str
    external: bool


@dataclass(slots=True)
class Run:
    """What one rendering gathers.

    Attributes:
        copies: the ids and numberings that its copies have got.
        unknown: names that were asked for and are not there, each with the tag that did, where it is known.
        removed: the tags whose values had characters that XML cannot hold.
        links: the relationships added or changed, by part.
        pictures: the parts of pictures, by name.
        types: the content types of pictures, by ending.
        charts: how many charts have been made.
        parts: the content types of new parts, by name.
        filled: the charts of the template that were used: which, with what, and the name of the part.
        shown: the names of the charts of the template that are in the document, filled or as they are.
        markup: the parts into which a value brought markup of its own.
        placed: the markup of blocks that was put into the document.
        rounds: how many rounds loops have made.
        characters: how many characters have been written.
        work: how many items of lists have been gone through.
        looks: how often the clock was thought of.
        started: when it began.
        signs: the tags in the text of blocks that are filtered, each with the number of its sign.
    """

    copies: Copies
    unknown: dict[tuple[str, int | None], None] = field(default_factory=dict)
    removed: dict[int, None] = field(default_factory=dict)
    links: dict[str, dict[str, Added]] = field(default_factory=dict)
    pictures: dict[str, bytes] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    charts: int = 0
    parts: dict[str, str] = field(default_factory=dict)
    filled: list[tuple[ChartPart, Chart, str, str]] = field(default_factory=list)
    shown: set[str] = field(default_factory=set)
    markup: set[str] = field(default_factory=set)
    placed: set[str] = field(default_factory=set)
    signs: dict[str, int] = field(default_factory=dict)
    rounds: int = 0
    characters: int = 0
    work: int = 0
    looks: int = 0
    started: float = field(default_factory=monotonic)

    def count_round(self, length: int) -> None:
        """Count a round of a loop that writes some characters.

        Raises:
            TooMuchError: where there have been too many.
        """
        self.rounds += 1
        self.count(length)
        self.look_at_the_clock()
        if self.rounds > _MOST_ROUNDS:
            raise TooMuchError("so many rounds of a loop")

    def look_at_the_clock(self) -> None:
        """Look now and then whether it has taken too long.

        Raises:
            TooMuchError: where it has.
        """
        self.looks += 1
        if not self.looks % _LOOKS and monotonic() - self.started > _LONGEST_SECONDS:
            raise TooMuchError("so much that it would take minutes")

    def count_work(self, steps: int) -> None:
        """Count the steps of going through lists and texts.

        Raises:
            TooMuchError: where there have been too many.
        """
        self.work += steps
        if self.work > _MOST_WORK:
            raise TooMuchError("so much to be gone through")

    def count(self, length: int) -> None:
        """Count characters that are written.

        Raises:
            TooMuchError: where there have been too many.
        """
        self.characters += length
        if self.characters > _MOST_CHARACTERS:
            raise TooMuchError("a document of that length")


CURRENT: ContextVar[Run | None] = ContextVar("run", default=None)


def name_of(nothing: Undefined) -> str | None:
    """Return the name that was asked for in vain.

    Raises:
        SecurityError: where it is one that a template may not ask for.
    """
    if nothing._undefined_exception is SecurityError:  # noqa: SLF001  (Jinja has no other way to tell)
        nothing._fail_with_undefined_error()  # noqa: SLF001
    name = nothing._undefined_name  # noqa: SLF001
    return None if name is None else str(name)


class Unknown(Undefined):
    """A name that is not there: it prints nothing, and is noted where it is printed, asked, compared or repeated."""

    __slots__ = ()

    def _note(self) -> None:
        name = name_of(self)
        run = CURRENT.get()
        if run is not None and name:
            run.unknown[name, None] = None

    def __str__(self) -> str:
        self._note()
        return ""

    def __len__(self) -> int:
        self._note()
        return 0

    def __iter__(self) -> Iterator[object]:
        self._note()
        return iter(())

    def __bool__(self) -> bool:
        self._note()
        return False

    def __eq__(self, other: object) -> bool:
        self._note()
        return super().__eq__(other)

    def __ne__(self, other: object) -> bool:
        self._note()
        return super().__ne__(other)

    __hash__ = Undefined.__hash__
