"""Who gets a copy, in what part, and in which language."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from iepdocs.documents import Wanted, expand
from iepdocs.documents.recipients import Recipients
from iepdocs.pack import load_pack
from tests.support import STUDENTS

if TYPE_CHECKING:
    from pathlib import Path

    from iepdocs.documents import Document
    from iepdocs.plan import Record
    from tests.documents.conftest import ContextsOf
    from tests.support import Rows

DAY = dt.date(2026, 12, 8)
HEADER = [
    *("Student ID", "Contact Name", "Relationship", "Holds Educational Rights", "Court Order", "Receives Mail"),
    *("Household", "Language", "Mailing Name", "Address"),
]
ADULT: Rows = [["Student ID", "Last Name", "First Name", "Adult Rights Transferred"], ["00042", "Reyes", "Ana", "yes"]]


def contact(name: str, relationship: str | None, rights: str | None = None, **more: str) -> list[str | None]:
    """Return a row of Contacts; `more` by the header's words: `court="yes"`, `mail="no"`."""
    values = [more.get(key) for key in ("court", "mail", "household", "language", "mailing", "address")]
    return ["00042", name, relationship, rights, *values]


def letters(
    contexts_of: ContextsOf,
    *contacts: list[str | None],
    students: Rows = STUDENTS,
    purpose: str = "annual review",
    languages: tuple[str, ...] = ("en",),
) -> list[Document]:
    """Return the invitations to one meeting of Ana's."""
    sheets: dict[str, Rows] = {
        "Students": students,
        "Meetings": [["Student ID", "Meeting Date", "Purpose"], ["00042", DAY, purpose]],
        "Contacts": [list(HEADER), *map(list, contacts)],
    }
    contexts = contexts_of(sheets)
    return list(expand(contexts.pack.kinds["meeting_invitation"], contexts, Wanted(), languages))


def recipients(found: list[Document]) -> list[Record]:
    return [document.bound["recipient"] for document in found]


def parts(found: list[Document]) -> dict[str, bool]:
    """Return who gets a letter, and whether they hold the rights."""
    return {one.get("contact_name"): one.get("holds_rights") for one in recipients(found)}


@pytest.mark.parametrize(
    ("contacts", "holders"),
    [
        # a parent is presumed to hold the rights (300.30(b)(1)), whoever else there is
        ([contact("Rosa", "mother"), contact("Juan", "father")], {"Rosa": True, "Juan": True}),
        (
            [contact("Rosa", "adoptive parent"), contact("Lena", "grandparent", mail="yes")],
            {"Rosa": True, "Lena": False},
        ),
        ([contact("Rosa", "mother"), contact("Marc", "stepparent", mail="yes")], {"Rosa": True, "Marc": False}),
        # where there is none, whoever acts as one does (300.30(a)(2) to (5))
        ([contact("Lena", "grandparent")], {"Lena": True}),
        ([contact("Fay", "foster parent"), contact("Cole", "caseworker", mail="yes")], {"Fay": True, "Cole": False}),
        ([contact("Sue", "surrogate parent")], {"Sue": True}),
        # a court order names the parent (300.30(b)(2)) …
        (
            [contact("Rosa", "mother", mail="yes"), contact("Lena", "grandparent", "yes", court="yes")],
            {"Rosa": False, "Lena": True},
        ),
        # … and takes the rights away: then nothing is sent, whatever Receives Mail says
        ([contact("Rosa", "mother"), contact("Juan", "father", "no", court="yes", mail="yes")], {"Rosa": True}),
        # without an order, one who does not decide still gets a copy
        ([contact("Rosa", "mother"), contact("Juan", "father", "no")], {"Rosa": True, "Juan": False}),
        # an agency's employee never holds them (300.519(d)(2)(i))
        ([contact("Rosa", "mother"), contact("Cole", "caseworker", "yes", mail="yes")], {"Rosa": True, "Cole": False}),
        ([contact("Rosa", "mother"), contact("Ines", "advocate", mail="no")], {"Rosa": True}),
        # a guardian in the student's row, of whom no more is said
        ([contact("Rosa", None)], {"Rosa": True}),
        # a court may name whoever is no agency's
        ([contact("Ines", "guardian ad litem", "yes", court="yes")], {"Ines": True}),
        ([contact("Cole", "caseworker", "yes", court="yes", mail="yes")], {"Cole": False}),
    ],
)
def test_who_holds_the_rights_who_gets_a_copy_and_who_nothing(
    contexts_of: ContextsOf, contacts: list[list[str | None]], holders: dict[str, bool]
) -> None:
    assert parts(letters(contexts_of, *contacts)) == holders


@pytest.mark.parametrize(
    "relationship",
    ["caseworker", "guardian ad litem", "advocate", "attorney", "other", "stepparent", "grandparent"],
)
def test_records_go_to_no_one_beside_the_parents_unless_it_is_asked_for(
    contexts_of: ContextsOf, relationship: str | None
) -> None:
    mother, other = contact("Rosa", "mother"), contact("Cole", relationship)
    assert list(parts(letters(contexts_of, mother, other))) == ["Rosa"]
    asked = contact("Cole", relationship, mail="yes")
    assert parts(letters(contexts_of, mother, asked)) == {"Rosa": True, "Cole": False}


