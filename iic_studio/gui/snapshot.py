"""What the session reads from a project, in a background thread: plain functions from the store to immutable values. No Qt."""

import functools
import logging
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from iic_studio.gui.history import History
from iic_studio.gui.table import FACTS, STATUSES, ImageTable, Mask, Overclusters, Rows, Verdicts, build_verdicts, table_of
from iic_studio.project.records import RunRow
from iic_studio.project.store import Project
from iic_studio.query import Columns, Words
from iic_studio.records import FloatArray, IntArray

log = logging.getLogger(__name__)

PROTOTYPES = 4
TYPICAL = "ATYPICAL"


@dataclass(frozen=True)
class Snapshot:
    """One consistent view of a project: its images and what one run says about them."""

    table: ImageTable
    verdicts: Verdicts
    run: RunRow | None = None
    names: dict[int, str] = field(default_factory=dict)
    overclusters: Overclusters | None = None

    @functools.cached_property
    def uncertain(self) -> Mask:
        """(N,) usable images whose place is not sure."""
        return self.table.usable & self.verdicts.uncertain()

    @functools.cached_property
    def sizes(self) -> IntArray:
        """(K,) images per cluster."""
        return self.verdicts.sizes()

    @functools.cached_property
    def by_name(self) -> Rows:
        """(N,) all rows in path order."""
        return np.argsort(self.table.rank, kind="stable")

    @functools.cached_property
    def by_confidence(self) -> Rows:
        """(N,) all rows, the surest first; equally sure ones in path order."""
        return np.lexsort((self.table.rank, -self.verdicts.confidence))

    @functools.cached_property
    def by_doubt(self) -> Rows:
        """(N,) all rows, the least sure first: the fewer sub-heads agree and the less likely its cluster, the earlier."""
        return np.lexsort((self.table.rank, self.verdicts.confidence * self.verdicts.agreement))

    @functools.cached_property
    def prototypes(self) -> tuple[tuple[int, ...], ...]:
        """For each cluster the rows of its surest images."""
        order = self.by_confidence
        cluster = np.where(self.table.usable, self.verdicts.cluster, -1)[order]
        return tuple(tuple(order[np.flatnonzero(cluster == k)[:PROTOTYPES]].tolist()) for k in range(self.verdicts.num_clusters))

    @functools.cached_property
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

    @functools.cached_property
    def columns(self) -> Columns:
        """What a search looks at."""
        verdicts, total = self.verdicts, len(self.table)
        return Columns(
            files=self.table.columns,
            cluster=verdicts.cluster,
            cluster_names=tuple(self.cluster_name(one) for one in range(verdicts.num_clusters)),
            confidence=verdicts.confidence,
            margin=verdicts.margin,
            agreement=verdicts.agreement,
            uncertain=self.uncertain,
            excluded=np.zeros(total, np.bool_),
            source=Words((verdicts.cluster >= 0).astype(np.int32), ("", "model")),
        )

    def prepare(self) -> None:
        """Compute what the window will ask for; called in the reader's thread."""
        _ = self.uncertain, self.sizes, self.by_name, self.by_confidence, self.by_doubt, self.prototypes, self.columns


def empty_snapshot() -> Snapshot:
    """No project."""
    table = ImageTable()
    return Snapshot(table, build_verdicts(table, None))


def load_snapshot(project: Project, table: ImageTable | None, wanted_run: str | None = None) -> Snapshot:
    """Read the project; `table` is used again if the images did not change, `wanted_run` is the one to show if it can be."""
    if table is None or _counts(project) != tuple(np.bincount(table.status, minlength=len(STATUSES)).tolist()):
        table = table_of(project.image_facts(*FACTS))
    run = _run_to_show(project, wanted_run)
    assignments = project.load_assignments(run.id) if run else None
    snapshot = Snapshot(
        table=table,
        verdicts=build_verdicts(table, assignments),
        run=run,
        names=project.cluster_names(run.id) if run else {},
        overclusters=_load_overclusters(project.run_dir(run.id)) if run else None,
    )
    snapshot.prepare()
    return snapshot


def _counts(project: Project) -> tuple[int, ...]:
    return tuple(project.count_images(status) for status in STATUSES)


def _run_to_show(project: Project, wanted: str | None) -> RunRow | None:
    """The wanted run, or the newest, unless it has said nothing yet and an older one has."""
    runs = project.runs()
    told = [run for run in runs if (project.run_dir(run.id) / "assignments.npz").is_file()]
    best = [run for run in told if run.id == wanted] or told or runs
    return best[-1] if best else None


def _load_overclusters(run_dir: Path) -> Overclusters | None:
    pack = _arrays(run_dir / "overclusters.npz")
    if not {"image_ids", "assignment", "second"} <= set(pack):
        return None
    sub_head = int(pack["sub_head"]) if "sub_head" in pack else None
    return Overclusters(pack["image_ids"], pack["assignment"], pack["second"], sub_head)


def _arrays(path: Path) -> dict[str, np.ndarray]:
    try:
        with np.load(path, allow_pickle=False) as pack:
            return {name: pack[name] for name in pack.files}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, zipfile.BadZipFile):
        log.warning("cannot read %s", path, exc_info=True)
        return {}


def load_joints(project: Project, run: str) -> dict[str, FloatArray]:
    """Head name -> (H, K, K) of the last state of a run; empty before the first."""
    return {name: array.astype(np.float32) for name, array in _arrays(project.run_dir(run) / "joints.npz").items() if array.ndim == 3}


def load_history(project: Project, run: str) -> History:
    """The curves of a run from its `events.jsonl`."""
    from iic_studio.jobs import read_run_log  # imports torch

    history = History()
    for event in read_run_log(project.run_dir(run) / "events.jsonl"):
        history.add(event)
    return history
