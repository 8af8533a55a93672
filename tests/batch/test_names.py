from __future__ import annotations

import datetime as dt
from pathlib import PureWindowsPath
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iepdocs.batch.names import FileNames
from iepdocs.documents import Document
from iepdocs.pack import Pack, load_pack
from iepdocs.plan import Record

PACK = load_pack()
DAY = dt.date(2026, 11, 20)


def letter(last_name: str, first_name: str = "Ana", contact: str | None = "Rosa Reyes", **student: Any) -> Document:
    values = {"student_id": "00042", "last_name": last_name, "first_name": first_name, **student}
    recipient = Record("Contacts", 2 if contact else None, {"contact_name": contact or "Parents of Ana"})
    bound = {
        "student": Record("Students", 2, values),
        "notice": Record("Notices", 2, {"student_id": "00042", "notice_date": DAY, "notice_number": "1"}),
        "recipient": recipient,
    }
    return Document(PACK.kinds["prior_written_notice"], bound)


def name(document: Document) -> str:
    return FileNames(PACK).path(document, DAY)


def test_a_name_says_who_which_day_and_to_whom() -> None:
    assert name(letter("Reyes")) == "prior_written_notice/Reyes, Ana 00042 2026-11-20 Rosa Reyes.docx"


def test_a_copy_to_no_named_contact_leaves_the_recipient_out() -> None:
    assert name(letter("Reyes", contact=None)) == "prior_written_notice/Reyes, Ana 00042 2026-11-20.docx"


@pytest.mark.parametrize(
    ("last_name", "stem"),
    [
        ("A/B", "A-B, Ana 00042 2026-11-20 Rosa Reyes"),
        ("O:Neil?", "O-Neil-, Ana 00042 2026-11-20 Rosa Reyes"),
        ("../../x", "-..-x, Ana 00042 2026-11-20 Rosa Reyes"),
        ("Lee.", "Lee., Ana 00042 2026-11-20 Rosa Reyes"),
        ("tab\tand\nline", "tab-and-line, Ana 00042 2026-11-20 Rosa Reyes"),
    ],
)
def test_what_no_file_name_may_hold_becomes_a_dash(last_name: str, stem: str) -> None:
    assert name(letter(last_name)) == f"prior_written_notice/{stem}.docx"


def test_long_names_are_cut_and_stay_apart() -> None:
    names = FileNames(PACK)
    first = names.path(letter("x" * 200), DAY)
    second = names.path(letter("x" * 199 + "y"), DAY)
    assert first != second
    assert max(len(first), len(second)) < 200


def test_a_name_that_is_taken_gets_its_key() -> None:
    names = FileNames(PACK)
    one, two = letter("Reyes"), letter("Reyes")
    two.bound["notice"].values = {**two.bound["notice"].values, "notice_number": "2"}
    names.path(one, DAY)
    assert names.path(two, DAY) == "prior_written_notice/Reyes, Ana 00042 2026-11-20 Rosa Reyes 2.docx"


def test_names_that_differ_by_case_alone_are_the_same_on_windows() -> None:
    names = FileNames(PACK)
    assert names.path(letter("Reyes"), DAY).casefold() != names.path(letter("REYES"), DAY).casefold()


@pytest.mark.parametrize("word", ["CON", "nul", "Com1", "aux.txt", "LPT¹"])
def test_reserved_words_are_no_names(word: str, pack: Pack) -> None:
    kind = pack.kinds["iep"]
    student = Record("Students", 2, {"student_id": "7", "last_name": word, "first_name": ""})
    bare = type(kind)(**{**{slot: getattr(kind, slot) for slot in kind.__slots__}, "file": "{last_name}"})
    path = FileNames(pack).path(Document(bare, {"student": student, "plan": student}), None)
    assert path == f"iep/_{word}.docx"


@given(last=st.text(max_size=80), first=st.text(max_size=80), contact=st.text(max_size=80))
def test_any_name_gives_a_file_that_every_system_takes(last: str, first: str, contact: str) -> None:
    folder, file = name(letter(last, first, contact)).split("/")
    assert folder == "prior_written_notice"
    assert not set(file) & set('<>:"|?*\\')
    assert all(ord(character) > 31 for character in file)
    assert not PureWindowsPath(file).is_reserved()
    assert file == file.strip()
    assert not file.removesuffix(".docx").endswith((".", " "))
    assert len(file.encode()) <= 255


def test_names_too_long_to_tell_apart_are_still_told_apart() -> None:
    names = FileNames(PACK)
    person = "Александра" * 6
    paths = {names.path(letter(person, person, person), DAY) for _ in range(20)}
    assert len(paths) == 20
