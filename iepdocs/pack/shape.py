"""What a declaration may say: the same check for every file of a pack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cerberus import Validator

from iepdocs.findings import FilePlace, Finding, IepdocsError
from iepdocs.text import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

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
                    message=f"'{'.'.join(path)}': {problem}.",
                    mend=f"Known here: {', '.join(_known(shape, path))}.",
                    place=FilePlace(file, ".".join(path)),
                    rule="pack-shape",
                )
                for path, problem in _flat(validator.errors, ())
            )
        )


def check_words(what: str, words: Iterable[str], known: Iterable[str], file: str, inside: str) -> list[Finding]:
    """Return a finding for every word that is none of the known ones."""
    known = list(known)
    return [
        Finding(
            message=f"There is no {what} '{word}'.",
            mend=did_you_mean(word, known, f"Known here: {', '.join(known)}."),
            place=FilePlace(file, inside),
            rule="pack-name",
        )
        for word in sorted(set(words) - set(known))
    ]


def stop_at(findings: Sequence[Finding]) -> None:
    """Raise the findings, if there are any."""
    if findings:
        raise IepdocsError(*findings)


def _flat(errors: Mapping[Any, Any], above: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    for key, problems in errors.items():
        word = str(key).lower() if isinstance(key, bool) else str(key)
        for problem in problems:
            if isinstance(problem, dict):
                yield from _flat(problem, (*above, word))
            else:
                yield (*above, word), problem


def _known(shape: Mapping[str, Any], path: Sequence[str]) -> Iterable[str]:
    """Return what may stand at a place: its allowed values, else the keys beside it."""
    known: Iterable[str] = shape
    rules: Mapping[str, Any] = {"schema": shape}
    for key in path:
        below = rules.get("schema", {})
        known = below or known
        rules = below.get(key) or rules.get("valuesrules", {})
    return [str(word) for word in rules.get("allowed", known)]
