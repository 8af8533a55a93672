"""How much a template may make: what would fill the memory is refused before it is there."""

from __future__ import annotations

import datetime as dt
import tracemalloc
from typing import Any

import pytest

from iepdocs.bounds import TooMuchError
from iepdocs.sandbox import Sandbox

HUGE = [
    "{{ 'a' * 999999 }}",
    "{{ [1] * 999999 }}",
    "{{ 999999 * 'a' }}",
    "{{ 9 ** 9999 }}",
    "{{ '%99999d' % 1 }}",
    "{{ '%*d' % (999999999, 1) }}",
    "{{ '%999999999d'|format(1) }}",
    "{{ '{:>999999999}'.format(1) }}",
    "{{ '{:{}}'.format(1, 999999999) }}",
    "{{ '{:{w}}'.format(1, w=999999999) }}",
    "{{ day.strftime('%999999999Y') }}",
    "{{ 'a'.ljust(999999999) }}",
    "{{ 'a'.rjust(999999999) }}",
    "{{ 'a'.center(999999999) }}",
    "{{ 'a'.zfill(999999999) }}",
    "{{ '\t'.expandtabs(999999999) }}",
    "{{ 'a'|center(999999999) }}",
    "{{ 'a\nb'|indent(999999999) }}",
    "{{ [1]|batch(999999999, 'x')|list }}",
    "{{ [1]|slice(999999999)|list }}",
    "{{ long.replace('a', long) }}",
    "{{ long|replace('a', long) }}",
    "{{ long|replace(old='a', new=long) }}",
    "{{ long.join(many) }}",
    "{{ many|join(long) }}",
    "{{ many|join(d=long) }}",
    "{{ range(50000)|map('string')|join(long) }}",
    "{{ 'a'.translate({97: long}) }}",
    "{{ (1).to_bytes(99999, 'big') }}",
    "{{ lipsum(n=99999) }}",
]


@pytest.mark.parametrize("source", HUGE)
def test_what_would_be_huge_is_refused_before_it_is_made(source: str) -> None:
    names: dict[str, Any] = {"long": "a" * 40_000, "many": ["b"] * 40_000, "day": dt.date(2026, 3, 2)}
    template = Sandbox().from_string(source)
    tracemalloc.start()
    try:
        with pytest.raises(TooMuchError):
            template.render(names)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("source", "printed"),
    [
        ("{{ 'a' * 3 + 'b' }}", "aaab"),
        ("{{ '%5.1f %s'|format(2.5, 'x') }} {{ '%d %%' % 50 }}", "  2.5 x 50 %"),
        ("{{ '{:>5} {a}'.format(1, a='b') }}", "    1 b"),
        ("{{ day.strftime('%B %d, %Y') }}", "March 02, 2026"),
        ("{{ 'a'.center(5) }}|{{ 'b'|center(5) }}", "  a  |  b  "),
        ("{{ 'banana'.replace('a', 'oo', 1) }} {{ 'banana'|replace('a', 'oo') }}", "boonana boonoonoo"),
        ("{{ ', '.join(words) }} {{ words|join }} {{ words|join(d='-') }}", "one, two onetwo one-two"),
        ("{{ goals|join(', ', attribute='area') }}", "Reading, Math"),
        ("{{ [1, 2, 3]|batch(2, 0)|list }} {{ 'a\nb'|indent(2) }}", "[[1, 2], [3, 0]] a\n  b"),
    ],
)
def test_what_forms_need_is_made(source: str, printed: str) -> None:
    names = {"words": ["one", "two"], "day": dt.date(2026, 3, 2), "goals": [{"area": "Reading"}, {"area": "Math"}]}
    assert Sandbox().from_string(source).render(names) == printed