@pytest.mark.parametrize(
    ("where", "ours"),
    [
        ("student.grade == '12'", {"00042"}),
        ("student['gra' ~ 'de'] == '12'", {"00042"}),
        ("not (contacts | rejectattr('city', 'eq', 'Ely') | list)", {"00042"}),
        ("not (contacts | rejectattr('ci' ~ 'ty', 'eq', 'Ely') | list)", {"00042"}),
        ("contacts[1]['ci' ~ 'ty'] == 'Ely'", {"00042"}),
        ("contacts | length == 2", {"00042", "00043"}),
    ],
)
def test_a_districts_own_standing_may_depend_on_the_student_and_on_other_contacts(
    contexts_of: ContextsOf, tmp_path: Path, where: str, ours: set[str]
) -> None:
    sheets: dict[str, Rows] = {
        "Students": [
            ["Student ID", "Last Name", "First Name", "Grade"],
            ["00042", "Reyes", "Ana", "12"],
            ["00043", "Park", "Min", "11"],
            ["00044", "Okafor", "Ben", "11"],
        ],
        "Contacts": [
            ["Student ID", "Contact Name", "Relationship", "City"],
            *(["00042", "Rosa", "mother", "Ely"], ["00042", "Juan", "father", "Ely"]),
            *(["00043", "Rosa", "mother", "Ely"], ["00043", "Juan", "father", "Reno"]),
            *(["00044", "Rosa", "mother", "Ely"], ["00044", "Juan", "father", "Reno"], ["00044", "Lena", "mother"]),
        ],
    }
    (tmp_path / "recipients.yaml").write_text(
        f'ours: {{where: "{where}", holds_rights: false, standing: ours}}', encoding="utf-8"
    )
    contexts = contexts_of(sheets)
    recipients, contacts = Recipients(contexts.caseload, load_pack(tmp_path), DAY), contexts.caseload.rows("Contacts")
    said = [standing.key for one in contacts if (standing := recipients.standing(one))]
    assert said == ["ours" if one.student_id in ours else "parent" for one in contacts]


@pytest.mark.parametrize("name", ["Juan Reyes", "Reyes, Juan", "Mr. Juan Reyes", "juan carlos reyes"])
def test_one_barred_by_court_order_gets_nothing_however_the_name_is_written(contexts_of: ContextsOf, name: str) -> None:
    barred = contact("Juan Reyes", "father", "no", court="yes")
    again = contact(name, "father") if name != "Juan Reyes" else contact("Juan  REYES", "father")
    assert list(parts(letters(contexts_of, contact("Rosa Reyes", "mother"), barred, again))) == ["Rosa Reyes"]


def test_while_it_is_not_said_what_a_court_ordered_the_person_gets_nothing(contexts_of: ContextsOf) -> None:
    found = letters(contexts_of, contact("Rosa", "mother"), contact("Juan", "father", None, court="yes"))
    assert parts(found) == {"Rosa": True}


def test_no_minor_is_written_to_as_an_adult(contexts_of: ContextsOf) -> None:
    assert list(parts(letters(contexts_of, contact("Ana Reyes", "adult student")))) == ["(nobody named yet)"]


def test_whether_rights_have_passed_is_as_of_the_documents_date(contexts_of: ContextsOf) -> None:
    students: Rows = [
        ["Student ID", "Last Name", "First Name", "Date of Birth", "Adult Rights Transferred"],
        ["00042", "Reyes", "Ana", dt.date(2008, 10, 15), "yes"],
    ]
    meetings: Rows = [["Student ID", "Meeting Date", "Notice Date"]]
    meetings += [["00042", DAY, day] for day in (dt.date(2026, 10, 14), dt.date(2026, 10, 15))]
    sheets: dict[str, Rows] = {"Students": students, "Meetings": meetings}
    sheets["Contacts"] = [list(HEADER), contact("Rosa", "mother")]
    contexts = contexts_of({**sheets, "District": [["Age of Majority"], [18]]})
    found = list(expand(contexts.pack.kinds["meeting_invitation"], contexts, Wanted()))
    assert [(one.get("contact_name"), one.get("holds_rights")) for one in recipients(found)] == [
        ("Rosa", True),
        ("Rosa", False),
        ("Ana Reyes", True),
    ]
    assert [contexts.context(document, ["student"])["student"]["holds_own_rights"] for document in found] == [
        False,
        True,
        True,
    ]


def test_once_rights_have_passed_the_student_decides_and_the_parents_get_copies(contexts_of: ContextsOf) -> None:
    found = letters(contexts_of, contact("Rosa", "mother", "yes"), students=ADULT)
    assert parts(found) == {"Rosa": False, "Ana Reyes": True}
    assert [one.get("is_student") for one in recipients(found)] == [False, True]


