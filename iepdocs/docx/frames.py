"""What a value needs around it to stand in a text, among runs, paragraphs, cells or rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from iepdocs.docx.wordml import LEVELS, TEXTS, above, child, kind, own, prefixed, without_section, written

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iepdocs.docx.slots import Slot, Slots

_PROPERTIES = {"tr": ("tblPrEx", "trPr"), "tc": ("tcPr",), "p": ("pPr",), "r": ("rPr",)}


def frame(slot: Slot, chain: Sequence[etree._Element]) -> None:
    """Note what a value needs around it to stand in a text, among runs, paragraphs, cells, rows."""
    for element in chain[:4]:
        name = kind(element)
        opened = "".join(written(one) for one in element if kind(one) in _PROPERTIES[name])
        if name == "p":
            opened = without_section(element)
        begun = f"<{prefixed(element, name)}>{opened}"
        ended = f"</{prefixed(element, name)}>"
        if name == "r":
            begun += f'<{prefixed(element, "t")} xml:space="preserve">'
            ended = f"</{prefixed(element, 't')}>{ended}"
        slot.opens += (begun,)
        slot.closes += (ended,)
    run = chain[0]
    again = f'<{prefixed(run, "t")} xml:space="preserve">'
    slot.newline = f"</{prefixed(run, 't')}><{prefixed(run, 'br')}/>{again}"
    slot.tab = f"</{prefixed(run, 't')}><{prefixed(run, 'tab')}/>{again}"
    if len(chain) > 1:
        paragraph, val = prefixed(chain[1], "p"), prefixed(run, "type")
        opened = f"<{paragraph}><{prefixed(run, 'r')}>"
        slot.page = f'{opened}<{prefixed(run, "br")} {val}="page"/></{prefixed(run, "r")}></{paragraph}>'
    slot.paragraphs = slot.level > 1 or run.getparent() is (chain[1] if len(chain) > 1 else None)


def frame_values(root: etree._Element, slots: Slots) -> None:
    """Note for the values that were left in texts what they need around them."""
    for element in root.iter(etree.Element):
        name = kind(element)
        if name not in (*TEXTS, "instrText") or slots.mark not in (element.text or ""):
            continue
        for number in slots.numbers(element.text):
            slot = slots.tags[number]
            if slot.tag.opener != "{{":
                continue
            run = element.getparent()
            if name == "t" and run is not None and kind(run) == "r":
                slot.form = "text"
                frame(slot, [one for one in element.iterancestors() if kind(one) in LEVELS])
            elif name == "a:t" and run is not None and kind(run) == "a:r":
                slot.form = "text"
                _frame_in_drawing(slot, run)
            elif name == "instrText":
                slot.form = "url" if "HYPERLINK" in _code(element) else "plain"
                slot.newline = " "


def _frame_in_drawing(slot: Slot, run: etree._Element) -> None:
    properties = child(run, "a:rPr")
    opened = written(properties) if properties is not None else ""
    closed = f"</{prefixed(run, 't')}></{prefixed(run, 'r')}>"
    again = f"<{prefixed(run, 'r')}>{opened}<{prefixed(run, 't')}>"
    slot.newline = f"{closed}<{prefixed(run, 'br')}>{opened}</{prefixed(run, 'br')}>{again}"


def _code(element: etree._Element) -> str:
    paragraph = above(element, "p")
    codes = [one for one in own(paragraph) if kind(one) == "instrText"] if paragraph is not None else [element]
    return "".join(one.text or "" for one in codes)
