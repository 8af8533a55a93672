"""The program that makes PDFs of Word documents: where it is, and the command that starts it."""

from __future__ import annotations

import base64
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from iepdocs.findings import FilePlace, Finding, IepdocsError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import PurePath

WINDOWS, MACOS = "win32", "darwin"
"""As `sys.platform` has them; every other system is like Linux."""

APPLICATIONS = (Path("/Applications"), Path.home() / "Applications")

_SETTINGS = """\
<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Filter/PDF/Export">\
<prop oor:name="UseTaggedPDF" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Filter/PDF/Export">\
<prop oor:name="ExportFormFields" oor:op="fuse"><value>false</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">\
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">\
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
</oor:items>
"""
"""What a profile of LibreOffice begins with: PDFs that a screen reader can follow and that nobody fills in, pictures on
the web that a template links to left where they are, no macros. Settings of the profile hold in every version;
the same as options of the filter do from 7.4 on only, and their quotes must survive Windows."""

_WORD_FOR_WINDOWS = """\
$paths = @({paths})
$word = New-Object -ComObject Word.Application
try {{
  $word.Visible = $false
  $word.DisplayAlerts = 0
  $word.AutomationSecurity = 3
  for ($i = 0; $i -lt $paths.Count; $i += 2) {{
    try {{
      $document = $word.Documents.Open($paths[$i], $false, $true, $false)
      try {{
        $document.ExportAsFixedFormat($paths[$i + 1], 17, $false, 0, 0, 1, 1, 0, $true, $true, 1, $true, $true, $false)
      }} finally {{ $document.Close(0) }}
    }} catch {{ }}
  }}
}} finally {{ $word.Quit(0) }}
"""
"""17 is PDF; the 1 before the last three makes bookmarks of headings, the first of the three tags the PDF."""

_WORD_FOR_MACOS = """\
on run paths
  tell application "Microsoft Word"
    repeat with i from 1 to count of paths by 2
      try
        open file name (item i of paths) with read only
        set made to active document
        save as made file name (item (i + 1) of paths) file format format PDF
        close made saving no
      end try
    end repeat
  end tell
end run
"""


@dataclass(frozen=True, slots=True)
class Office:
    """A program that makes PDFs of Word documents.

    Attributes:
        program: what is started: LibreOffice, or what speaks to Word.
        system: the system that it runs on, as `sys.platform` has it.
        word: whether it is Microsoft Word. Its commands follow its documentation; they have not been run against Word.
    """

    program: str
    system: str
    word: bool = False

    @property
    def name(self) -> str:
        """The program as people know it."""
        return "Microsoft Word" if self.word else "LibreOffice"

    @property
    def one_at_a_time(self) -> bool:
        """Whether it cannot be started a second time while it runs, as Word for macOS."""
        return self.word and self.system == MACOS

    def workplace(self, out: Path) -> Path:
        """Return the folder in which copies of documents for it may lie: where the PDFs go, but for Word for macOS.

        That asks the user about each folder but its own.
        """
        own = Path.home() / "Library" / "Group Containers" / "UBF8T346G9.Office"
        return own if self.one_at_a_time and own.is_dir() else out

    def command(self, files: Sequence[PurePath], into: PurePath, profile: PurePath) -> list[str]:
        """Return the command that makes a PDF of each file, to be run without a shell.

        Args:
            files: Word documents, by their whole paths.
            into: the folder for the PDFs, each with its document's name and the ending .pdf.
            profile: the folder of LibreOffice's profile, which no other start may use at the same time.
        """
        if not self.word:
            return [
                self.program,
                f"-env:UserInstallation={profile.as_uri()}",
                *("--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck", "--nofirststartwizard"),
                *("--infilter=MS Word 2007 XML", "--convert-to", "pdf:writer_pdf_Export", "--outdir", str(into)),
                *map(str, files),
            ]
        paths = [str(path) for file in files for path in (file, into / f"{file.stem}.pdf")]
        if self.system == MACOS:
            return [self.program, "-e", _WORD_FOR_MACOS, *paths]
        script = _WORD_FOR_WINDOWS.format(paths=", ".join(map(_powershell, paths)))
        encoded = base64.b64encode(script.encode("utf-16-le")).decode("ascii")
        return [self.program, "-NoProfile", "-NonInteractive", "-EncodedCommand", encoded]


