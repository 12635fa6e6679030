"""The groups of a project in step with its store: what is shown, and edits of it that are done, undone and redone.

For everybody who has no window: the command line, scripts, tests. The window does the same with its snapshots.
"""

from typing import Self

import numpy as np

from iic_studio.curation.curated import Curated, curate
from iic_studio.curation.state import Curation, load_curation
from iic_studio.project.arrays import has_assignments
from iic_studio.project.command_log import Edit, Step
from iic_studio.project.records import RunRow
from iic_studio.project.store import Project
from iic_studio.records import Assignments


def current_run(project: Project, curation: Curation) -> RunRow | None:
    """The run that the groups stand on: the accepted one, or before any edit the newest that has said something."""
    runs = project.runs(beside=True)
    for run in reversed(runs):
        if run.id == curation.accepted_run:
            return run
    runs = [run for run in runs if not run.beside]
    for run in reversed(runs):
        if has_assignments(project.run_dir(run.id)):
            return run
    return runs[-1] if runs else None


def load_curated(project: Project, curation: Curation | None = None) -> Curated:
    """The groups of a project as they are; none before its first run.

    Raises:
        ProjectError: a file of the project is damaged.
    """
    curation = curation or load_curation(project)
    run = current_run(project, curation)
    assignments = project.load_assignments(run.id) if run else None
    return curate(assignments or no_assignments(), curation, run.id if run and assignments else "")


def no_assignments() -> Assignments:
    """What is said before any run."""
    nothing, no_ids = np.zeros((0, 0), np.float32), np.zeros(0, np.int64)
    return Assignments(no_ids, nothing, no_ids, np.zeros((0, 0), np.int64), np.zeros(0, np.float32), 0)


class Curator:
    """Groups and the edits of them.

    Attributes:
        curated: the groups as they are now.
    """

    def __init__(self, project: Project, curated: Curated) -> None:
        self._project = project
        self.curated = curated

    @classmethod
    def of(cls, project: Project) -> Self:
        """With the groups as they lie in the project."""
        return cls(project, load_curated(project))

    def apply(self, edit: Edit) -> str:
        """Do an edit; returns its sentence, or nothing when it changes nothing.

        Raises:
            ProjectError: the project was changed since, or is open for reading only.
        """
        return self._follow(self._project.edits.apply(edit)) if edit.changes else ""

    def undo(self) -> str:
        """Take the last edit back; returns its sentence, or nothing when there is none."""
        return self._follow(self._project.edits.undo())

    def redo(self) -> str:
        """Do again what was undone last; returns its sentence, or nothing when there is none."""
        return self._follow(self._project.edits.redo())

    def _follow(self, step: Step | None) -> str:
        if step is None:
            return ""
        self.curated = after(self._project, self.curated, step) or load_curated(self._project)
        return step.sentence


def after(project: Project, curated: Curated, step: Step) -> Curated | None:
    """The groups after a step in the log; None when they stand on another run then, whose assignments have to be read."""
    curation = curated.curation.after(step)
    if curation.accepted_run != curated.curation.accepted_run:
        run = current_run(project, curation)
        if (run.id if run else "") != curated.run:
            return None
    return curate(curated.model, curation, curated.run, before=curated)
