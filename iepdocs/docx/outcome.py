"""What is said of a rendering: which tag failed and why, which names were unknown, which values lost characters.

A message quotes the template and never a value: what a tag asks for by a name that is worked out may be a child's.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jinja2 import UndefinedError
from jinja2.exceptions import SecurityError

from iepdocs.bounds import TooMuchError
from iepdocs.docx.compile import FIRST_LINE, names_in
from iepdocs.docx.own_charts import ChartError
from iepdocs.docx.pictures import PictureError
from iepdocs.docx.printing import FilterError
from iepdocs.findings import FilePlace, Finding, IepdocsError, Severity, TemplatePlace
from iepdocs.sandbox import why

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iepdocs.docx.compile import Part
    from iepdocs.docx.run import Run
    from iepdocs.docx.slots import Slot


class BrokenError(Exception):
    """What was rendered is no XML, or none that Word reads."""


def failed(template: str, part: Part | None, error: Exception) -> IepdocsError:
    """Return what is wrong where a rendering stopped.

    Args:
        template: the template's file name.
        part: the part that was being rendered, if one was.
        error: what stopped it.
    """
    place: TemplatePlace | FilePlace = FilePlace(template)
    slot = _slot_of(part, error) if part is not None else None
    if slot is not None:
        place = slot.place(template)
    elif part is not None:
        place = TemplatePlace(template, part.slots.tags[0].spot.part if part.slots.tags else None)
    which = f"'{slot.tag.text}'" if slot is not None else "A tag of the template"
    message = f"{which} {_plainly(error, slot.tag.source if slot is not None else '')}."
    return IepdocsError(
        Finding(message, "Mend the tag, or ask who made the template to.", place, rule="template-render")
    )


def noticed(template: str, slots: Mapping[int, Slot], run: Run) -> Iterator[Finding]:
    """Yield a finding for each name that was unknown, and each value that lost characters.

    Args:
        template: the template's file name.
        slots: its tags, by number.
        run: what the rendering has gathered.
    """
    told = {word for word, number in run.unknown if number is not None}
    found: dict[Finding, None] = {}
    for word, number in run.unknown:
        if number is not None:
            slot: Slot | None = slots[number]
        elif word in told:
            continue
        else:
            slot = next((one for one in slots.values() if word in names_in(one.tag.source)), None)
        place = slot.place(template) if slot else TemplatePlace(template)
        known = any(word in names_in(one.tag.source) for one in slots.values())
        name = f"no name '{word}'" if known else "no such name as was worked out"
        finding = Finding(
            f"There is {name} in the data, so nothing was printed for it.",
            "Mend the name in the template, or give it in the data.",
            place,
            Severity.WARNING,
            rule="name-unknown",
        )
        found[finding] = None
    yield from found
    for number in run.removed:
        yield Finding(
            f"The value of '{slots[number].name}' had characters that a Word document cannot hold; they were left out.",
            "Delete the odd characters where the value comes from; they are often invisible.",
            slots[number].place(template),
            Severity.WARNING,
            rule="characters-removed",
        )


def _slot_of(part: Part, error: Exception) -> Slot | None:
    """Return the tag at which a rendering failed, by the line of the compiled template in the traceback."""
    step = error.__traceback__
    line = None
    while step is not None:
        if step.tb_frame.f_code.co_filename == part.name:
            line = part.template.get_corresponding_lineno(step.tb_lineno)
        step = step.tb_next
    if line is None or not 0 <= line - FIRST_LINE < len(part.order):
        return None
    number = part.order[line - FIRST_LINE]
    return part.slots.tags[number] if number < len(part.slots.tags) else None


def _plainly(error: Exception, source: str) -> str:
    """Say an error without the values that it may quote; words of the tag itself are none."""
    if isinstance(error, PictureError):
        return f"names a picture that {error}"
    if isinstance(error, ChartError):
        return str(error)
    if isinstance(error, FilterError):
        return f"cannot be worked out: a filter in it {error}"
    if isinstance(error, TooMuchError):
        return f"asks for {error}"
    if isinstance(error, SecurityError):
        return "calls or reaches for what a template may not"
    if isinstance(error, UndefinedError):
        words = re.findall(r"'([^']*)' is undefined|has no attribute '([^']*)'", error.message or "")
        name = "".join(words[0]) if words else ""
        said = f"'{name}'" if name in names_in(source) else "a name"
        return f"goes on with {said}, which is not there"
    if isinstance(error, BrokenError):
        return "makes a document that Word could not open, with these data"
    return f"cannot be worked out: {why(error)}"
