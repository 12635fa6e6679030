"""What the session reads from a project, in a background thread: plain functions from the store to immutable values. No Qt."""

import functools
import itertools
import logging
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from iic_studio.cached import cached_property
from iic_studio.curation import Curated, Curation, curate, current_run, load_curated, load_curation, open_proposal, propose
from iic_studio.curation.classes import Classified
from iic_studio.curation.curator import no_assignments
from iic_studio.curation.labels import NOT_SURE, SKIPPED
from iic_studio.errors import StudioError
from iic_studio.gui.history import History
from iic_studio.gui.language import tr
from iic_studio.gui.table import FACTS, STATUSES, ImageTable, Mask, Rows, Verdicts, build_verdicts, table_of
from iic_studio.project.arrays import kept_arrays
from iic_studio.project.records import RunRow
from iic_studio.project.store import Project
from iic_studio.query import Columns, Words
from iic_studio.records import FloatArray, IntArray, JointMoment, Overclusters, probability_left

log = logging.getLogger(__name__)

PROTOTYPES = 4
TYPICAL = "ATYPICAL"
_BEFORE = {"by_confidence": "_confident_before", "by_doubt": "_doubtful_before"}
_SAME_PLACES = ("present", "excluded", "uncertain", "sizes", "prototypes", "_orders", "_by_rest", *_BEFORE, *_BEFORE.values())


