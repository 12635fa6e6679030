"""Where the trained network of a run lies, or why there is none."""

from pathlib import Path

from iic_studio.errors import StudioError
from iic_studio.project.records import BASELINE
from iic_studio.project.store import Project
from iic_studio.training.checkpoint import MODEL


def network_folder(project: Project, run: str) -> Path:
    """The folder of a run that has a trained network.

    Raises:
        StudioError: it is a baseline, which has none, or it has not finished.
    """
    folder = project.run_dir(run)
    if (folder / MODEL).is_file():
        return folder
    row = project.run(run)
    if row.beside == BASELINE:
        raise StudioError(
            f"Run {run} is a baseline ({row.summary.get('about') or row.summary.get('baseline')}): it has groups but no network.",
            "Accept a trained run under Runs in the window, or train and take the new run with `iic-studio edits PROJECT --accept`.",
        )
    raise StudioError(
        f"Run {run} has not finished, so there is no trained network yet.", "Go on with `iic-studio resume PROJECT`, or train again."
    )
