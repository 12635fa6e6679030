"""What the session reads from a project, in a background thread: plain functions from the store to immutable values. No Qt."""

import logging
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from iic_studio.gui.history import History
from iic_studio.gui.table import ImageTable, Overclusters, Verdicts, build_table, build_verdicts
from iic_studio.project.records import RunRow
from iic_studio.project.store import Project
from iic_studio.records import FloatArray

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Snapshot:
    """One consistent view of a project: its images and what one run says about them."""

    table: ImageTable
    verdicts: Verdicts
    run: RunRow | None = None
    names: dict[int, str] = field(default_factory=dict)
    overclusters: Overclusters | None = None


def empty_snapshot() -> Snapshot:
    """No project."""
    table = ImageTable()
    return Snapshot(table, build_verdicts(table, None))


def load_snapshot(project: Project, table: ImageTable | None) -> Snapshot:
    """Read the project; `table` is used again where the images did not change."""
    if table is None:
        table = build_table(project.images())
    run = _run_to_show(project)
    assignments = project.load_assignments(run.id) if run else None
    return Snapshot(
        table=table,
        verdicts=build_verdicts(table, assignments),
        run=run,
        names=project.cluster_names(run.id) if run else {},
        overclusters=_load_overclusters(project.run_dir(run.id)) if run else None,
    )


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
