"""Who gets letters about a student, and in what part, as `recipients.yaml` declares it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from iepdocs.findings import FilePlace
from iepdocs.pack.names import Name, unknown_names
from iepdocs.pack.shape import TEXT, check_shape, stop_at
from iepdocs.sandbox import Expression

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iepdocs.pack.schema import Sheet


class Mail(StrEnum):
    """When a contact gets letters: whatever the column Receives Mail says, or as it says."""

    UNLESS_REFUSED = "unless refused"
    IF_ASKED = "if asked"
    NEVER = "never"


_FILE = "recipients.yaml"
_STANDING = {
    "where": {**TEXT, "required": True},
    "holds_rights": {"type": "boolean", "required": True},
    "mail": {"type": "string", "allowed": [*Mail]},
    "standing": {**TEXT, "required": True},
    "citation": TEXT,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What a contact is in a student's education.

    Attributes:
        key: its name in the declaration.
        where: of which contacts it is so.
        holds_rights: whether they decide for the student, as 34 CFR 300.30 has a parent decide.
        mail: when they get letters.
        said: the same in words.
        citation: the regulation that has it so.
    """

    key: str
    where: Expression
    holds_rights: bool
    mail: Mail
    said: str
    citation: str


def load_standings(declarations: Mapping[str, Any], sheets: Mapping[str, Sheet]) -> list[Standing]:
    """Build the standings in order, from the content of `recipients.yaml`.

    Raises:
        IepdocsError: naming the key, where a declaration is wrong.
    """
    check_shape(declarations, {key: {"type": "dict", "schema": _STANDING} for key in declarations}, _FILE)
    columns = {key: Name(key) for key in sheets["Contacts"].columns}
    known = {
        **columns,
        "student": Name("student", fields={key: Name(key) for key in sheets["Students"].columns}),
        "contacts": Name("contacts", each="contact", fields=columns),
    }
    standings = []
    for key, declared in declarations.items():
        inside = f"{key}.where"
        where = Expression(declared["where"], FilePlace(_FILE, inside))
        stop_at(unknown_names(where.paths, known, _FILE, inside))
        standings.append(
            Standing(
                key,
                where,
                declared["holds_rights"],
                Mail(declared.get("mail", Mail.UNLESS_REFUSED)),
                declared["standing"],
                declared.get("citation", ""),
            )
        )
    return standings
