"""When, and at what, Python's garbage collector is not to look."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def keeping_everything() -> Iterator[None]:
    """Look for no garbage where hardly any is made: to look among a million cells takes longer than to read them."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@contextmanager
def set_aside() -> Iterator[None]:
    """Leave what there is out of what the collector goes through: it stays until the end, and processes share it."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
