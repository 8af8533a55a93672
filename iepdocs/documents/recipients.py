"""Who gets a copy of a document, in what part, and in which language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from iepdocs.documents.computed import age
from iepdocs.language import language_tag, serving
from iepdocs.pack import Mail
from iepdocs.plan import Fields, Record, case_of
from iepdocs.reads import ITEM
from iepdocs.text import fold

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Mapping, Sequence

    from iepdocs.pack import Kind, Pack, Standing
    from iepdocs.plan import Caseload

HOLDS_RIGHTS, STANDING, IS_STUDENT, HOLDERS = "holds_rights", "standing", "is_student", "holders"
"""What is known of a recipient beside the contact's columns."""
_ADDRESS = ("address", "address_2", "city", "state", "zip")
DECIDING = ("court_order", "holds_educational_rights")
"""The columns of one contact on which it depends what all others are to the student."""
_TITLES = {"mr", "mrs", "ms", "dr", "sr", "sra", "jr"}
_STUDENT, _ADULT = "student", "adult student"
"""What a student is to themselves: the first, of those whose rights have not passed, is no choice of the column."""


class Recipients:
    """The recipients of each student's documents.

    Args:
        caseload: the records.
        pack: what is declared.
        today: the day of the run.

    Whether the rights have passed to the student is judged by a document's own day: a notice of the time before goes,
    made again later, to whom it went.
    """

    def __init__(self, caseload: Caseload, pack: Pack, today: dt.date) -> None:
        self.caseload = caseload
        self.pack = pack
        self.today = today
        self._columns = dict.fromkeys(pack.sheets["Contacts"].columns)
        self._deciding = _columns_read(pack)
        self._standings: dict[Any, Standing | None] = {}
        self._mailed: dict[tuple[str, bool], list[Record]] = {}
        self._students: dict[tuple[str, bool], Record] = {}

    def have_passed(self, student: Record, day: dt.date | None) -> bool:
        """Tell whether the rights had passed to a student by a day, as 34 CFR 300.520(a) lets states decide."""
        if not student.get("adult_rights_transferred"):
            return False
        years, majority = age(student, day or self.today), self.caseload.settings.get("age_of_majority")
        return years is None or majority is None or years >= majority

    def standing(self, contact: Record, day: dt.date | None = None) -> Standing | None:
        """Return what a contact is in the student's education: the first declared standing that is true of it."""
        student_id = contact.student_id or ""
        student, contacts = self._student_on(student_id, day), self.caseload.all_of("Contacts", student_id)
        own, of_student, of_contacts = self._deciding
        case = (
            case_of(contact.values, own),
            bool(student) and case_of(student, of_student),
            *(case_of(one.values, of_contacts) for one in contacts),
        )
        if case not in self._standings:
            names = {"student": Fields(student), "contacts": [Fields(one.values) for one in contacts]}
            known = {**self._columns, **contact.values, **names}
            self._standings[case] = next((standing for standing in self.pack.standings if standing.where(known)), None)
        return self._standings[case]

    def of(self, kind: Kind, student: Record, bound: dict[str, Any], day: dt.date | None) -> list[Record]:
        """Return who gets a document of a kind: contacts who receive mail, one a household, and the student if due.

        In a workbook without contacts it goes 'To the parents of …'. Where there is nobody, it is still there, so that
        it is told that it cannot be made. The records have beside the columns of Contacts what is known of a recipient.

        Args:
            kind: the document kind.
            student: the student whom it is about.
            bound: the records that it stands for, as the kind's expressions name them.
            day: the document's own date.
        """
        found = self._contacts(student, day)
        to_student = self.have_passed(student, day) or kind.also_to_student(bound)
        if to_student and not any(one.get(IS_STUDENT) for one in found):
            found = [*found, self._student(student, day)]
        return found or [self._nobody(student)]

    def holders(self, student: Record, day: dt.date | None) -> list[Record]:
        """Return the recipients who hold the rights on a day."""
        found = [one for one in self._contacts(student, day) if one.get(HOLDS_RIGHTS)]
        if self.have_passed(student, day) and not found:
            return [self._student(student, day)]
        return found

    def _student_on(self, student_id: str, day: dt.date | None) -> Mapping[str, Any]:
        """Return what is known of a student, if there is one, with the rights as on a day."""
        student = self.caseload.students.get(student_id)
        if student is None or not student.get("adult_rights_transferred"):
            return student.values if student else {}
        return {**student.values, "adult_rights_transferred": self.have_passed(student, day)}

    def _contacts(self, student: Record, day: dt.date | None) -> list[Record]:
        case = student.student_id or "", self.have_passed(student, day)
        if case not in self._mailed:
            contacts = self.caseload.all_of("Contacts", case[0])
            found = [
                _known(contact, standing)
                for contact in contacts
                if self._gets_mail(contact, standing := self.standing(contact, day), day)
            ]
            self._mailed[case] = (
                _by_household(found, self.pack) if self.caseload.has("Contacts") else [self._parents(student, day)]
            )
        return self._mailed[case]

    def gets_mail(self, contact: Record, day: dt.date | None = None) -> bool:
        """Tell whether letters go to a contact: not to one who wants none, or must not have any."""
        return self._gets_mail(contact, self.standing(contact, day), day)

    def _gets_mail(self, contact: Record, standing: Standing | None, day: dt.date | None) -> bool:
        said = contact.get("receives_mail")
        if standing is None or standing.mail is Mail.NEVER or said is False or self._is_barred(contact, day):
            return False
        return said is True or standing.mail is Mail.UNLESS_REFUSED

    def _is_barred(self, contact: Record, day: dt.date | None) -> bool:
        """Tell whether someone of the same name, however it is written, must get nothing: 'Doe, Dad', 'Mr. Dad Doe'."""
        mine = _words(contact)
        return any(
            other is not contact
            and (words := _words(other))
            and (words <= mine or mine <= words)
            and (standing := self.standing(other, day)) is not None
            and standing.mail is Mail.NEVER
            for other in self.caseload.all_of("Contacts", contact.student_id or "")
        )

    def known(self, contact: Record, day: dt.date | None = None) -> Record:
        """Return a contact with what is known of it as a recipient."""
        return contact if STANDING in contact.values else _known(contact, self.standing(contact, day))

    def _parents(self, student: Record, day: dt.date | None) -> Record:
        """Return the one recipient that there is in a workbook without contacts."""
        phrases, name = self.pack.wordings["en"].phrases, {"name": _name(student)}
        return self._made(
            student,
            contact_name=phrases["parents_of"](name),
            mailing_name=phrases["to_the_parents_of"](name),
            **{HOLDS_RIGHTS: not self.have_passed(student, day), STANDING: "", IS_STUDENT: False},
        )

    def _nobody(self, student: Record) -> Record:
        name = self.pack.wordings["en"].phrases["nobody_named"]({})
        none = {HOLDS_RIGHTS: True, STANDING: "", IS_STUDENT: False}
        return self._made(student, contact_name=name, mailing_name=name, **none)

    def _student(self, student: Record, day: dt.date | None) -> Record:
        case = student.student_id or "", self.have_passed(student, day)
        if case not in self._students:
            relationship = _ADULT if case[1] else _STUDENT
            name = _name(student)
            home = {} if relationship == _ADULT else self._home(student, day)
            made = self._made(student, contact_name=name, mailing_name=name, relationship=relationship, **home)
            self._students[case] = self.known(made, day)
        return self._students[case]

    def _home(self, student: Record, day: dt.date | None) -> dict[str, Any]:
        """Return the address of a minor's parents, where all who hold the rights have the same one."""
        homes = [{key: one.get(key) for key in _ADDRESS} for one in self.holders(student, day) if one.get("address")]
        return homes[0] if homes and all(home == homes[0] for home in homes) else {}

    def _made(self, student: Record, **values: Any) -> Record:
        """Return a recipient who is on no row."""
        defaults = self.pack.sheets["Contacts"].defaults
        return Record("Contacts", None, {**defaults, "student_id": student.student_id, **values})


