"""Which images are shown, and in which order: plain functions from a snapshot to rows. No Qt.

A set (`Shown`) is narrowed by a search and brought into an order (`Sort`).
"""

import enum
from dataclasses import dataclass

import numpy as np

from iic_studio.curation import Curated
from iic_studio.gui.history import MAIN
from iic_studio.gui.snapshot import Snapshot
from iic_studio.gui.table import Mask, Rows
from iic_studio.query import Query
from iic_studio.records import FloatArray, IntArray
from iic_studio.words import later


class Sort(enum.Enum):
    """Order of the shown images."""

    SURE = later("Most certain first")
    UNSURE = later("Least certain first")
    BORDERLINE = later("Borderline first")
    ATYPICAL = later("Least typical first")
    NAME = later("By name")
    NEWEST = later("Newest first")
    OLDEST = later("Oldest first")
    LARGEST = later("Largest first")
    FOUND = later("As found")


_BY_CLUSTERS = (Sort.SURE, Sort.UNSURE, Sort.BORDERLINE, Sort.ATYPICAL)
_SEEN_FROM = 0.02
_BY_FILES = (Sort.NAME, Sort.NEWEST, Sort.OLDEST, Sort.LARGEST)


@dataclass(frozen=True, eq=False)
class Found:
    """Images that were looked for, in the order found.

    Attributes:
        title: heading of the set.
        ids: (N,).
        order: what the order is called.
        note: what is to be said beside their number.
        groups: (N,) group of each, where they come in groups.
        scores: (N,) shown below each picture, where there are any; 0–1.
    """

    title: str
    ids: IntArray
    order: str = Sort.FOUND.value
    note: str = ""
    groups: IntArray | None = None
    scores: FloatArray | None = None


@dataclass(frozen=True)
class Shown:
    """A set: `all`, `cluster`, `uncertain`, `excluded`, `problems`, the `joint` cell (cluster, other) of a head, those `found`, or two
    clusters `beside` each other.

    A `cluster`, and the two `beside` each other, are groups by their place in the list; those of a `joint` cell are the model's own.
    """

    kind: str = "all"
    cluster: int = -1
    other: int = -1
    head: str = MAIN
    found: Found | None = None


def sorts_for(shown: Shown, *, has_clusters: bool) -> tuple[Sort, ...]:
    """Orders that make sense for a set."""
    if shown.kind == "beside":
        return (Sort.SURE, Sort.BORDERLINE, *_BY_FILES)
    first = (Sort.FOUND,) if shown.kind == "found" else ()
    return (*first, *(_BY_CLUSTERS if has_clusters else ()), *_BY_FILES)


def first_sort(shown: Shown, *, has_clusters: bool) -> Sort:
    """The order of a set that nobody has ordered yet."""
    if shown.kind == "found":
        return Sort.FOUND
    if not has_clusters:
        return Sort.NAME
    return Sort.UNSURE if shown.kind == "uncertain" else Sort.SURE


def rows_in(snapshot: Snapshot, shown: Shown, *, with_problems: bool = False) -> Rows:
    """Rows of a set, in no order that matters; `with_problems` adds the files that cannot be used to all images."""
    verdicts, usable = snapshot.verdicts, snapshot.table.usable
    if shown.kind == "problems":
        return np.flatnonzero(snapshot.table.problems)
    if shown.kind == "uncertain":
        return np.flatnonzero(snapshot.uncertain)
    if shown.kind == "excluded":
        return np.flatnonzero(usable & snapshot.excluded)
    if shown.kind == "cluster" and snapshot.of_pixels:
        return _showing(snapshot, shown.cluster)
    if shown.kind == "cluster":
        return np.flatnonzero(usable & (verdicts.cluster == shown.cluster))
    if shown.kind == "beside":
        return np.flatnonzero(usable & np.isin(verdicts.cluster, (shown.cluster, shown.other)))
    if shown.kind == "joint":
        return np.flatnonzero(snapshot.present & _in_cell(snapshot, shown))
    if shown.found is not None:
        rows = snapshot.table.rows_of(shown.found.ids)
        return rows[rows >= 0]
    return np.flatnonzero(snapshot.present | snapshot.table.problems if with_problems else snapshot.present)


def _showing(snapshot: Snapshot, group: int) -> Rows:
    """Rows of pictures of which a group of pixels covers enough to be seen."""
    curated, position = snapshot.curated, snapshot.verdicts.position
    if group >= len(curated.groups):
        return np.zeros(0, np.int64)
    rows = np.flatnonzero(snapshot.present & (position >= 0))
    found: Rows = rows[curated.probabilities[position[rows], group] >= _SEEN_FROM]
    return found