@dataclass(frozen=True)
class Snapshot:
    """One consistent view of a project: its images, and the groups they are in.

    Attributes:
        table: the images.
        verdicts: where they are.
        run: that the groups stand on.
        overclusters: of that run.
        proposal: a newer run that waits for an answer.
        in_use: the run that the groups of the project stand on. Another `run` is a preview: what it would make of them.
        classified: what labels make of the groups; None while nobody gave any. It is computed beside the window (`label_state.py`), so
            after an edit or a reading it may be that of the state before.
    """

    table: ImageTable
    verdicts: Verdicts
    run: RunRow | None = None
    overclusters: Overclusters | None = None
    proposal: RunRow | None = None
    in_use: RunRow | None = None
    classified: Classified | None = None

    @property
    def is_in_force(self) -> bool:
        """Whether these are the groups of the project."""
        return self.in_use is None or self.run is None or self.in_use.id == self.run.id

    @property
    def of_pixels(self) -> bool:
        """Whether the groups are of pixels: then a picture has a share of each."""
        return self.run is not None and self.run.settings.get("task") == "pixels"

    @property
    def curated(self) -> Curated:
        """The groups."""
        return self.verdicts.assignments or _nothing()

    def with_groups(self, curated: Curated) -> "Snapshot":
        """After an edit. What it does not touch is not computed again."""
        if curated.group is not self.curated.group:
            made = replace(self, verdicts=build_verdicts(self.table, curated))
            if "_by_rest" in self.__dict__ and curated.model is self.curated.model:
                made.__dict__["_by_rest"] = self._by_rest
            for name, before in _BEFORE.items():
                if name in self.__dict__:
                    made.__dict__[before] = self.__dict__[name]
            return made
        made = replace(self, verdicts=replace(self.verdicts, assignments=curated))
        made.__dict__.update({name: self.__dict__[name] for name in _SAME_PLACES if name in self.__dict__})
        return made

    def with_classes(self, classified: Classified | None) -> "Snapshot":
        """With what labels make of the groups."""
        made = replace(self, classified=classified)
        made.__dict__.update({name: self.__dict__[name] for name in _SAME_PLACES if name in self.__dict__})
        return made

    @cached_property
    def class_words(self) -> Words | None:
        """(N,) class found for each image, empty where there is none; None while nobody gave any."""
        made, position = self.classified, self.verdicts.position
        if made is None or len(made.found) != len(self.curated.image_ids):
            return None
        codes = np.zeros(len(self.table), np.int32)
        known = position >= 0
        codes[known] = made.found[position[known]] + 1
        return Words(codes, ("", *(one.name for one in made.classes)))

    @cached_property
    def label_words(self) -> Words | None:
        """(N,) what a person said each image shows; None while nobody said anything."""
        known = self.curated.curation.known
        if not len(known.labels):
            return None
        uids = np.array([NOT_SURE, SKIPPED, *known.classes], np.int64)
        order = np.argsort(uids)
        codes = np.zeros(len(self.table), np.int32)
        rows = self.table.rows_of(known.labels.images)
        places = order[np.minimum(np.searchsorted(uids[order], known.labels.classes), len(uids) - 1)]
        codes[rows[rows >= 0]] = places[rows >= 0] + 1
        return Words(codes, ("", "not sure", "skipped", *(one.name for one in known.classes.values())))

    @cached_property
    def names(self) -> dict[int, str]:
        """What groups are called, by place; those of which "Cluster 3" says it all are left out."""
        return self.curated.names

    @cached_property
    def excluded(self) -> Mask:
        """(N,) images that people left out."""
        return self.verdicts.excluded if len(self.verdicts.excluded) else np.zeros(len(self.table), np.bool_)

    @cached_property
    def present(self) -> Mask:
        """(N,) images that can be shown and that nobody excluded."""
        return self.table.usable & ~self.excluded

    @cached_property
    def uncertain(self) -> Mask:
        """(N,) usable images whose place is not sure."""
        return self.table.usable & self.verdicts.uncertain()

    @cached_property
    def sizes(self) -> IntArray:
        """(G,) images per group."""
        return self.verdicts.sizes()

    @property
    def by_name(self) -> Rows:
        """(N,) all rows in path order."""
        return self.table.by_rank

    @cached_property
    def by_confidence(self) -> Rows:
        """(N,) all rows, the surest first: the opposite of `by_doubt`. Most are as good as certain; then what is left for others counts."""
        return self._by(-self.verdicts.confidence * self.verdicts.agreement, self._by_rest, self._confident_before)

    @cached_property
    def _by_rest(self) -> Rows:
        """(N,) all rows, those first for which the model leaves the least to other clusters; equal ones in path order."""
        model, position = self.curated.model, self.verdicts.position
        rest = np.full(len(self.table), np.inf, np.float32)
        known = (position >= 0) & (position < len(model.probabilities))
        rest[known] = probability_left(model.probabilities)[position[known]]
        return np.lexsort((self.table.rank, rest))

    @cached_property
    def by_doubt(self) -> Rows:
        """(N,) all rows, the least sure first: the fewer sub-heads agree and the less likely its group, the earlier."""
        return self._by(self.verdicts.confidence * self.verdicts.agreement, before=self._doubtful_before)

    @cached_property
    def _confident_before(self) -> Rows | None:
        """`by_confidence` before an edit, which left most of it as it was."""
        return None

    @cached_property
    def _doubtful_before(self) -> Rows | None:
        """`by_doubt` before an edit."""
        return None

    def _by(self, values: FloatArray, order: Rows | None = None, before: Rows | None = None) -> Rows:
        """(N,) all rows by values, then by path or in another order. One sort of numbers that hold both is ten times faster than two; it
        begins with an order that was right `before`, in which most have their places."""
        bits = (values + np.float32(0)).view(np.int32).astype(np.int64)  # adding 0 makes a negative zero a positive one
        rising = np.where(bits >= 0, bits, -(bits & 0x7FFFFFFF))
        rank, rows = self.table.rank, self.table.by_rank
        if order is not None:
            rank, rows = np.empty(len(order), np.int64), order
            rank[order] = np.arange(len(order))
        both = (rising << 32) + rank
        found: Rows = rows[(np.sort(both) if before is None else np.sort(both[before], kind="stable")) & 0xFFFFFFFF]
        return found

    @cached_property
    def prototypes(self) -> tuple[tuple[int, ...], ...]:
        """For each group the rows of its surest images."""
        order = self.by_confidence
        cluster = np.where(self.table.usable, self.verdicts.cluster, -1)[order]
        grouped = np.argsort(cluster.astype(np.int16) if self.verdicts.num_clusters < 2**15 else cluster, kind="stable")
        starts = np.searchsorted(cluster[grouped], np.arange(self.verdicts.num_clusters + 1))
        best = [order[grouped[start : min(start + PROTOTYPES, end)]] for start, end in itertools.pairwise(starts.tolist())]
        return tuple(tuple(rows.tolist()) for rows in best)

    @cached_property
    def _orders(self) -> dict[str, Rows]:
        return {}

    def order(self, name: str) -> Rows:
        """(N,) all rows in the order of a `Sort`, by its name; equal ones in path order, those of which nothing is known last."""
        if name == TYPICAL and not self.knows_typical:
            return self.by_doubt  # until it is known
        if name not in self._orders:
            self._orders[name] = self._ordered(name)
        return self._orders[name]

    @property
    def knows_typical(self) -> bool:
        """Whether it is known how typical images are of their clusters."""
        return TYPICAL in self._orders

    def keep_typical(self, order: Rows) -> None:
        """Keep the order by how typical images are, which takes too long to compute when it is asked for."""
        self._orders[TYPICAL] = order

    def _ordered(self, name: str) -> Rows:
        table = self.table
        known = {"NAME": "by_name", "SURE": "by_confidence", "UNSURE": "by_doubt"}
        if name in known:
            return np.asarray(getattr(self, known[name]))
        if name == "BORDERLINE":
            return np.lexsort((table.rank, self.verdicts.margin, self.verdicts.cluster < 0))
        if name == "LARGEST":
            return np.lexsort((table.rank, -table.width.astype(np.int64) * table.height))
        seconds, unknown = table.columns.taken.astype(np.int64), np.isnat(table.columns.taken)
        return np.lexsort((table.rank, seconds if name == "OLDEST" else -seconds, unknown))

    def cluster_name(self, cluster: int) -> str:
        """What a person called it, or "Cluster 3"."""
        return self.names.get(cluster) or f"Cluster {cluster}"

    def group_of(self, model_cluster: int) -> int:
        """The group that a cluster of the model belongs to, or -1."""
        of_cluster = self.curated.grouping.of_cluster
        return int(of_cluster[model_cluster]) if 0 <= model_cluster < len(of_cluster) else -1

    def model_cluster_name(self, cluster: int) -> str:
        """A cluster of the model by the name of its group; with its number where the group has several."""
        group = self.group_of(cluster)
        if group < 0:
            return tr("Cluster {0}", cluster)
        several = int((self.curated.grouping.of_cluster == group).sum()) > 1
        return f"{self.cluster_name(group)} ({cluster})" if several else self.cluster_name(group)

    @cached_property
    def columns(self) -> Columns:
        """What a search looks at."""
        verdicts = self.verdicts
        by_user = verdicts.by_user.astype(np.int32) if len(verdicts.by_user) else np.zeros(len(self.table), np.int32)
        return Columns(
            files=self.table.columns,
            cluster=verdicts.cluster,
            cluster_names=tuple(self.cluster_name(one) for one in range(verdicts.num_clusters)),
            confidence=verdicts.confidence,
            margin=verdicts.margin,
            agreement=verdicts.agreement,
            uncertain=self.uncertain,
            excluded=self.excluded,
            source=Words((verdicts.cluster >= 0) * (1 + by_user), ("", "model", "user")),
            classes=self.class_words,
            labels=self.label_words,
        )

    def prepare(self) -> None:
        """Compute what the window will ask for; called in the reader's thread."""
        _ = self.present, self.uncertain, self.sizes, self.by_name, self.by_confidence, self.by_doubt, self.prototypes, self.columns


