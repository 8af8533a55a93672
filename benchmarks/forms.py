"""What the rendering benchmark renders: two forms as Word templates in each engine's own tags, and their data.

Usage: python benchmarks/forms.py FOLDER

Writes `FORM-STYLES-TAGS.docx` for each, and `FORM-TAGS.json`: the data of ten students, in the shape that engines
with those tags want them. The words between the tags, and what they make, are the same for all. All people are
invented.
"""

# ruff: noqa: D102  (what a method of the tags gives, the class says that the others come from)

from __future__ import annotations

import io
import json
import random
import re
import struct
import sys
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar
from xml.sax.saxutils import escape

import docx

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    Data = dict[str, Any]
    Form = tuple[Callable[[int], Data], Callable[["Tags"], str]]

STUDENTS = 10
_NAME = re.compile(r"\[(\w+(?:\.\w+)+)\]")
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_DECLARED = (
    f'xmlns:w="{_W}" xmlns:r="{_OFFICE}" xmlns:wp="{_DRAWING}/wordprocessingDrawing" '
    f'xmlns:a="{_DRAWING}/main" xmlns:pic="{_DRAWING}/picture"'
)


# --- Word's XML, from words in which [a.name] stands for a value


def _run(words: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{escape(words)}</w:t></w:r>' if words else ""


def _widths(columns: int) -> list[int]:
    """Return the widths of a table's columns: the first is twice as wide as each other."""
    width = 10400 // (columns + 1)
    return [2 * width, *[width] * (columns - 1)]


class Tags:
    """docxtpl's tags, and what the other ways to write tags have in common with them.

    Args:
        data: the data of one student, for those that cannot repeat or leave out paragraphs.
    """

    name = "jinja"

    def __init__(self, data: Data) -> None:
        self.data = data
        self.items: dict[str, str] = {}

    def shape(self, data: Data) -> Data:
        """Return a student's data as an engine with these tags wants them."""
        return data

    def path(self, name: str) -> str:
        """Return how a name is written, within the loops that are open."""
        return name

    def value(self, name: str) -> str:
        """Return the tag for a value."""
        return f"{{{{ {self.path(name)} }}}}"

    def runs(self, words: str) -> str:
        """Return words with their tags as runs: Word has one for what is typed in one go."""
        return _run(_NAME.sub(lambda found: self.value(found.group(1)), words))

    def line(self, words: str, style: str = "") -> str:
        """Return a paragraph."""
        look = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
        return f"<w:p>{look}{self.runs(words)}</w:p>"

    def row(self, *cells: str) -> str:
        """Return a table row."""
        written = "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{self.line(words, "NoSpacing")}</w:tc>'
            for width, words in zip(_widths(len(cells)), cells, strict=True)
        )
        return f"<w:tr>{written}</w:tr>"

    def table(self, titles: Sequence[str], *rows: str) -> str:
        """Return a table with a row of titles."""
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in _widths(len(titles)))
        return (
            '<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="0" w:type="auto"/></w:tblPr>'
            f"<w:tblGrid>{grid}</w:tblGrid>{self.row(*titles)}{''.join(rows)}</w:tbl>"
        )

    def each(self, item: str, items: str, blocks: Callable[[], str]) -> str:
        """Return blocks that are repeated for each of some items."""
        return (
            self.line(f"{{%p for {item} in {self.path(items)} %}}")
            + self._within(item, item, blocks)
            + self.line("{%p endfor %}")
        )

    def rows(self, item: str, items: str, *cells: str) -> str:
        """Return a row that is repeated for each of some items."""
        rest = [""] * (len(cells) - 1)
        return (
            self.row(f"{{%tr for {item} in {self.path(items)} %}}", *rest)
            + self._within(item, item, lambda: self.row(*cells))
            + self.row("{%tr endfor %}", *rest)
        )

    def when(self, condition: str, *words: str) -> str:
        """Return paragraphs that stand only where a condition holds."""
        return self.line(f"{{%p if {self.path(condition)} %}}") + self._lines(words) + self.line("{%p endif %}")

    def _lines(self, paragraphs: Sequence[str]) -> str:
        return "".join(self.line(words) for words in paragraphs)

    def _within(self, item: str, path: str, blocks: Callable[[], str]) -> str:
        self.items[item] = path
        made = blocks()
        del self.items[item]
        return made