def _columns_read(pack: Pack) -> list[list[str]]:
    """Return the columns that decide on standings: of the contact, of the student, of all of the student's contacts."""
    paths = {path for standing in pack.standings for path in standing.where.paths}
    of_student = {path[1] for path in paths if path[0] == "student" and path[1:]}
    of_contacts = {word for path in paths if path[0] == "contacts" for word in path[1:3]} - {ITEM}
    columns = (pack.sheets[title].columns.keys() for title in ("Contacts", "Students", "Contacts"))
    named = ({path[0] for path in paths} - {"student", "contacts"}, of_student, of_contacts)
    # one that is found out as an expression runs may be any
    return [sorted(few) if few <= all_ else sorted(all_) for few, all_ in zip(named, columns, strict=True)]


def _known(contact: Record, standing: Standing | None) -> Record:
    """Return a contact with what follows from its standing."""
    holds_rights = standing is not None and standing.holds_rights
    known = {
        HOLDS_RIGHTS: holds_rights,
        STANDING: standing.said if standing else "",
        IS_STUDENT: contact.get("relationship") in (_STUDENT, _ADULT),
        HOLDERS: [contact.get("contact_name")] if holds_rights else [],
    }
    return Record(contact.sheet, contact.row, {**contact.values, **known}, source=contact.source)