@functools.lru_cache(maxsize=1)
def _nothing() -> Curated:
    return curate(no_assignments(), Curation(), "")


def empty_snapshot() -> Snapshot:
    """No project."""
    table = ImageTable()
    return Snapshot(table, build_verdicts(table, None))


def load_snapshot(project: Project, table: ImageTable | None, wanted_run: str | None = None) -> Snapshot:
    """Read the project; `table` is used again if the images did not change, `wanted_run` is the one to show if it can be."""
    if table is None or _counts(project) != tuple(np.bincount(table.status, minlength=len(STATUSES)).tolist()):
        table = table_of(project.image_facts(*FACTS))
    curation = load_curation(project)
    in_use, curated = current_run(project, curation), load_curated(project, curation)
    run = in_use
    other = next((one for one in project.runs(beside=True) if one.id == wanted_run and run is not None and one.id != run.id), None)
    if other is not None and (assignments := project.load_assignments(other.id)) is not None:
        run, curated = other, propose(other, assignments, curated, in_use).then
    snapshot = Snapshot(
        table=table,
        verdicts=build_verdicts(table, curated),
        run=run,
        overclusters=_load_overclusters(project.run_dir(run.id)) if run else None,
        proposal=open_proposal(project, curation),
        in_use=in_use,
    )
    snapshot.prepare()
    return snapshot