class Braces(Tags):
    """The tags of docxtemplater and easy-template-x: `{name}`, and `{#items}` to `{/items}` to repeat."""

    name = "braces"

    def shape(self, data: Data) -> Data:
        return {
            f"{first}_{second}": value
            for first, values in data.items()
            if isinstance(values, dict)
            for second, value in values.items()
        } | {name: values for name, values in data.items() if isinstance(values, list)}

    def path(self, name: str) -> str:
        first, _, rest = name.partition(".")
        if first in self.items or not rest:
            return rest or first
        return f"{first}_{rest}"

    def value(self, name: str) -> str:
        return f"{{{self.path(name)}}}"

    def each(self, item: str, items: str, blocks: Callable[[], str]) -> str:
        path = self.path(items)
        return self.line(f"{{#{path}}}") + self._within(item, path, blocks) + self.line(f"{{/{path}}}")

    def rows(self, item: str, items: str, *cells: str) -> str:
        path = self.path(items)
        first, *middle, last = cells
        repeated = (f"{{#{path}}}{first}", *middle, f"{last}{{/{path}}}")
        return self._within(item, path, lambda: self.row(*repeated))

    def when(self, condition: str, *words: str) -> str:
        path = self.path(condition)
        return self.line(f"{{#{path}}}") + self._lines(words) + self.line(f"{{/{path}}}")


class Carbone(Tags):
    """Carbone's tags: `{d.items[i].name}`, and after what is to be repeated its beginning with `[i+1]`."""

    name = "carbone"

    def path(self, name: str) -> str:
        first, _, rest = name.partition(".")
        return ".".join(filter(None, (self.items.get(first, f"d.{first}"), rest)))

    def value(self, name: str) -> str:
        return f"{{{self.path(name)}}}"

    def each(self, item: str, items: str, blocks: Callable[[], str]) -> str:
        repeated, again = self._repeated(item, items, blocks)
        return repeated + self.line(again, "Heading2")

    def rows(self, item: str, items: str, *cells: str) -> str:
        repeated, again = self._repeated(item, items, lambda: self.row(*cells))
        return repeated + self.row(again, *[""] * (len(cells) - 1))

    def _repeated(self, item: str, items: str, blocks: Callable[[], str]) -> tuple[str, str]:
        path = self.path(items)
        made = self._within(item, f"{path}[i]", blocks)
        first = made.partition(f"{{{path}[i].")[2].partition("}")[0]
        return made, f"{{{path}[i+1].{first}}}"

    def when(self, condition: str, *words: str) -> str:
        path = self.path(condition)
        return self.line(f"{{{path}:ifEQ(true):showBegin}}") + self._lines(words) + self.line(f"{{{path}:showEnd}}")


class Fields(Tags):
    """Word's merge fields, of which only those in table rows repeat: all else is written out as often as it comes."""

    name = "fields"

    def __init__(self, data: Data) -> None:
        super().__init__(data)
        self.used: set[str] = set()

    def shape(self, data: Data) -> Data:
        return {name: value for name, value in _merged(data) if name in self.used}

    def path(self, name: str) -> str:
        first, _, rest = name.partition(".")
        return "_".join(filter(None, (self.items.get(first, first), rest)))

    def value(self, name: str) -> str:
        path = self.path(name)
        self.used.add(path)
        code = f'<w:r><w:instrText xml:space="preserve"> MERGEFIELD {path} </w:instrText></w:r>'
        begin, separate, end = (
            f'<w:r><w:fldChar w:fldCharType="{what}"/></w:r>' for what in ("begin", "separate", "end")
        )
        return f"{begin}{code}{separate}{_run('«name»')}{end}"

    def runs(self, words: str) -> str:
        pieces = _NAME.split(words)
        return "".join(self.value(piece) if at % 2 else _run(piece) for at, piece in enumerate(pieces))

    def each(self, item: str, items: str, blocks: Callable[[], str]) -> str:
        path = self.path(items)
        return "".join(self._within(item, f"{path}_{number}", blocks) for number in range(len(self.data[items])))

    def rows(self, item: str, items: str, *cells: str) -> str:
        return self._within(item, self.path(items), lambda: self.row(*cells))

    def when(self, condition: str, *words: str) -> str:
        first, _, second = condition.partition(".")
        return self._lines(words) if self.data[first][second] else ""


