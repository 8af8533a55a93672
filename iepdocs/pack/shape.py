"""What a declaration may say: the same check for every file of a pack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cerberus import Validator

from iepdocs.findings import FilePlace, Finding, IepdocsError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TEXT = {"type": "string"}
TEXTS = {"type": "list", "schema": TEXT}


def check_shape(declaration: Mapping[str, Any], shape: Mapping[str, Any], file: str) -> None:
    """Hold a declaration against its Cerberus schema.

    Raises:
        IepdocsError: with a finding for every key that is unknown, missing or of the wrong kind.
    """
    validator = Validator(shape)
    if not validator.validate(declaration, normalize=False):
        raise IepdocsError(
            *(
                Finding(
                    message=f"'{key}': {problem}.",
                    mend=f"Known here: {', '.join(shape)}.",
                    place=FilePlace(file, key),
                    rule="pack-shape",
                )
                for key, problem in _flat(validator.errors)
            )
        )


def _flat(errors: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for key, problems in errors.items():
        for problem in problems:
            if isinstance(problem, dict):
                yield from _flat(problem, f"{above}{key}.")
            else:
                yield f"{above}{key}", problem
