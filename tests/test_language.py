"""Which language a person means."""

from __future__ import annotations

import pytest

from iepdocs.language import Language, language_name, language_tag, serving


@pytest.mark.parametrize(
    ("said", "tag"),
    [
        ("", "en"),
        ("English", "en"),
        (" spanish ", "es"),
        ("SPANISH LANGUAGE", "es"),
        ("Español", "es"),
        ("es", "es"),
        ("es_mx", "es-MX"),
        ("Vietnamese", "vi"),
        ("Mandarin", "zh"),
        ("Haitian Creole", "ht"),
        ("Tagalog", "fil"),
        ("American Sign Language", "ase"),
        ("Spanish (Mexico)", "es-MX"),
        ("Portuguese (Brazil)", "pt-BR"),
        ("Chinese (Traditional)", "zh-Hant"),
        ("zh_tw", "zh-TW"),
        ("spa", "es"),
        ("vie", "vi"),
        ("tl", "fil"),
        ("Bengali", "bn"),
        ("Spanish (speaks some English)", None),
        ("Spansh", None),
        ("in", None),  # no language of today
        ("see file", None),
    ],
)
def test_a_language_is_known_by_its_english_name_or_its_tag(said: str, tag: str | None) -> None:
    assert language_tag(said) == tag


@pytest.mark.parametrize(("tag", "name"), [("en", "English"), ("es", "Spanish"), ("vi", "Vietnamese"), ("xx", "xx")])
def test_a_tag_has_an_english_name(tag: str, name: str) -> None:
    assert language_name(tag) == name


@pytest.mark.parametrize(
    ("tag", "tags"),
    [
        ("en", ("en",)),
        ("es-MX", ("es-MX", "es")),
        ("zh-TW", ("zh-TW", "zh", "zh-Hant-TW", "zh-Hant")),
        ("zh", ("zh", "zh-Hans-CN", "zh-Hans")),
        ("kar", ("kar",)),
    ],
)
def test_a_language_is_served_by_others(tag: str, tags: tuple[str, ...]) -> None:
    assert serving(tag) == tags


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["evaluación", "identificación"], "evaluación e identificación"),
        (["madre", "hijo"], "madre e hijo"),
        (["agua", "hielo"], "agua y hielo"),
        (["lectura", "escritura", "inglés"], "lectura, escritura e inglés"),
        (["inglés"], "inglés"),
        ([], ""),
    ],
)
def test_spanish_has_another_and_before_i(words: list[str], text: str) -> None:
    assert Language("es").joined(words) == text
