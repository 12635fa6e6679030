"""What people know of a project's images, as it lies in the store: groups, pins of images, and which run's clusters the groups stand on.

Immutable; `after` gives the next one when rows change, so that nothing has to be read again after an edit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from iic_studio.curation.labels import ClassFacts, images_of
from iic_studio.project.command_log import LABEL_TABLES, Row, RowChanges, Step, all_rows, next_sentences, version_of
from iic_studio.project.store import Project
from iic_studio.records import IntArray, Part

ACCEPTED_RUN = "accepted_run"
REFUSED = "refused:"
USER, KEPT = 0, 1
NOWHERE = -1
NO_PIN = (NOWHERE, 0, 0, USER)
_GROUP, _EXCLUDED, _UNSURE, _ORIGIN = range(4)


@dataclass(frozen=True)
class Group:
    """What people see and edit: a set of images with a stable number. `colour` is `#rrggbb`, or empty for the automatic one."""

    uid: int
    name: str = ""
    colour: str = ""
    note: str = ""

    @property
    def label(self) -> str:
        """Its name, or "Cluster 3"."""
        return self.name or f"Cluster {self.uid}"


@dataclass(frozen=True, eq=False)
class Pins:
    """Facts about single images, whatever a run says.

    Attributes:
        images: (P,) ids, ascending.
        facts: (P, 4) group uid or `NOWHERE`, excluded, unsure, origin (`USER`, or `KEPT` where a group refused to follow a new run).
    """

    images: IntArray = field(default_factory=lambda: np.zeros(0, np.int64))
    facts: IntArray = field(default_factory=lambda: np.zeros((0, 4), np.int64))

    def __len__(self) -> int:
        return len(self.images)

    @property
    def group(self) -> IntArray:
        return self.facts[:, _GROUP]

    @property
    def excluded(self) -> npt.NDArray[np.bool_]:
        return np.asarray(self.facts[:, _EXCLUDED] > 0)

    @property
    def unsure(self) -> npt.NDArray[np.bool_]:
        return np.asarray(self.facts[:, _UNSURE] > 0)

    @property
    def by_user(self) -> npt.NDArray[np.bool_]:
        """(P,) pins that a person put into their group."""
        return np.asarray((self.group != NOWHERE) & (self.facts[:, _ORIGIN] == USER))

    @property
    def kept(self) -> npt.NDArray[np.bool_]:
        """(P,) pins whose group refused to follow a new run."""
        return np.asarray((self.group != NOWHERE) & (self.facts[:, _ORIGIN] == KEPT))

    def of(self, images: IntArray) -> IntArray:
        """(M, 4) facts of some images; `NO_PIN` where there are none."""
        found = np.tile(np.array(NO_PIN, np.int64), (len(images), 1))
        if len(self.images):
            places = np.minimum(np.searchsorted(self.images, images), len(self.images) - 1)
            known = self.images[places] == images
            found[known] = self.facts[places[known]]
        return found

    def having(self, images: IntArray, facts: IntArray) -> "Pins":
        """These pins with those of some images replaced; images without facts lose theirs."""
        stays = ~np.isin(self.images, images) if len(self.images) else np.zeros(0, np.bool_)
        pinned = (facts != NO_PIN).any(axis=1)
        merged = np.concatenate([self.images[stays], images[pinned]])
        order = np.argsort(merged, kind="stable")
        return Pins(merged[order], np.concatenate([self.facts[stays], facts[pinned]])[order])


@dataclass(frozen=True, eq=False)
class Curation:
    """One state of what people know.

    Attributes:
        version: names the state, see `project.command_log`.
        accepted_run: whose clusters the groups stand on; empty before the first edit, when the newest run is.
        refused: runs whose proposals were refused.
        groups: by uid, all that are known; those without images too.
        maps: run -> label of a cluster or of a part of one -> uid.
        parts: run -> label -> part of a cluster of pixels.
        known: classes and labels.
        undo, redo: sentences of the edits that can be undone and redone next.
    """

    version: str = ""
    accepted_run: str = ""
    refused: frozenset[str] = frozenset()
    groups: Mapping[int, Group] = field(default_factory=dict)
    maps: Mapping[str, Mapping[int, int]] = field(default_factory=dict)
    parts: Mapping[str, Mapping[int, Part]] = field(default_factory=dict)
    pins: Pins = field(default_factory=Pins)
    known: ClassFacts = field(default_factory=ClassFacts)
    undo: str = ""
    redo: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nobody has said anything of groups, so that a new run may take the place of the old one without asking."""
        return not (self.accepted_run or self.groups or len(self.pins))

    def after(self, step: Step) -> "Curation":
        """The state a step in the log leads to."""
        return replace(self.changed(step.changes), version=step.version, undo=step.undo, redo=step.redo)

    def parts_of(self, run: str) -> tuple[Part, ...]:
        """Parts of the clusters of a run, by label."""
        return tuple(self.parts.get(run, {}).values())

    def rows(self, table: str, keys: Sequence[Row]) -> list[Row | None]:
        """Rows as they lie in the store; None where there is none."""
        if table in LABEL_TABLES:
            return self.known.rows(table, keys)
        if table == "groups":
            return [None if (one := self.groups.get(uid)) is None else (one.name, one.colour, one.note) for (uid,) in keys]
        if table == "cluster_map":
            return [None if (uid := self.maps.get(run, {}).get(label)) is None else (uid,) for run, label in keys]
        if table == "cluster_parts":
            return [None if (part := self.parts.get(run, {}).get(label)) is None else part_row(part) for run, label in keys]
        if table == "pins":
            return pin_rows(self.pins.of(images_of(keys)))
        facts = {f"{REFUSED}{run}": "1" for run in self.refused} | ({ACCEPTED_RUN: self.accepted_run} if self.accepted_run else {})
        return [None if key not in facts else (facts[key],) for (key,) in keys]

    def changed(self, changes: Sequence[RowChanges]) -> "Curation":
        """The state with other rows."""
        now = self
        for one in changes:
            now = _CHANGERS[one.table](now, one)
        return now