def test_an_adult_student_among_the_contacts_gets_one_letter(contexts_of: ContextsOf) -> None:
    found = letters(contexts_of, contact("Ana Reyes", "adult student", address="9 Orchard Street"), students=ADULT)
    assert [one.get("address") for one in recipients(found)] == ["9 Orchard Street"]


@pytest.mark.parametrize(("purpose", "invited"), [("annual review; transition planning", True), ("exit", False)])
def test_a_minor_is_invited_where_transition_is_a_purpose(
    contexts_of: ContextsOf, purpose: str, *, invited: bool
) -> None:
    found = letters(contexts_of, contact("Rosa", "mother"), purpose=purpose)
    assert ("Ana Reyes" in parts(found)) == invited
    assert parts(found).get("Ana Reyes", False) is False


@pytest.mark.parametrize(
    ("others", "address"), [("48 Juniper Lane", "48 Juniper Lane"), (None, "48 Juniper Lane"), ("2 Mill Road", None)]
)
def test_an_invited_minor_is_written_to_at_the_parents_address_if_there_is_one(
    contexts_of: ContextsOf, others: str | None, address: str | None
) -> None:
    juan = contact("Juan", "father", **({"address": others} if others else {}))
    found = letters(
        contexts_of, contact("Rosa", "mother", address="48 Juniper Lane"), juan, purpose="transition planning"
    )
    assert recipients(found)[-1].get("address") == address


def test_a_household_gets_one_letter_to_all_who_live_there(contexts_of: ContextsOf) -> None:
    found = letters(
        contexts_of,
        contact("Marc Cole", "stepparent", household="a", mail="yes", address="48 Juniper Lane"),
        contact("Rosa Reyes", "mother", household="A"),
        contact("Juan Reyes", "father", household="B"),
    )
    one, other = recipients(found)
    assert one.get("contact_name") == "Rosa Reyes and Marc Cole"  # who holds the rights comes first
    assert (one.get("address"), one.get("holds_rights")) == ("48 Juniper Lane", True)
    assert other.get("contact_name") == "Juan Reyes"


def test_people_of_two_addresses_are_no_household_whatever_mark_they_share(contexts_of: ContextsOf) -> None:
    found = letters(
        contexts_of,
        contact("Rosa Reyes", "mother", household="N/A", address="1 Oak Street"),
        contact("Juan Reyes", "father", household="N/A", address="2 Elm Street"),
    )
    assert [one.get("address") for one in recipients(found)] == ["1 Oak Street", "2 Elm Street"]


def test_a_household_is_addressed_as_it_says(contexts_of: ContextsOf) -> None:
    found = letters(
        contexts_of,
        contact("Rosa Reyes", "mother", household="A", mailing="The Reyes Family"),
        contact("Juan Reyes", "father", household="A"),
    )
    assert [one.get("mailing_name") for one in recipients(found)] == ["The Reyes Family"]


def test_a_barred_parent_gets_nothing_through_the_household(contexts_of: ContextsOf) -> None:
    found = letters(
        contexts_of,
        contact("Rosa Reyes", "mother", household="A"),
        contact("Juan Reyes", "father", "no", court="yes", household="A"),
    )
    assert list(parts(found)) == ["Rosa Reyes"]


def test_people_of_a_household_who_read_different_languages_get_a_letter_each(contexts_of: ContextsOf) -> None:
    found = letters(
        contexts_of,
        contact("Rosa Reyes", "mother", household="A", language="Spanish"),
        contact("Juan Reyes", "father", household="A"),
        languages=("en", "es"),
    )
    assert [document.language for document in found] == ["es", "en"]


@pytest.mark.parametrize(
    ("read", "there", "written"),
    [
        (None, ("en", "es"), "en"),
        ("Spanish", ("en", "es"), "es"),
        ("es-MX", ("en", "es"), "es"),
        ("es-MX", ("en", "es", "es-MX"), "es-MX"),
        ("Spanish", ("en",), "en"),
        ("Vietnamese", ("en", "es"), "en"),
        ("Klingon", ("en", "es"), "en"),
    ],
)
def test_a_copy_is_in_a_language_that_the_recipient_reads(
    contexts_of: ContextsOf, read: str | None, there: tuple[str, ...], written: str
) -> None:
    more = {"language": read} if read else {}
    [document] = letters(contexts_of, contact("Rosa", "mother", **more), languages=there)
    assert document.language == written


def test_a_document_for_nobody_alone_is_made_once_more_for_holders_who_read_another_language(
    contexts_of: ContextsOf,
) -> None:
    sheets: dict[str, Rows] = {
        "Students": STUDENTS,
        "Meetings": [["Student ID", "Meeting Date"], ["00042", DAY], ["00107", DAY]],
        "Contacts": [list(HEADER), contact("Rosa", "mother", language="Spanish"), contact("Juan", "father")],
    }
    contexts = contexts_of(sheets)
    found = expand(contexts.pack.kinds["meeting_attendance"], contexts, Wanted(), ("en", "es"))
    assert [(document.student_id, document.language) for document in found] == [
        ("00042", "en"),
        ("00042", "es"),
        ("00107", "en"),
    ]