def _merged(data: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the merge fields of data: a list by the name of its rows' first field, as docx-mailmerge2 has it."""
    for name, value in data.items():
        path = f"{before}{name}"
        if isinstance(value, dict):
            yield from _merged(value, f"{path}_")
        elif isinstance(value, str):
            yield path, value
        elif isinstance(value, list):
            for number, item in enumerate(value):
                yield from _merged(item, f"{path}_{number}_")
            rows = [{f"{path}_{key}": text for key, text in item.items() if isinstance(text, str)} for item in value]
            yield next(iter(rows[0])), rows


TAGS: tuple[type[Tags], ...] = (Tags, Braces, Carbone, Fields)


# --- people and what is written of them


class Writer:
    """Invents what the data of a student say.

    Args:
        number: the student; the same number gives the same data.
    """

    _first: ClassVar = ("Ana", "Ben", "Chidi", "Dalia", "Emre", "Faye", "Goran", "Hana", "Ilse", "Jonah")
    _last: ClassVar = (
        "Reyes", "Okafor", "Lindqvist", "Marsh", "Tanaka", "Whitfield", "Duarte", "Novák", "Abara", "Quist",
    )  # fmt: skip
    _who: ClassVar = (
        "The classroom teacher", "The speech-language pathologist", "A parent", "The case manager",
        "The reading specialist", "The occupational therapist", "The school psychologist", "The paraprofessional",
    )  # fmt: skip
    _saw: ClassVar = (
        "reports growth in", "has seen little change in", "collected weekly samples of", "is concerned about",
        "describes steady effort with", "measured", "notes that support is needed for", "compared with last year",
    )  # fmt: skip
    _what: ClassVar = (
        "oral reading fluency", "written expression & spelling", "multi-step word problems", "self-advocacy",
        "following two-part directions", "turn-taking in a group of four", "fine motor tasks", "transitions",
        "vocabulary in science texts", "independent work", "decoding of unfamiliar words", "organization of materials",
    )  # fmt: skip
    _how: ClassVar = (
        "when a visual schedule is at hand", "in the general education classroom", "with one reminder from an adult",
        "during small-group instruction", "on grade-level probes", "after a short break", "across two settings",
        "when text is read aloud", "in the cafeteria and on the bus", "on 3 of 5 occasions", "if noise is kept low",
    )  # fmt: skip

    def __init__(self, number: int) -> None:
        self.chance = random.Random(number)  # noqa: S311  (the same data each time)
        self.number = number
        self.first, self.last = self._first[number % 10], self._last[number * 7 % 10]

    def pick(self, *choices: str) -> str:
        """Return one of some texts."""
        return self.chance.choice(choices)

    def person(self) -> str:
        """Return the name of a grown-up."""
        return f"{self.pick(*self._first)} {self.pick(*self._last)}"

    def day(self) -> str:
        """Return a date as it is printed."""
        return f"{self.pick('Sept.', 'Oct.', 'Nov.')} {self.chance.randint(1, 30)}, 2026"

    def words(self, sentences: int) -> str:
        """Return some sentences about the student, of some 17 words each."""
        return " ".join(
            f"{self.pick(*self._who)} {self.pick(*self._saw)} {self.pick(*self._what)} {self.pick(*self._how)};"
            f" {self.first} scored {self.chance.randint(12, 98)} of 100 {self.pick(*self._how)}."
            for _ in range(sentences)
        )

    def student(self) -> Data:
        """Return what every form says of the student."""
        return {
            "first_name": self.first, "last_name": self.last, "id": f"{self.number:05}", "grade": "4",
            "date_of_birth": f"May {self.chance.randint(1, 30)}, 2016", "school": "Alder Creek Elementary",
            "case_manager": self.person(),
        }  # fmt: skip


def report_data(number: int) -> Data:
    """Return what a progress report says: six goals with eight measurements each."""
    writer = Writer(number)
    return {
        "district": {"name": "Fern Valley School District"},
        "period": {"name": "Quarter 1", "end_date": "November 20, 2026"},
        "student": writer.student(),
        "goals": [
            {
                "number": str(goal),
                "area": writer.pick("Reading", "Writing", "Math", "Speech & language"),
                "goal": f"{writer.first} will improve from {goal}0 to {goal}5 in 3 of 4 trials <by March 2027>.",
                "progress": writer.pick("is progressing", "has met the goal", "is not progressing yet"),
                "comment": writer.words(1),
                "measurements": [
                    {
                        "date": writer.day(),
                        "value": f"{writer.chance.randint(20, 120)} words/min.",
                        "setting": writer.pick("resource room", "classroom", "home & school"),
                        "note": f"probe {goal}.{row} of {writer.first} {writer.last}",
                    }
                    for row in range(1, 9)
                ],
            }
            for goal in range(1, 7)
        ],
    }


def report(tags: Tags) -> str:
    """Return the body of a progress report of two pages."""

    def goal() -> str:
        return (
            tags.line("Goal [goal.number]: [goal.area]", "Heading2")
            + tags.line("[goal.goal] Progress: [goal.progress].")
            + tags.line("[goal.comment]", "NoSpacing")
            + tags.table(
                ("Measurement", "Date", "Result", "Setting"),
                tags.rows("m", "goal.measurements", "[m.note]", "[m.date]", "[m.value]", "[m.setting]"),
            )
        )

    return (
        tags.line("Progress Report", "Heading1")
        + tags.line("[district.name], [student.school], [period.name], to [period.end_date]")
        + tags.line("Student: [student.first_name] [student.last_name] ([student.id]), grade [student.grade]")
        + tags.each("goal", "goals", goal)
        + tags.line("☐ sent home ☐ given to the parents. Questions? Please call [student.case_manager].")
    )


def iep_data(number: int) -> Data:
    """Return what an IEP says."""
    writer = Writer(number)

    def service(row: int) -> Data:
        return {
            "service": f"{writer.pick('Specially designed instruction', 'Speech therapy', 'Counseling')} {row}",
            "frequency": f"{writer.chance.randint(15, 60)} minutes, {writer.chance.randint(1, 5)} times a week",
            "location": writer.pick("general education classroom", "resource room", "therapy room"),
            "dates": f"{writer.day()} to May 28, 2027",
            "provider": writer.person(),
        }

    return {
        "district": {"name": "Fern Valley School District"},
        "student": writer.student(),
        "plan": {
            "start": "November 30, 2026", "end": "November 29, 2027", "meeting_date": "November 16, 2026",
            "disability": "specific learning disability", "concerns": writer.words(5), "placement": writer.words(6),
            "esy": writer.words(3), "behavior": writer.words(4), "assessment": writer.words(3),
        },
        "factors": {
            "behavior": True, "english_learner": False, "blind": False, "deaf": False, "communication": True,
            "technology": True, "esy": True, "transition": False, "alternate": False,
        },
        "levels": [
            {"area": area, "strengths": writer.words(3), "needs": writer.words(4), "impact": writer.words(2)}
            for area in ("Reading", "Writing", "Math", "Communication", "Social & emotional", "Motor", "Health")
        ],
        "goals": [
            {
                "number": str(goal), "area": writer.pick("Reading", "Writing", "Math"), "goal": writer.words(2),
                "baseline": writer.words(1), "method": writer.pick("weekly probes", "work samples", "observation"),
                "measurements": [
                    {
                        "objective": f"{writer.words(1)} ({goal}.{row})", "criterion": f"{row + 5} of 10 trials",
                        "due": writer.day(),
                    }
                    for row in range(1, 5)
                ],
            }
            for goal in range(1, 7)
        ],
        "services": [service(row) for row in range(1, 7)],
        "related": [service(row) for row in range(1, 5)],
        "supports": [service(row) for row in range(1, 6)],
        "accommodations": [
            {"accommodation": writer.words(1), "setting": writer.pick("all classes", "tests"), "note": f"item {row}"}
            for row in range(1, 13)
        ],
        "team": [
            {"name": writer.person(), "role": writer.pick("parent", "teacher", "district representative"), "signed": ""}
            for _ in range(8)
        ],
    }  # fmt: skip


def iep(tags: Tags) -> str:
    """Return the body of an IEP of eight to ten pages."""

    def level() -> str:
        return (
            tags.line("[level.area]", "Heading2")
            + tags.line("Strengths: [level.strengths]")
            + tags.line("Needs: [level.needs]")
            + tags.line("How the disability affects involvement in the general curriculum: [level.impact]")
        )

    def goal() -> str:
        return (
            tags.line("Annual goal [goal.number]: [goal.area]", "Heading2")
            + tags.line("[goal.goal]")
            + tags.line("Baseline: [goal.baseline] Progress is measured by [goal.method].")
            + tags.table(
                ("Objective", "Criterion", "Due"),
                tags.rows("o", "goal.measurements", "[o.objective]", "[o.criterion]", "[o.due]"),
            )
        )

    def services(title: str, items: str) -> str:
        cells = ("[s.service]", "[s.frequency]", "[s.location]", "[s.dates]", "[s.provider]")
        titles = ("Service", "Frequency", "Location", "Dates", "Provider")
        return tags.line(title, "Heading2") + tags.table(titles, tags.rows("s", items, *cells))

    return "".join((
        tags.line("Individualized Education Program", "Heading1"),
        tags.line("[district.name], [student.school], [plan.start] to [plan.end]"),
        tags.table(
            ("Student", "[student.first_name] [student.last_name] ([student.id])"),
            tags.row("Date of birth, grade", "[student.date_of_birth], grade [student.grade]"),
            tags.row("Disability", "[plan.disability]"),
            tags.row("Meeting, case manager", "[plan.meeting_date], [student.case_manager]"),
        ),
        tags.line(_RIGHTS),
        tags.line("☒ annual review ☐ reevaluation ☐ amendment"),
        tags.line("Concerns of the parents: [plan.concerns]"),
        tags.line("Present levels", "Heading1"),
        tags.each("level", "levels", level),
        tags.line("Special factors", "Heading1"),
        tags.when("factors.behavior", "Behavior impedes learning. Strategies and supports: [plan.behavior]"),
        tags.when("factors.english_learner", "The student is learning English.", _RIGHTS),
        tags.when("factors.blind", "The student is blind or visually impaired.", _RIGHTS),
        tags.when("factors.deaf", "The student is deaf or hard of hearing.", _RIGHTS),
        tags.when("factors.communication", "The student has communication needs.", _RIGHTS),
        tags.when("factors.technology", "The student needs assistive technology.", _RIGHTS),
        tags.line("Annual goals", "Heading1"),
        tags.each("goal", "goals", goal),
        tags.line("Services", "Heading1"),
        services("Special education", "services"),
        services("Related services", "related"),
        services("Supports for school personnel", "supports"),
        tags.line("Accommodations", "Heading1"),
        tags.table(
            ("Accommodation", "Setting", "Note"),
            tags.rows("a", "accommodations", "[a.accommodation]", "[a.setting]", "[a.note]"),
        ),
        tags.line("State and district assessments: [plan.assessment]"),
        tags.when("factors.alternate", "The student takes an alternate assessment.", _RIGHTS),
        tags.line("Placement in the least restrictive environment", "Heading1"),
        tags.line("[plan.placement]"),
        tags.when("factors.esy", "Extended school year services are needed. [plan.esy]"),
        tags.when("factors.transition", "Transition services begin with this plan.", _RIGHTS),
        tags.line("Team", "Heading1"),
        tags.table(("Name", "Role", "Signature"), tags.rows("p", "team", "[p.name]", "[p.role]", "[p.signed]")),
        tags.line(_RIGHTS),
    ))  # fmt: skip


_RIGHTS = (
    "The parents have received a copy of the procedural safeguards and an explanation of their rights. They take part"
    " in meetings about identification, evaluation, placement and the provision of a free appropriate public education,"
    " and may ask for a meeting of the team at any time. Every teacher and provider of the student has access to this"
    " program and knows what is to be done. Progress is reported to the parents as often as to other parents."
)

FORMS: dict[str, Form] = {"report": (report_data, report), "iep": (iep_data, iep)}


# --- packages

_LEAN = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_TYPES}.document.main+xml"/>'
        f'<Override PartName="/word/styles.xml" ContentType="{_TYPES}.styles+xml"/>'
        f'<Override PartName="/word/settings.xml" ContentType="{_TYPES}.settings+xml"/></Types>'
    ).encode(),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>'
    ).encode(),
    "word/document.xml": b"",
    "word/_rels/document.xml.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/styles" Target="styles.xml"/>'
        f'<Relationship Id="rId2" Type="{_OFFICE}/settings" Target="settings.xml"/></Relationships>'
    ).encode(),
    "word/styles.xml": (
        f'<w:styles xmlns:w="{_W}">'
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="NoSpacing"><w:name w:val="No Spacing"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/><w:rPr><w:b/></w:rPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Heading2"><w:name w:val="heading 2"/><w:rPr><w:b/></w:rPr></w:style>'
        '<w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/></w:style></w:styles>'
    ).encode(),
    "word/settings.xml": f'<w:settings xmlns:w="{_W}"/>'.encode(),
}


