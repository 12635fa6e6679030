"""What the session reads from a project, in a background thread: plain functions from the store to immutable values. No Qt."""

import functools
import itertools
import logging
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from iic_studio.curation import Curated, Curation, curate, current_run, load_curated, load_curation, open_proposal
from iic_studio.curation.curator import no_assignments
from iic_studio.gui.history import History
from iic_studio.gui.table import STATUSES, ImageTable, Mask, Overclusters, Rows, Verdicts, build_table, build_verdicts
from iic_studio.project.records import RunRow
from iic_studio.project.store import Project
from iic_studio.records import FloatArray, IntArray

log = logging.getLogger(__name__)

PROTOTYPES = 4
_SAME_PLACES = ("present", "uncertain", "sizes", "by_confidence", "by_doubt", "prototypes")


@dataclass(frozen=True)
class Snapshot:
    """One consistent view of a project: its images, and the groups they are in.

    Attributes:
        table: the images.
        verdicts: where they are.
        run: that the groups stand on.
        overclusters: of that run.
        proposal: a newer run that waits for an answer.
    """

    table: ImageTable
    verdicts: Verdicts
    run: RunRow | None = None
    overclusters: Overclusters | None = None
    proposal: RunRow | None = None

    @property
    def curated(self) -> Curated:
        """The groups."""
        return self.verdicts.assignments or _nothing()

    def with_groups(self, curated: Curated) -> "Snapshot":
        """After an edit. What it does not touch is not computed again."""
        if curated.group is not self.curated.group:
            return replace(self, verdicts=build_verdicts(self.table, curated))
        made = replace(self, verdicts=replace(self.verdicts, assignments=curated))
        made.__dict__.update({name: self.__dict__[name] for name in _SAME_PLACES if name in self.__dict__})
        return made

    @functools.cached_property
    def names(self) -> dict[int, str]:
        """What groups are called, by place; those of which "Cluster 3" says it all are left out."""
        return self.curated.names

    @functools.cached_property
    def present(self) -> Mask:
        """(N,) images that can be shown and that nobody excluded."""
        return self.table.usable & ~self.verdicts.excluded if len(self.verdicts.excluded) else self.table.usable

    @functools.cached_property
    def uncertain(self) -> Mask:
        """(N,) usable images whose place is not sure."""
        return self.table.usable & self.verdicts.uncertain()

    @functools.cached_property
    def sizes(self) -> IntArray:
        """(G,) images per group."""
        return self.verdicts.sizes()

    @property
    def by_name(self) -> Rows:
        """(N,) all rows in path order."""
        return self.table.by_rank

    @functools.cached_property
    def by_confidence(self) -> Rows:
        """(N,) all rows, the surest first; equally sure ones in path order."""
        return self._ordered(-self.verdicts.confidence)

    @functools.cached_property
    def by_doubt(self) -> Rows:
        """(N,) all rows, the least sure first: the fewer sub-heads agree and the less likely its group, the earlier."""
        return self._ordered(self.verdicts.confidence * self.verdicts.agreement)

    def _ordered(self, values: FloatArray) -> Rows:
        """(N,) all rows by values, then by path. One sort of whole numbers that hold both is ten times faster than two sorts."""
        bits = (values + np.float32(0)).view(np.int32).astype(np.int64)  # adding 0 makes a negative zero a positive one
        rising = np.where(bits >= 0, bits, -(bits & 0x7FFFFFFF))
        found: Rows = self.table.by_rank[np.sort((rising << 32) + self.table.rank) & 0xFFFFFFFF]
        return found

    @functools.cached_property
    def prototypes(self) -> tuple[tuple[int, ...], ...]:
        """For each group the rows of its surest images."""
        order = self.by_confidence
        cluster = np.where(self.table.usable, self.verdicts.cluster, -1)[order]
        grouped = np.argsort(cluster.astype(np.int16) if self.verdicts.num_clusters < 2**15 else cluster, kind="stable")
        starts = np.searchsorted(cluster[grouped], np.arange(self.verdicts.num_clusters + 1))
        best = [order[grouped[start : min(start + PROTOTYPES, end)]] for start, end in itertools.pairwise(starts.tolist())]
        return tuple(tuple(rows.tolist()) for rows in best)

    def prepare(self) -> None:
        """Compute what the window will ask for; called in the reader's thread."""
        _ = self.present, self.uncertain, self.sizes, self.by_name, self.by_confidence, self.by_doubt, self.prototypes


@functools.lru_cache(maxsize=1)
def _nothing() -> Curated:
    return curate(no_assignments(), Curation(), "")


def empty_snapshot() -> Snapshot:
    """No project."""
    table = ImageTable()
    return Snapshot(table, build_verdicts(table, None))


def load_snapshot(project: Project, table: ImageTable | None) -> Snapshot:
    """Read the project; `table` is used again if the images did not change."""
    if table is None or _counts(project) != tuple(np.bincount(table.status, minlength=len(STATUSES)).tolist()):
        table = build_table(project.images())
    curation = load_curation(project)
    run = current_run(project, curation)
    snapshot = Snapshot(
        table=table,
        verdicts=build_verdicts(table, load_curated(project, curation)),
        run=run,
        overclusters=_load_overclusters(project.run_dir(run.id)) if run else None,
        proposal=open_proposal(project, curation),
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
