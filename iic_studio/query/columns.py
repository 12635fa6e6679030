"""The columns that a search looks at, a row for each image.

Texts lie in one array of bytes, so that a word is looked for in all rows at once; columns with few different values are numbers into
their vocabulary.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from iic_studio.cached import cached_property

Mask = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.integer]
Floats = npt.NDArray[np.floating]
Dates = npt.NDArray[np.datetime64]

_SLASH = ord("/")


def folded(text: str) -> str:
    """Text as it is compared: without case, and composed letters as one sign, whichever way the disk wrote them."""
    return unicodedata.normalize("NFC", text).casefold()


class Texts:
    """Paths as one array of bytes: which rows hold a word, in the folders, in the name, or anywhere."""

    def __init__(self, paths: Iterable[str]) -> None:
        joined = "\0".join(paths)
        self._bytes = np.frombuffer(folded(joined).encode("utf-8", "surrogateescape") + b"\0", np.uint8)
        ends = np.flatnonzero(self._bytes == 0)
        self._starts = np.concatenate([[0], ends[:-1] + 1]) if joined or len(ends) > 1 else np.zeros(0, np.int64)
        self._names = self._starts.copy()
        slashes = np.flatnonzero(self._bytes == _SLASH)
        np.maximum.at(self._names, self._rows(slashes), slashes + 1)
        self._counts = np.bincount(self._bytes, minlength=256)

    def __len__(self) -> int:
        return len(self._starts)

    def hold(self, word: str, part: str = "any") -> Mask:
        """(N,) rows that hold a word in their `name`, their `folder`, or in `any` place. An empty word is in all."""
        wanted = folded(word).encode("utf-8", "surrogateescape").replace(b"\0", b"")
        found = np.zeros(len(self), np.bool_)
        if not wanted:
            return ~found
        hits = self._hits(np.frombuffer(wanted, np.uint8))
        rows = self._rows(hits)
        if part == "name":
            rows = rows[hits >= self._names[rows]]
        elif part == "folder":
            rows = rows[hits + len(wanted) <= self._names[rows]]
        found[rows] = True
        return found

    def _rows(self, places: Ints) -> Ints:
        return np.searchsorted(self._starts, places, side="right") - 1

    def _hits(self, word: Ints) -> Ints:
        """Places where the word begins: those of its rarest byte first, then fewer with every other byte."""
        order = sorted(range(len(word)), key=lambda place: int(self._counts[word[place]]))
        first = order[0]
        hits = np.flatnonzero(self._bytes == word[first]) - first
        hits = hits[(hits >= 0) & (hits <= len(self._bytes) - len(word))]
        for place in order[1:]:
            if not len(hits):
                break
            hits = hits[self._bytes[hits + place] == word[place]]
        return hits


@dataclass(frozen=True)
class Words:
    """A column of few different values: `codes` (N,) are places in `vocabulary`; the empty word means that nothing is said."""

    codes: npt.NDArray[np.int32]
    vocabulary: tuple[str, ...]

    @classmethod
    def of(cls, values: Iterable[str]) -> "Words":
        """The column of some values."""
        known: dict[str, int] = {}
        codes = np.fromiter((known.setdefault(value, len(known)) for value in values), np.int32)
        return cls(codes, tuple(known))

    @cached_property
    def folded(self) -> tuple[str, ...]:
        """The vocabulary as it is compared."""
        return tuple(folded(word) for word in self.vocabulary)

    def used(self) -> list[str]:
        """Values that are there, the most frequent first."""
        counts = np.bincount(self.codes, minlength=len(self.vocabulary))
        order = np.argsort(-counts, kind="stable")
        return [self.vocabulary[one] for one in order.tolist() if counts[one] and self.vocabulary[one]]

    def where(self, fitting: Iterable[bool]) -> Mask:
        """(N,) rows whose word is among the fitting ones of the vocabulary."""
        chosen = np.fromiter(fitting, np.bool_, len(self.vocabulary))
        return np.asarray(chosen[self.codes]) if len(self.vocabulary) else np.zeros(0, np.bool_)


@dataclass(frozen=True)
class FileColumns:
    """What the files say; stays the same while a model learns, so what was found in it is kept in `found`.

    Attributes:
        paths: relative, `/` between parts.
        taken: (N,) when taken, in seconds; NaT where not known.
        camera, kind, problem: words.
        width, height: (N,) pixels, 0 where not known.
    """

    paths: Texts
    taken: Dates
    camera: Words
    kind: Words
    problem: Words
    has_problem: Mask
    width: Ints
    height: Ints
    found: dict[object, Mask] = field(default_factory=dict)


@dataclass(frozen=True)
class Columns:
    """The file columns and what a model and people say, a row for each image.

    Attributes:
        cluster: (N,) or -1.
        cluster_names: name of each cluster, as shown.
        confidence, margin, agreement: (N,) 0–1.
        source: "model", "user", or empty.
        classes: found for each image; None while nobody has given any class.
        labels: what people said single images show; None while nobody said anything.
    """

    files: FileColumns
    cluster: Ints
    cluster_names: tuple[str, ...]
    confidence: Floats
    margin: Floats
    agreement: Floats
    uncertain: Mask
    excluded: Mask
    source: Words
    classes: Words | None = None
    labels: Words | None = None

    def __len__(self) -> int:
        return len(self.cluster)