def _default_parts() -> dict[str, bytes]:
    """Return the parts of the document that python-docx begins with."""
    stream = io.BytesIO()
    docx.Document().save(stream)
    with zipfile.ZipFile(stream) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


STYLES: dict[str, Callable[[], dict[str, bytes]]] = {"default": _default_parts, "lean": _LEAN.copy}


def _picture() -> bytes:
    """Return a picture of 12 KB, as a district's logo has."""
    side = 64
    noise = random.Random(1)  # noqa: S311
    lines = b"".join(b"\0" + noise.randbytes(3 * side) for _ in range(side))
    chunks = (
        (b"IHDR", struct.pack(">2I5B", side, side, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(lines)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


_LOGO = (
    '<w:r><w:drawing><wp:inline><wp:extent cx="300000" cy="300000"/><wp:docPr id="1" name="Logo"/><a:graphic>'
    f'<a:graphicData uri="{_DRAWING}/picture"><pic:pic><pic:nvPicPr><pic:cNvPr id="1" name="Logo"/><pic:cNvPicPr/>'
    '</pic:nvPicPr><pic:blipFill><a:blip r:embed="rId1"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr>'
    '<a:xfrm><a:off x="0" y="0"/><a:ext cx="300000" cy="300000"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/>'
    "</a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
)
_PAGE_NUMBER = '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'


def template(form: str, styles: str, tags: Tags) -> bytes:
    """Return a form as a Word file.

    Args:
        form: `report`, or `iep`, whose footer names the student.
        styles: `default`, python-docx's, or `lean`.
        tags: the tags that it is to have.
    """
    name = "[student.last_name], [student.first_name] [student.id]" if form == "iep" else "Progress Report"
    _, body = FORMS[form]
    return document(body(tags), tags.runs(f"{name}, page "), styles)


def document(body: str, footer: str, styles: str) -> bytes:
    """Return a Word file with a picture in its header and page numbers.

    Args:
        body: its blocks.
        footer: the runs before the page number.
        styles: `default`, python-docx's, or `lean`.
    """
    margins = (
        '<w:pgMar w:top="600" w:right="900" w:bottom="600" w:left="900" w:header="300" w:footer="300" w:gutter="0"/>'
    )
    section = (
        '<w:sectPr><w:headerReference w:type="default" r:id="rId901"/><w:footerReference w:type="default"'
        f' r:id="rId902"/><w:pgSz w:w="12240" w:h="15840"/>{margins}</w:sectPr>'
    )
    parts = STYLES[styles]()
    made = {
        "word/document.xml": f"<w:document {_DECLARED}><w:body>{body}{section}</w:body></w:document>",
        "word/header1.xml": f"<w:hdr {_DECLARED}><w:p>{_LOGO}{_run(' Fern Valley School District')}</w:p></w:hdr>",
        "word/footer1.xml": f"<w:ftr {_DECLARED}><w:p>{footer}{_PAGE_NUMBER}</w:p></w:ftr>",
        "word/_rels/header1.xml.rels": (
            f'<Relationships xmlns="{_PACKAGE}/relationships">'
            f'<Relationship Id="rId1" Type="{_OFFICE}/image" Target="media/logo.png"/></Relationships>'
        ),
    }
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    parts |= {part: (head + xml).encode() for part, xml in made.items()}
    parts["word/media/logo.png"] = _picture()
    types = "".join(
        f'<Override PartName="/word/{kind}1.xml" ContentType="{_TYPES}.{kind}+xml"/>' for kind in ("header", "footer")
    )
    related = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{kind}1.xml"/>'
        for number, kind in ((901, "header"), (902, "footer"))
    )
    _insert(parts, "[Content_Types].xml", f'{types}<Default Extension="png" ContentType="image/png"/></Types>')
    _insert(parts, "word/_rels/document.xml.rels", f"{related}</Relationships>")
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return stream.getvalue()


def _insert(parts: dict[str, bytes], name: str, end: str) -> None:
    closing = end[end.rindex("</") :].encode()
    parts[name] = parts[name].replace(closing, end.encode())


def write(folder: Path) -> None:
    """Write all templates and data."""
    for form, (data, _) in FORMS.items():
        students = [data(number) for number in range(STUDENTS)]
        for kind in TAGS:
            tags = kind(students[0])
            for styles in STYLES:
                (folder / f"{form}-{styles}-{kind.name}.docx").write_bytes(template(form, styles, tags))
            shaped = [tags.shape(student) for student in students]
            (folder / f"{form}-{kind.name}.json").write_text(json.dumps(shaped), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