def _counts(project: Project) -> tuple[int, ...]:
    return tuple(project.count_images(status) for status in STATUSES)


def _load_overclusters(run_dir: Path) -> Overclusters | None:
    pack = _arrays(run_dir / "overclusters.npz")
    if not {"image_ids", "assignment", "second"} <= set(pack):
        return None
    sub_head = int(pack["sub_head"]) if "sub_head" in pack else None
    return Overclusters(pack["image_ids"], pack["assignment"], pack["second"], sub_head)


def _arrays(path: Path) -> dict[str, np.ndarray]:
    """What a run left; it can be looked at without, too."""
    try:
        return kept_arrays(path, "reading the clusters")
    except (StudioError, OSError):
        log.warning("cannot read %s", path, exc_info=True)
        return {}


@dataclass(frozen=True)
class RunArrays:
    """What is drawn of a run.

    Attributes:
        history: its curves; None if they were not asked for.
        joints: head name -> (H, K, K) of its last state; empty before the first.
        moments: joints of earlier, oldest first.
    """

    history: History | None
    joints: dict[str, FloatArray]
    moments: tuple[JointMoment, ...]


@dataclass(frozen=True)
class Drawn:
    """What is drawn already: runs whose curves are known, and the run whose joints have changed since ("" for none)."""

    known: Collection[str]
    stale: str


def load_state(
    project: Project, table: ImageTable | None, wanted_run: str | None, drawn: Drawn | None
) -> tuple[Snapshot, RunArrays | None]:
    """The project, and what is drawn of its run where that is not known yet; with `drawn` None nothing is."""
    snapshot = load_snapshot(project, table, wanted_run)
    if drawn is None or snapshot.run is None:
        return snapshot, None
    run = snapshot.run.id
    is_other = run not in drawn.known
    return snapshot, load_run_arrays(project, run, with_history=is_other) if is_other or run == drawn.stale else None


def load_run_arrays(project: Project, run: str, *, with_history: bool) -> RunArrays:
    """Read what is drawn of a run. The joints of a run that was cut off are those of its last moment."""
    from iic_studio.training.joint_log import JointLog  # imports torch

    folder = project.run_dir(run)
    joints = {name: array.astype(np.float32) for name, array in _arrays(folder / "joints.npz").items() if array.ndim == 3}
    moments = tuple(JointLog.load(folder).moments)
    if not joints and moments:
        last = moments[-1]
        joints = {head: stack for head in last.halves if (stack := last.joints(head)) is not None}
    return RunArrays(load_history(project, run) if with_history else None, joints, moments)


def load_history(project: Project, run: str) -> History:
    """The curves of a run from its `events.jsonl` and its kept joints."""
    from iic_studio.jobs import read_run_log  # both import torch
    from iic_studio.training.joint_log import JointLog

    history = History()
    for event in read_run_log(project.run_dir(run) / "events.jsonl"):
        history.add(event)
    history.add_moments(JointLog.load(project.run_dir(run)).moments)
    return history
