"""Assignments as a file of a run's folder: replaced whole or not at all, and read without code in data."""

import zipfile
from pathlib import Path

import numpy as np

from iic_studio.errors import ProjectError
from iic_studio.project.disk import disk_errors, replacing
from iic_studio.records import Assignments

ASSIGNMENTS = "assignments.npz"


def write_assignments(folder: Path, assignments: Assignments) -> None:
    """Keep assignments in a run's folder in place of its earlier ones."""
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
        )


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
            )
    except FileNotFoundError:
        return None
    except (zipfile.BadZipFile, ValueError, KeyError, EOFError, TypeError) as error:
        raise ProjectError(f"The assignments of run {folder.name} are damaged.", "Run `iic-studio assign` to make them again.") from error