def part_row(part: Part) -> Row:
    """A part as it lies in the store, without its key."""
    return part.cluster, part.sub_head, " ".join(map(str, part.overclusters))


def pin_rows(facts: IntArray) -> list[Row | None]:
    """Facts as rows; None for `NO_PIN`. Equal rows are one object: ten thousand of them cost little more than one."""
    group, excluded, unsure, origin = facts.T
    _, first, which = np.unique(((group * 2 + excluded) * 2 + unsure) * 2 + origin, return_index=True, return_inverse=True)
    different = [None if (row := tuple(one)) == NO_PIN else row for one in facts[first].tolist()]
    return [different[place] for place in which.tolist()]


def _pin_facts(rows: Sequence[Row | None]) -> IntArray:
    """(M, 4) facts from rows."""
    places = {row: place for place, row in enumerate(dict.fromkeys(rows))}
    different = np.array([NO_PIN if row is None else row for row in places], np.int64).reshape(-1, 4)
    if len(different) == 1:
        return np.repeat(different, len(rows), axis=0)
    return different[np.fromiter((places[row] for row in rows), np.int64, len(rows))]


def load_curation(project: Project) -> Curation:
    """What the store holds."""
    with project.reading() as connection:
        now = Curation(version_of(connection))
        for table, key, rows in all_rows(connection):
            change = RowChanges(table, [row[:key] for row in rows], [None] * len(rows), [row[key:] for row in rows])
            now = _CHANGERS[table](now, change)
        undo, redo = next_sentences(connection)
    return replace(now, undo=undo, redo=redo)


def _change_groups(now: Curation, change: RowChanges) -> Curation:
    groups = dict(now.groups)
    for (uid,), row in zip(change.keys, change.new, strict=True):
        groups.pop(uid, None)
        if row is not None:
            groups[uid] = Group(uid, *row)
    return replace(now, groups=dict(sorted(groups.items())))


def _change_map(now: Curation, change: RowChanges) -> Curation:
    maps = {run: dict(one) for run, one in now.maps.items()}
    for (run, cluster), row in zip(change.keys, change.new, strict=True):
        maps.setdefault(run, {}).pop(cluster, None)
        if row is not None:
            maps[run][cluster] = row[0]
    return replace(now, maps={run: dict(sorted(one.items())) for run, one in sorted(maps.items()) if one})


def _change_parts(now: Curation, change: RowChanges) -> Curation:
    parts = {run: dict(one) for run, one in now.parts.items()}
    for (run, label), row in zip(change.keys, change.new, strict=True):
        parts.setdefault(run, {}).pop(label, None)
        if row is not None:
            cluster, sub_head, overclusters = row
            parts[run][label] = Part(label, cluster, sub_head, tuple(map(int, overclusters.split())))
    return replace(now, parts={run: dict(sorted(one.items())) for run, one in sorted(parts.items()) if one})


def _change_pins(now: Curation, change: RowChanges) -> Curation:
    return replace(now, pins=now.pins.having(images_of(change.keys), _pin_facts(change.new)))


def _change_meta(now: Curation, change: RowChanges) -> Curation:
    for (key,), row in zip(change.keys, change.new, strict=True):
        if key == ACCEPTED_RUN:
            now = replace(now, accepted_run="" if row is None else str(row[0]))
        elif str(key).startswith(REFUSED):
            run = str(key).removeprefix(REFUSED)
            now = replace(now, refused=now.refused - {run} if row is None else now.refused | {run})
    return now


def _change_known(now: Curation, change: RowChanges) -> Curation:
    return replace(now, known=now.known.changed(change))


def _change_runs(now: Curation, change: RowChanges) -> Curation:
    """What a run is called is no part of the state."""
    return now


_CHANGERS = {
    "groups": _change_groups,
    "cluster_map": _change_map,
    "cluster_parts": _change_parts,
    "pins": _change_pins,
    "meta": _change_meta,
    "runs": _change_runs,
}
_CHANGERS |= dict.fromkeys(LABEL_TABLES, _change_known)