def prepare_profile(profile: Path) -> None:
    """Write the settings with which LibreOffice is to begin into the empty folder of a new profile."""
    (profile / "user").mkdir(mode=0o700)
    (profile / "user" / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")


def find_office(named: Path | None = None, *, word: bool = False, system: str = sys.platform) -> Office:
    """Return LibreOffice, or Word where that is asked for.

    Args:
        named: where LibreOffice is: the program, or the folder or app that it is in.
        word: whether Microsoft Word is to make the PDFs.
        system: the system that this is, as `sys.platform` has it.

    Raises:
        IepdocsError: where it is not there.
    """
    if word:
        return _find_word(system)
    if named:
        if found := _first_file(_programs(named, system)):
            return Office(str(found.absolute()), system)
        raise _missing(
            "LibreOffice is not there.", "Name its program, soffice, or the folder that it is in.", str(named)
        )
    on_path = shutil.which("soffice") or shutil.which("libreoffice")
    if found := _first_file((Path(on_path),) if on_path else _usual_places(system)):
        return Office(str(found), system)
    raise _missing(
        "PDFs are made with LibreOffice, which was not found on this computer.",
        "Get it, free, from https://www.libreoffice.org/download, or say with --soffice where it is.",
    )


def _find_word(system: str) -> Office:
    places = [
        folder / "Microsoft Office" / inside / "WINWORD.EXE"
        for folder in _program_files()
        for inside in ("root/Office16", "root/Office15", "Office16", "Office15", "Office14")
    ]
    word = (
        any((folder / "Microsoft Word.app").exists() for folder in APPLICATIONS)
        if system == MACOS
        else system == WINDOWS and _first_file(places)
    )
    if word:
        return Office("osascript" if system == MACOS else "powershell", system, word=True)
    raise _missing(
        "Microsoft Word was not found on this computer.",
        "Install it, or let LibreOffice make the PDFs: it is free, from https://www.libreoffice.org/download.",
    )


def _first_file(places: Iterable[Path]) -> Path | None:
    return next((place for place in places if place.is_file()), None)


def _programs(named: Path, system: str) -> Iterator[Path]:
    """List what may be the program in a folder or an app, or the program itself.

    On Windows soffice.com and soffice.exe do the same, and both wait for the end; the first is made to be called by
    other programs and opens no window to say something.
    """
    names = ("soffice.com", "soffice.exe") if system == WINDOWS else ("soffice", "libreoffice")
    for inside in (".", "program", "Contents/MacOS"):
        for name in names:
            yield named / inside / name
    yield named


def _usual_places(system: str) -> Iterator[Path]:
    """List where LibreOffice is installed when it is not on the PATH."""
    if system == WINDOWS:
        folders = [folder / "LibreOffice" for folder in _program_files()]
    elif system == MACOS:
        folders = [applications / "LibreOffice.app" for applications in APPLICATIONS]
    else:
        folders = [
            Path("/usr/lib/libreoffice"),
            Path("/usr/lib64/libreoffice"),
            *sorted(Path("/opt").glob("libreoffice*")),
        ]
    for folder in folders:
        yield from _programs(folder, system)


def _program_files() -> list[Path]:
    """Return where Windows has programs: first its own kind, then those of 32 bits."""
    names = ("ProgramW6432", "ProgramFiles", "ProgramFiles(x86)")
    return [Path(folder) for folder in dict.fromkeys(os.environ.get(name) for name in names) if folder]


def _powershell(text: str) -> str:
    """Return a text as PowerShell reads it literally: it takes the quotes that Word types for quotes as well."""
    return (
        "'"
        + "".join(character * 2 if character in "'\u2018\u2019\u201a\u201b" else character for character in text)
        + "'"
    )


def _missing(message: str, mend: str, place: str = "--pdf") -> IepdocsError:
    return IepdocsError(Finding(message, mend, FilePlace(place), rule="no-office"))
