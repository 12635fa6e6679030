"""The image table and what a model says about it as NumPy columns: no Qt, no per-row work once it is built.

Built in a background thread from the store, then never changed: the session swaps one snapshot for the next.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from iic_studio.cached import cached_property
from iic_studio.curation import Curated, Curation, curate
from iic_studio.project.records import MISSING, OK, PENDING, PROBLEM
from iic_studio.query import FileColumns, Texts, Words
from iic_studio.records import Assignments, FloatArray, IntArray

STATUSES = (OK, PENDING, PROBLEM, MISSING)
CLOSE_MARGIN = 0.2
LOW_AGREEMENT = 0.5
_PIECE = 4000
_NUMBER = re.compile("[0-9]+")

Rows = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


def _no_ints() -> IntArray:
    return np.zeros(0, np.int64)


def _no_words() -> Words:
    return Words.of(())


@dataclass(frozen=True)
class ImageTable:
    """All files of a project, ordered by id. `rank` is the place of each row in path order; `status` indexes `STATUSES`.

    `taken` (seconds, NaT where not known), `camera` and `kind` may be left empty where nothing is known of any file.
    """

    ids: IntArray = field(default_factory=_no_ints)
    paths: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    status: npt.NDArray[np.uint8] = field(default_factory=lambda: np.zeros(0, np.uint8))
    width: npt.NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, np.int32))
    height: npt.NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, np.int32))
    thumb_offset: IntArray = field(default_factory=_no_ints)
    thumb_length: IntArray = field(default_factory=_no_ints)
    rank: Rows = field(default_factory=_no_ints)
    taken: npt.NDArray[np.datetime64] = field(default_factory=lambda: np.zeros(0, "datetime64[s]"))
    camera: Words = field(default_factory=_no_words)
    kind: Words = field(default_factory=_no_words)

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def usable(self) -> Mask:
        """(N,) rows that can be shown and clustered."""
        return np.asarray(self.status == STATUSES.index(OK))

    @property
    def problems(self) -> Mask:
        """(N,) rows that cannot be used, unreadable or gone."""
        return np.asarray((self.status == STATUSES.index(PROBLEM)) | (self.status == STATUSES.index(MISSING)))

    @cached_property
    def columns(self) -> FileColumns:
        """What a search looks at."""
        total = len(self)
        nothing = Words(np.zeros(total, np.int32), ("",))
        return FileColumns(
            paths=Texts(self.paths),
            taken=self.taken if len(self.taken) else np.full(total, "NaT", "datetime64[s]"),
            camera=self.camera if len(self.camera.codes) else nothing,
            kind=self.kind if len(self.kind.codes) else nothing,
            problem=Words.of(self.reasons),
            has_problem=self.problems,
            width=self.width,
            height=self.height,
        )

    @cached_property
    def by_rank(self) -> Rows:
        """(N,) all rows in path order."""
        return np.argsort(self.rank, kind="stable")

    def rows_of(self, ids: IntArray) -> Rows:
        """Row of each id; -1 where there is none."""
        if not len(self.ids):
            return np.full(len(ids), -1, np.int64)
        found = np.minimum(np.searchsorted(self.ids, ids), len(self.ids) - 1)
        return np.where(self.ids[found] == ids, found, -1).astype(np.int64)


# Columns of the store that a table is made of.
FACTS = ("id", "path", "status", "reason", "width", "height", "thumb_offset", "thumb_length", "kind", "taken", "camera")


def table_of(facts: Sequence[tuple[Any, ...]]) -> ImageTable:
    """The table of the columns `FACTS`, which come in the order of the ids."""
    ids, paths, status, reasons, width, height, offset, length, kind, taken, camera = facts
    if not ids:
        return ImageTable()
    codes = {name: code for code, name in enumerate(STATUSES)}
    rank = np.empty(len(ids), np.int64)
    rank[natural_order(paths)] = np.arange(len(ids))
    return ImageTable(
        ids=np.array(ids, np.int64),
        paths=paths,
        reasons=reasons,
        status=np.fromiter((codes.get(one, 1) for one in status), np.uint8, len(ids)),
        width=np.array(width, np.int32),
        height=np.array(height, np.int32),
        thumb_offset=np.array(offset, np.int64),
        thumb_length=np.array(length, np.int64),
        rank=rank,
        taken=np.array(taken, "datetime64[s]"),
        camera=Words.of(camera),
        kind=Words.of(kind),
    )


def natural_order(paths: tuple[str, ...]) -> Rows:
    """Row numbers in natural order of their paths (img2 before img10), folder by folder, without case."""
    keys: list[str] = []
    for start in range(0, len(paths), _PIECE):  # in pieces, so that other threads are let in
        joined = unicodedata.normalize("NFD", "\0".join(paths[start : start + _PIECE]).casefold()).replace("/", "\1")
        keys += _NUMBER.sub(_as_sorted, joined).split("\0")
    return np.asarray(sorted(range(len(paths)), key=keys.__getitem__), np.int64)


def _as_sorted(number: re.Match[str]) -> str:
    """A number so that texts with it are in order: before any letter, the one with fewer digits first."""
    digits = number[0].lstrip("0")
    return f"\2{chr(3 + len(digits))}{digits}"


def _no_marks() -> Mask:
    return np.zeros(0, np.bool_)


@dataclass(frozen=True)
class Verdicts:
    """Where images are, aligned to the rows of an `ImageTable`; -1, 0 and False where nothing is said of an image.

    Clusters are groups here, by their place in the list: what a run says as corrected by people.

    Attributes:
        position: (N,) place of the row in `assignments`, or -1.
        cluster, second: (N,) the group it is in (-1 for excluded images), and the most likely other one.
        confidence, margin, agreement: (N,) 0–1.
        assignments: the groups; `assignments.model` is what the run itself says.
        by_user, excluded, unsure: (N,) said by people.
    """

    position: Rows
    cluster: IntArray
    second: IntArray
    confidence: FloatArray
    margin: FloatArray
    agreement: FloatArray
    assignments: Curated | None = None
    by_user: Mask = field(default_factory=_no_marks)
    excluded: Mask = field(default_factory=_no_marks)
    unsure: Mask = field(default_factory=_no_marks)

    @property
    def num_clusters(self) -> int:
        """G, 0 before the first assignment."""
        return 0 if self.assignments is None else len(self.assignments.groups)

    def sizes(self) -> IntArray:
        """(G,) images per group."""
        return np.bincount(self.cluster[self.cluster >= 0], minlength=self.num_clusters).astype(np.int64)

    def uncertain(self) -> Mask:
        """(N,) images with two nearly equal groups, with sub-heads that do not agree, or of which people are not sure; none that people
        decided."""
        doubtful = (self.margin < CLOSE_MARGIN) | (self.agreement < LOW_AGREEMENT)
        return np.asarray((self.cluster >= 0) & ((doubtful & ~self.by_user) | self.unsure))

    @cached_property
    def model_pairs(self) -> tuple[IntArray, IntArray]:
        """(N,) most and second most likely cluster of the model, whatever groups these belong to."""
        first, second = np.full(len(self.position), -1, np.int64), np.full(len(self.position), -1, np.int64)
        if self.assignments is not None:
            model = self.assignments.model
            there = (self.position >= 0) & (self.position < len(model.assignment))
            at = self.position[there]
            first[there] = model.assignment[at]
            if model.probabilities.shape[1] > 1:
                second[there] = np.argpartition(model.probabilities[at], -2, axis=1)[:, -2]
        return first, second


def build_verdicts(table: ImageTable, assignments: Assignments | None) -> Verdicts:
    """Align groups, or the clusters of a run that nobody corrected, to a table."""
    total = len(table)
    curated = assignments if isinstance(assignments, Curated) or assignments is None else curate(assignments, Curation(), "")
    position = np.full(total, -1, np.int64)
    cluster, second = np.full(total, -1, np.int64), np.full(total, -1, np.int64)
    confidence, margin, agreement = (np.zeros(total, np.float32) for _ in range(3))
    by_user, excluded, unsure = (np.zeros(total, np.bool_) for _ in range(3))
    if curated is not None and len(curated.image_ids):
        rows: Rows | slice = slice(None)
        known: Rows | slice = slice(None)
        if np.array_equal(curated.image_ids, table.ids):
            position[:] = np.arange(total)
        else:
            found = table.rows_of(curated.image_ids)
            known = np.flatnonzero(found >= 0)
            rows = found[known]
            position[rows] = known
        for into, said in (
            (cluster, curated.group),
            (second, curated.second),
            (confidence, curated.confidence),
            (margin, curated.margin),
            (agreement, curated.agreement),
            (by_user, curated.by_user),
            (excluded, curated.excluded),
            (unsure, curated.unsure),
        ):
            into[rows] = said[known]
    return Verdicts(position, cluster, second, confidence, margin, agreement, curated, by_user, excluded, unsure)


def folder_areas(table: ImageTable, verdicts: Verdicts) -> FloatArray:
    """(G,) share of all pixels of all pictures that each group covers, where pixels are grouped; pictures left out do not count."""
    assignments = verdicts.assignments
    if assignments is None or not len(assignments.image_ids):
        return np.zeros(verdicts.num_clusters, np.float32)
    rows = np.flatnonzero((verdicts.position >= 0) & (verdicts.cluster >= 0) & table.usable)
    pixels = table.width[rows].astype(np.float64) * table.height[rows]
    total = pixels @ assignments.probabilities[verdicts.position[rows]]
    return np.asarray(total / max(total.sum(), 1e-12), np.float32)
