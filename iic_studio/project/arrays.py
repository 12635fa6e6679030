"""Arrays as files of a run's folder, its assignments before all: replaced whole or not at all, and read without code in data."""

import logging
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from iic_studio.errors import ProjectError
from iic_studio.project.disk import disk_errors, replacing
from iic_studio.records import Assignments, Overlaps

log = logging.getLogger(__name__)

ASSIGNMENTS = "assignments.npz"
DAMAGED = (zipfile.BadZipFile, ValueError, KeyError, EOFError)
"""What reading an archive raises that is not whole, or not of arrays."""


def kept_arrays(path: Path, doing: str, *names: str) -> dict[str, npt.NDArray[Any]]:
    """What a run left in an archive; empty where there is none, or none that can be read.

    Args:
        doing: what is being done, for `disk_errors`.
        names: of these alone, of which those that are missing are left out; otherwise of all.

    Raises:
        ProjectError: it may not be read.
    """
    try:
        with disk_errors(doing), path.open("rb") as file, np.load(file, allow_pickle=False) as pack:
            return {name: pack[name] for name in pack.files if not names or name in names}
    except FileNotFoundError:
        return {}
    except DAMAGED:
        log.warning("cannot read %s", path, exc_info=True)
        return {}


def write_assignments(folder: Path, assignments: Assignments) -> None:
    """Keep assignments in a run's folder in place of its earlier ones. Parts of clusters are what people know: they lie elsewhere."""
    assignments = assignments.whole or assignments
    with disk_errors("saving the assignments"), replacing(folder / ASSIGNMENTS) as file:
        np.savez(
            file,
            image_ids=assignments.image_ids,
            probabilities=assignments.probabilities.astype(np.float32),
            assignment=assignments.assignment,
            votes=assignments.votes,
            agreement=assignments.agreement,
            sub_head=np.int64(assignments.sub_head),
            labels=assignments.cluster_labels,
            **_overlap_arrays(assignments.overlaps),  # type: ignore[arg-type] # its other parameters are no arrays
        )


def _overlap_arrays(overlaps: Overlaps | None) -> dict[str, npt.NDArray[Any]]:
    if overlaps is None:
        return {}
    facts = np.array([overlaps.num_overclusters, overlaps.sub_head, overlaps.is_exact], np.int64)
    return {"overlap_starts": overlaps.starts, "overlap_pairs": overlaps.pairs, "overlap_shares": overlaps.shares, "overlap_facts": facts}


def _overlaps_in(pack: Mapping[str, npt.NDArray[Any]]) -> Overlaps | None:
    if "overlap_facts" not in pack:
        return None
    count, sub_head, is_exact = pack["overlap_facts"].tolist()
    return Overlaps(pack["overlap_starts"], pack["overlap_pairs"], pack["overlap_shares"], count, sub_head, bool(is_exact))


def has_assignments(folder: Path) -> bool:
    """Whether a run has said where images belong."""
    return (folder / ASSIGNMENTS).is_file()


def read_assignments(folder: Path) -> Assignments | None:
    """The assignments in a run's folder, or None before the first.

    Raises:
        ProjectError: the file is damaged.
    """
    try:
        with disk_errors("reading the assignments"), (folder / ASSIGNMENTS).open("rb") as file, np.load(file, allow_pickle=False) as pack:
            return Assignments(
                image_ids=pack["image_ids"],
                probabilities=pack["probabilities"],
                assignment=pack["assignment"],
                votes=pack["votes"],
                agreement=pack["agreement"],
                sub_head=int(pack["sub_head"]),
                labels=pack["labels"] if "labels" in pack.files else None,
                overlaps=_overlaps_in(pack),
            )
    except FileNotFoundError:
        return None
    except (*DAMAGED, TypeError) as error:
        raise ProjectError(f"The assignments of run {folder.name} are damaged.", "Run `iic-studio assign` to make them again.") from error
