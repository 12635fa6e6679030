"""What the session reads from a project, in a background thread: plain functions from the store to immutable values. No Qt."""

import functools
import logging
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from iic_studio.gui.history import History
from iic_studio.gui.table import STATUSES, ImageTable, Mask, Overclusters, Rows, Verdicts, build_table, build_verdicts
from iic_studio.project.records import RunRow
from iic_studio.project.store import Project
from iic_studio.records import FloatArray, IntArray, JointMoment

log = logging.getLogger(__name__)

PROTOTYPES = 4


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

    def prepare(self) -> None:
        """Compute what the window will ask for; called in the reader's thread."""
        _ = self.uncertain, self.sizes, self.by_name, self.by_confidence, self.by_doubt, self.prototypes


def empty_snapshot() -> Snapshot:
    """No project."""
    table = ImageTable()
    return Snapshot(table, build_verdicts(table, None))


def load_snapshot(project: Project, table: ImageTable | None) -> Snapshot:
    """Read the project; `table` is used again if the images did not change."""
    if table is None or _counts(project) != tuple(np.bincount(table.status, minlength=len(STATUSES)).tolist()):
        table = build_table(project.images())
    run = _run_to_show(project)
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


def _run_to_show(project: Project) -> RunRow | None:
    """The newest run, unless it has said nothing yet and an older one has."""
    runs = project.runs()
    for run in reversed(runs):
        if (project.run_dir(run.id) / "assignments.npz").is_file():
            return run
    return runs[-1] if runs else None


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