def _name(student: Record) -> str:
    return " ".join(filter(None, (student.get("first_name"), student.get("last_name"))))


def _by_household(contacts: Sequence[Record], pack: Pack) -> list[Record]:
    """Return one recipient for each household and language; those of no household each stay one.

    One whose rights have passed to the student, who lives at home, gets a letter of their own.
    """
    groups: dict[Any, list[Record]] = {}
    for contact in contacts:
        house = contact.get("household")
        key = (fold(house), language_of(contact), contact.get(IS_STUDENT)) if house else id(contact)
        groups.setdefault(key, []).append(contact)
    return [
        one
        for group in groups.values()
        for one in ([_together(group, pack)] if len(group) > 1 and _live_together(group) else group)
    ]


def _live_together(contacts: Sequence[Record]) -> bool:
    """Tell whether the addresses of a household's people are the same, as far as they are given."""
    return len({fold(f"{one.get('address')} {one.get('zip') or ''}") for one in contacts if one.get("address")}) <= 1


def _together(contacts: Sequence[Record], pack: Pack) -> Record:
    """Return one recipient for the people of a household: those who hold the rights first, and their address."""
    first, *others = sorted(contacts, key=lambda one: not one.get(HOLDS_RIGHTS))
    everyone = [first, *others]
    language = pack.wording(language_of(first) or "en", {}).language
    joined = {
        "contact_name": language.joined([one.get("contact_name") for one in everyone if one.get("contact_name")]),
        "mailing_name": first.get("mailing_name") or language.joined([str(_addressed(one)) for one in everyone]),
        HOLDERS: [name for one in everyone for name in one.get(HOLDERS) or ()],
        "interpreter_needed": any(one.get("interpreter_needed") for one in everyone) or first.get("interpreter_needed"),
    }
    address = next((one for one in everyone if one.get("address")), first)
    where = {key: address.get(key) for key in _ADDRESS}
    return Record(first.sheet, first.row, {**first.values, **where, **joined}, source=first.source)


def _words(contact: Record) -> set[str]:
    """Return the words of a contact's name, of two letters and more."""
    return {word for word in re.findall(r"\w\w+", fold(contact.get("contact_name") or "")) if word not in _TITLES}


def _addressed(contact: Record) -> Any:
    return contact.get("mailing_name") or contact.get("contact_name") or ""


def language_of(contact: Record) -> str | None:
    """Return the tag of the language that a contact reads; None if it is not known which that is."""
    return language_tag(str(contact.get("language") or ""))


def best_of(tag: str | None, tags: Collection[str]) -> str | None:
    """Return which of some languages serves a reader, if it is known what they read."""
    return next((one for one in serving(tag) if one in tags), None) if tag else None
