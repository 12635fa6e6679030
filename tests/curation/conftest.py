"""Projects with a run whose assignments were made up: curation needs no pictures."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from iic_studio.project.store import Project
from iic_studio.records import Assignments


def said(ids: np.ndarray, clusters: int, seed: int = 0, sub_heads: int = 3) -> Assignments:
    """What a run might say: mostly sure, some sub-heads of another opinion."""
    rng = np.random.default_rng(seed)
    probabilities = rng.dirichlet(np.full(clusters, 0.3), len(ids)).astype(np.float32)
    assignment = probabilities.argmax(axis=1)
    votes = np.repeat(assignment[:, None], sub_heads, axis=1)
    votes[rng.random(votes.shape) < 0.2] = 0
    return Assignments(ids, probabilities, assignment, votes, (votes == assignment[:, None]).mean(1).astype(np.float32), 0)


def add_run(project: Project, assignments: Assignments) -> str:
    """A finished run that says this."""
    clusters = assignments.probabilities.shape[1]
    run = project.add_run({"clusters": clusters}, "cpu")
    project.save_assignments(run.id, assignments)
    project.update_run(run.id, state="finished")
    return run.id


def make_project(path: Path, images: int = 60, clusters: int = 5, seed: int = 0) -> Project:
    """An open project of so many images with one finished run."""
    (path / "pictures").mkdir(parents=True)
    project = Project.create(path / "test.iicproj", path / "pictures")
    project.add_images([(f"{number:06d}.png", 1, 1) for number in range(images)])
    add_run(project, said(np.arange(1, images + 1), clusters, seed))
    return project


@pytest.fixture
def project(tmp_path: Path) -> "Callable[..., Project]":
    with make_project(tmp_path) as made:
        yield made  # type: ignore[misc]
