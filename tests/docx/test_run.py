"""What a template from outside cannot do: fill the memory, go on for ever, reach Python's insides."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from iepdocs import IepdocsError, Template
from tests.support import lines, raw_document

if TYPE_CHECKING:
    from pathlib import Path

GROWS = "{{% set ns = namespace(a={}) %}}{{% for i in range(60) %}}{{% set ns.a = {} %}}{{% endfor %}}{{{{ ns.a }}}}"
ENDLESS = {
    "a text is joined to itself": GROWS.format("'x'", "ns.a ~ ns.a"),
    "a text is added to itself": GROWS.format("'x'", "ns.a + ns.a"),
    "a list is added to itself": GROWS.format("[1]", "ns.a + ns.a"),
    "a list holds itself twice": GROWS.format("[]", "[ns.a, ns.a]"),
    "a pair holds itself twice": GROWS.format("[]", "(ns.a, ns.a)"),
    "a dict holds itself twice": GROWS.format("[]", "{'a': ns.a, 'b': ns.a}"),
    "a dict made by its name holds itself twice": GROWS.format("[]", "dict(a=ns.a, b=ns.a)"),
    "a namespace holds itself twice": GROWS.format("[]", "namespace(a=ns.a, b=ns.a)"),
    "a list is repeated in a list": GROWS.format("[]", "[ns.a] * 2"),
    "a number is multiplied by itself": GROWS.format("2", "ns.a * ns.a"),
    "a number is raised to a power": GROWS.format("2", "ns.a ** 99"),
    "loops in loops": "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
    "a block is written again and again": (
        "{% set a %}{% for i in range(9999) %}xxxx{% endfor %}{% endset %}"
        "{% set b %}{% for i in range(9999) %}{{ a }}{% endfor %}{% endset %}{{ b }}"
    ),
    "long texts are repeated in a list": "{{ ['a' * 99999] * 5000 }}",
    "they are written as JSON": "{{ (['a' * 99999] * 5000)|tojson|length }}",
    "a text is joined to itself by a filter": GROWS.format("'x'", "[ns.a, ns.a]|join"),
    "a text is joined to itself by a method": GROWS.format("'x'", "''.join([ns.a, ns.a])"),
    "a text is put into a format twice": GROWS.format("'x'", "'%s%s'|format(ns.a, ns.a)"),
    "a text is put into another twice": GROWS.format("'x'", "'{0}{0}'.format(ns.a)"),
    "lines are wrapped in long texts": "{{ ('a' * 50000)|wordwrap(1, wrapstring='x' * 9999) }}",
    "many lines are indented far": "{{ ('a\\n' * 50000)|indent(9999) }}",
    "a list is centred, item by item": "{{ range(99999)|map('center', 90000)|list|length }}",
    "sums in a loop": "{% for i in range(99999) %}{% if range(99999)|sum %}{% endif %}{% endfor %}",
    "a loop with a condition in a loop": (
        "{% for i in range(99999) %}{% for j in range(99999) if j < 0 %}{% endfor %}{% endfor %}"
    ),
    "a list is looked for in a list": "{{ range(99999)|select('in', range(99999)|list)|list|length }}",
    "a macro calls itself twice": (
        "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(40) }}"
    ),
    "a macro calls itself": "{% macro m(n) %}{{ m(n + 1) }}{% endmacro %}{{ m(1) }}",
}


@pytest.mark.parametrize("source", ENDLESS.values(), ids=ENDLESS)
def test_what_never_ends_is_stopped_and_located(tmp_path: Path, source: str) -> None:
    path = tmp_path / "letter.docx"
    path.write_bytes(raw_document(lines("Dear parents", source)))
    started = time.monotonic()
    with pytest.raises(IepdocsError) as raised:
        Template(path).render({})
    assert time.monotonic() - started < 20
    [finding] = raised.value.findings
    assert finding.rule == "template-render"
    assert "»{%" in str(finding.place) or "»{{" in str(finding.place)
    assert "asks for" in finding.message or "goes round in circles" in finding.message


@pytest.mark.parametrize(
    "tag",
    [
        "{{ cycler.__init__.__globals__.os.getcwd() }}",
        "{{ ''['__class__'] }}",
        "{{ ''|attr('__class__') }}",
        "{{ name|attr('__' ~ 'class__') }}",
        "{{ name.__class__.mro() }}",
        "{% set x = name.__len__ %}",
        "{{ self.__init__ }}",
        "{{ name.format.__globals__ }}",
        "{{ '{0.__class__}'.format(name) }}",
        "{{ loud() }}",
    ],
)
def test_nothing_of_python_is_reached(tmp_path: Path, tag: str) -> None:
    path = tmp_path / "letter.docx"
    path.write_bytes(raw_document(lines(tag)))
    called = []
    with pytest.raises(IepdocsError) as raised:
        Template(path).render({"name": "Ana", "loud": lambda: called.append(1)})
    assert raised.value.findings[0].rule in ("template-forbidden", "template-render")
    assert "»{" in str(raised.value.findings[0].place)
    assert not called
