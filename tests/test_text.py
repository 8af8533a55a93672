from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iepdocs.text import did_you_mean, nearest, shown

DAY = dt.date(2026, 3, 2)
MIDNIGHT = dt.datetime(2026, 3, 2)  # noqa: DTZ001
TEN_PAST = dt.datetime(2026, 3, 2, 10, 10)  # noqa: DTZ001


def test_the_nearest_word_is_the_one_mistyped_whatever_its_case() -> None:
    assert nearest("FRIST_NAME", ["last_name", "first_name", "grade"]) == "first_name"


def test_a_word_that_is_like_no_other_has_no_nearest() -> None:
    assert nearest("zebra", ["last_name", "first_name", "grade"]) is None


@given(st.lists(st.text(min_size=3), min_size=1), st.data())
def test_the_nearest_to_a_known_word_is_that_word(known: list[str], data: st.DataObject) -> None:
    word = data.draw(st.sampled_from(known))
    found = nearest(word, known)
    assert found is not None
    assert found.casefold() == word.casefold()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("as it is", "as it is"),
        (True, "TRUE"),
        (42, "42"),
        (42.0, "42"),
        (0.855, "0.855"),
        (-0.0, "0"),
        (1e20, "1e+20"),
        (DAY, "3/2/2026"),
        (MIDNIGHT, "3/2/2026"),
        (TEN_PAST, "3/2/2026 10:10"),
        (dt.time(0, 5), "12:05 AM"),
        (dt.time(8, 30), "8:30 AM"),
        (dt.time(12), "12:00 PM"),
        (dt.time(15, 30), "3:30 PM"),
        (["a", 504, DAY], "a; 504; 3/2/2026"),
    ],
)
def test_a_value_is_shown_as_in_excel(value: Any, text: str) -> None:
    assert shown(value) == text


def test_a_near_word_is_asked_about_and_else_something_is_said() -> None:
    assert did_you_mean("studnet", ["student", "plan"], "Mend it.") == "Did you mean student?"
    assert did_you_mean("zebra", ["student", "plan"], "Mend it.") == "Mend it."