def carried_over(shown: Shown, before: Snapshot, then: Snapshot) -> Shown:
    """A set in a later state: a group by its number, or where most of its images went."""
    groups = before.curated.groups
    if shown.kind == "beside":
        return without_lost(shown, before.curated, then.curated)
    if shown.kind != "cluster" or shown.cluster >= len(groups):
        return shown if shown.kind != "cluster" or shown.cluster < max(len(then.curated.groups), 1) else Shown()
    place = then.curated.grouping.index_of.get(groups[shown.cluster].uid)
    if place is None and then.table is before.table:
        now = then.verdicts.cluster[before.verdicts.cluster == shown.cluster]
        place = int(np.bincount(now[now >= 0]).argmax()) if (now >= 0).any() else None
    return Shown() if place is None else Shown("cluster", place)


def _in_cell(snapshot: Snapshot, shown: Shown) -> Mask:
    first, second = snapshot.verdicts.model_pairs
    over = snapshot.overclusters
    if shown.head != MAIN:
        first, second = np.full(len(snapshot.table), -1), np.full(len(snapshot.table), -1)
        if over is not None:
            rows = snapshot.table.rows_of(over.image_ids)
            first[rows[rows >= 0]], second[rows[rows >= 0]] = over.assignment[rows >= 0], over.second[rows >= 0]
    if shown.cluster == shown.other:
        return np.asarray(first == shown.cluster)
    there = (first == shown.cluster) & (second == shown.other)
    back = (first == shown.other) & (second == shown.cluster)
    return np.asarray(there | back)


def arrange(snapshot: Snapshot, shown: Shown, sort: Sort, query: Query, kept: Mask | None) -> Rows:
    """Rows of a set that a search keeps, in order."""
    rows = rows_in(snapshot, shown, with_problems=asks_for_problems(query))
    if kept is not None:
        rows = rows[kept[rows]]
    if sort is Sort.FOUND:
        return rows
    if shown.kind == "beside":
        return _beside(snapshot, rows, shown, sort)
    if shown.kind == "joint" and shown.cluster != shown.other and sort in _BY_CLUSTERS:
        return np.asarray(rows[np.lexsort((snapshot.table.rank[rows], snapshot.verdicts.margin[rows]))])
    order = snapshot.order(sort.name if snapshot.verdicts.num_clusters or sort in _BY_FILES else Sort.NAME.name)
    if len(rows) == len(order):
        return order
    chosen = np.zeros(len(snapshot.table), np.bool_)
    chosen[rows] = True
    return order[chosen[order]]


def _beside(snapshot: Snapshot, rows: Rows, shown: Shown, sort: Sort) -> Rows:
    """Rows of two groups: first all of the one, then all of the other, each in order; the borderline is the one between the two."""
    if sort is Sort.BORDERLINE:
        rows = rows[np.lexsort((snapshot.table.rank[rows], lean(snapshot, rows, shown.cluster, shown.other)))]
    else:
        order = snapshot.order(sort.name)
        rows = order[np.isin(order, rows)]
    return np.asarray(rows[np.argsort(snapshot.verdicts.cluster[rows] != shown.cluster, kind="stable")])


def lean(snapshot: Snapshot, rows: Rows, one: int, other: int) -> FloatArray:
    """(N,) how much surer the model is of the group each image is in than of the other of two, -1–1; 1 for images it does not know."""
    scores, position = snapshot.curated.scores.probabilities, snapshot.verdicts.position[rows]
    found: FloatArray = np.ones(len(rows), np.float32)
    known = position >= 0
    here = snapshot.verdicts.cluster[rows[known]] == one
    difference = scores[position[known], one] - scores[position[known], other]
    found[known] = np.where(here, difference, -difference)
    return found


def without_lost(shown: Shown, before: Curated, then: Curated) -> Shown:
    """Two groups beside each other in another state: by their new places, or what is left of them."""
    uids = [before.groups[place].uid for place in (shown.cluster, shown.other) if place < len(before.groups)]
    places = [then.grouping.index_of[uid] for uid in uids if uid in then.grouping.index_of]
    if len(places) == 2:
        return Shown("beside", places[0], places[1])
    return Shown("cluster", places[0]) if places else Shown()


def asks_for_problems(query: Query) -> bool:
    """Whether a search wants files that cannot be used."""
    return any(
        not term.is_negated and (term.field == "problem" or any(term.field == "is" and value.text == "problem" for value in term.values))
        for term in query.terms
    )
