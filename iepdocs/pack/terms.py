"""The words that documents have beside the data, as `terms/<language>.yaml` declares them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from iepdocs.findings import FilePlace, Finding
from iepdocs.language import Language, language_tag
from iepdocs.pack.names import Name, unknown_names
from iepdocs.pack.shape import NAME, TEXT, TEXTS, check_names, check_shape, check_words, stop_at
from iepdocs.sandbox import Sentence
from iepdocs.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

YES, NO = "yes", "no"
PRONOUN_FORMS = ("they", "them", "their", "theirs", "themself")
_GROUPS = {
    "phrases": {"type": "dict", "keysrules": NAME, "valuesrules": TEXT},
    "pronouns": {"type": "dict", "valuesrules": {**TEXTS, "minlength": len(PRONOUN_FORMS)}},
    "choices": {"type": "dict", "valuesrules": TEXT},
}
"""What a file of terms has beside them."""


@dataclass(frozen=True)
class Wording:
    """The words of one language.

    Attributes:
        language: how it writes dates, and its yes and no.
        terms: the words that templates name, by their names.
        phrases: sentences and parts of them that iepdocs puts together.
        pronouns: the five forms of a pronoun by the first one: they, them, their, theirs, themself.
        choices: the words of columns' choices by the English ones, as choices are compared.
    """

    language: Language
    terms: Mapping[str, str]
    phrases: Mapping[str, Sentence]
    pronouns: Mapping[str, tuple[str, ...]]
    choices: Mapping[str, str]

    def choice(self, word: str) -> str:
        """Return a choice's word in this language; as it is, where there is none."""
        return self.choices.get(fold(word), word) if self.choices else word

    def with_terms(self, own: Mapping[str, str]) -> Wording:
        """Return these words with some terms replaced."""
        return replace(self, terms={**self.terms, **own}) if own else self


def load_wordings(
    declarations: Mapping[str, Mapping[str, Any]], built_in: Mapping[str, Any], choices: Iterable[str]
) -> dict[str, Wording]:
    """Build the words of each language by its BCP 47 tag. What a language leaves out is said in English.

    Args:
        declarations: the content of each file by its language's tag.
        built_in: the built-in English one, which shows what each phrase may name.
        choices: the words of all columns' choices.

    Raises:
        IepdocsError: naming file and key, where a declaration is wrong or says what English has not.
    """
    english = declarations.get("en", {})
    stop_at(
        [
            Finding(
                message=f"'{tag}' is no tag of a language.",
                mend="Name the file by the language's tag, such as es.yaml for Spanish.",
                place=FilePlace(f"terms/{tag}.yaml"),
                rule="pack-name",
            )
            for tag in declarations
            if language_tag(tag) != tag
        ]
    )
    meant = _wording("en", built_in, built_in, built_in.get("phrases", {})).phrases
    wordings = {
        tag: _wording(tag, declared, english, meant) for tag, declared in {"en": english, **declarations}.items()
    }
    known = sorted({fold(choice) for choice in choices})
    stop_at(
        [
            finding
            for tag, wording in wordings.items()
            for finding in (*_odd_names(wording, meant), *_odd_choices(declarations.get(tag, {}), tag, known))
        ]
    )
    return wordings


def _odd_names(wording: Wording, meant: Mapping[str, Sentence]) -> Iterator[Finding]:
    """Yield what a phrase names that iepdocs does not give it."""
    for key, phrase in wording.phrases.items():
        names = {path[0]: Name(path[0]) for path in meant[key].paths}
        yield from unknown_names(phrase.paths, names, phrase.place.path, f"phrases.{key}")


def _odd_choices(declared: Mapping[str, Any], tag: str, known: Sequence[str]) -> list[Finding]:
    """Return a finding for each choice that no column has."""
    folded = [word for word in declared.get("choices", {}) if fold(word) not in known]
    return check_words("choice", folded, known, f"terms/{tag}.yaml", "choices")


def _wording(
    tag: str, declared: Mapping[str, Any], english: Mapping[str, Any], known_phrases: Iterable[str]
) -> Wording:
    file = f"terms/{tag}.yaml"
    check_shape(declared, {**{key: TEXT for key in declared if key not in _GROUPS}, **_GROUPS}, file)
    check_names(declared, file)
    findings = check_words("term", declared.keys() - _GROUPS.keys(), english.keys() - _GROUPS.keys(), file, "terms")
    findings += check_words("phrase", declared.get("phrases", {}), known_phrases, file, "phrases")
    stop_at(findings)
    phrases = {**english.get("phrases", {}), **declared.get("phrases", {})}
    terms = {key: text for key, text in {**english, **declared}.items() if key not in _GROUPS}
    pronouns = declared.get("pronouns", english.get("pronouns", {}))
    return Wording(
        language=Language(tag, terms.get(YES, YES), terms.get(NO, NO)),
        terms=terms,
        phrases={key: Sentence(text, FilePlace(file, f"phrases.{key}")) for key, text in phrases.items()},
        pronouns={fold(key): tuple(forms) for key, forms in pronouns.items()},
        choices={fold(word): text for word, text in declared.get("choices", {}).items()},
    )
