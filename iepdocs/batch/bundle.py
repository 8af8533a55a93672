"""What all documents of a run have in common, held ready by each worker: declarations and compiled templates."""

from __future__ import annotations

import pickle
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from iepdocs.batch.digest import Digests
from iepdocs.findings import FilePlace, Finding, IepdocsError
from iepdocs.plan import Caseload
from iepdocs.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from iepdocs.documents import Contexts
    from iepdocs.docx import Template
    from iepdocs.pack import Pack

_MOST_TEMPLATES = 64


@dataclass(frozen=True)
class Bundle:
    """What all documents of a run have in common.

    Attributes:
        contexts: what builds contexts; in another process without records.
        out: the output folder.
        overwrite: whether documents that a person has edited are made anew.
        dry_run: whether nothing is made, and only said what would be.
        templates: the templates by kind and language; in another process each as its bytes, until it is needed.
        drawn_on: the sheets from which it follows what documents show, likewise.
    """

    contexts: Contexts
    out: Path
    overwrite: bool
    dry_run: bool
    templates: Mapping[tuple[str, str], Template | bytes]
    drawn_on: Mapping[tuple[str, str], frozenset[str]]

    @property
    def pack(self) -> Pack:
        """What is declared."""
        return self.contexts.pack

    @cached_property
    def digests(self) -> Digests:
        """Hashes over all records: what many students share is hashed once for them."""
        return Digests(self.contexts)

    def template(self, kind: str, language: str) -> Template:
        """Return the template of a kind in a language."""
        found = self.templates[kind, language]
        return _opened(found) if isinstance(found, bytes) else found

    def packed(self) -> bytes:
        """Return the bundle as bytes, for `unpacked`."""
        apart = {template: pickle.dumps(template) for template in self.templates.values()}
        templates = {key: apart[template] for key, template in self.templates.items()}
        contexts = self.contexts.over(Caseload({}, self.contexts.caseload.settings, self.pack))
        bundle = replace(self, contexts=contexts, templates=templates)
        return pickle.dumps((__version__, pickle.dumps(bundle)))


@lru_cache(maxsize=_MOST_TEMPLATES)
def _opened(content: bytes) -> Any:
    """Open a template that came as bytes: once, whichever runs it comes with."""
    return pickle.loads(content)  # noqa: S301  (from a bundle, whose hash was right)


_HELD: dict[str, Bundle] = {}


def unpacked(path: Path, expected: str) -> Bundle:
    """Return the bundle that a run has left in its output folder; it is read once.

    Args:
        path: its file.
        expected: its hash, which came from the run itself; what has another is not looked into.

    Raises:
        IepdocsError: where it is not there, not the run's, or of another version of iepdocs.
    """
    if known := _HELD.get(expected):
        return known
    try:
        content = path.read_bytes()
    except OSError:
        raise _unusable(path, "A worker cannot read the output folder.") from None
    if sha256(content).hexdigest() != expected:
        raise _unusable(path, "A worker sees another output folder than the run.")
    version, bundle = pickle.loads(content)  # noqa: S301  (its hash is the run's)
    if version != __version__:
        raise _unusable(path, f"A worker has iepdocs {__version__}, and the run {version}.")
    read: Bundle = pickle.loads(bundle)  # noqa: S301
    _HELD.clear()  # a worker of a cluster outlives a run
    _HELD[expected] = read
    return read


def _unusable(path: Path, message: str) -> IepdocsError:
    mend = "Give all workers the same iepdocs, and the same storage under the same path."
    return IepdocsError(Finding(message, mend, FilePlace(str(path.parent.parent)), rule="worker-apart"))
