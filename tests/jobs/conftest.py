"""A project on the small folder of pictures, and a way to run a job to its end."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch

from iic_studio.config import TrainSettings
from iic_studio.curation import Curator, edits
from iic_studio.events import Event, RunFailed, RunFinished, RunStarted
from iic_studio.jobs import row_training
from iic_studio.project.store import Project
from iic_studio.training.trainer import TrainingData

QUICK = TrainSettings(clusters=4, sub_heads=2, steps=8, batch_size=16, image_size=24, device="cpu")


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture
def project(picture_folder: Path, tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "test.iicproj", picture_folder) as made:
        yield made


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> list[TrainingData]:
    """What rows of the paper gave to the trainer, run by run."""
    seen: list[TrainingData] = []
    real = row_training.train

    def spy(data: TrainingData, *arguments: object, **options: object) -> Iterator[object]:
        seen.append(data)
        return real(data, *arguments, **options)

    monkeypatch.setattr(row_training, "train", spy)
    return seen


def name_cluster(project: Project, cluster: int, name: str) -> None:
    """Name a group as a person does."""
    curator = Curator.of(project)
    curator.apply(edits.rename(curator.curated, cluster, name))


@pytest.fixture
def run() -> Callable[[Iterator[Event]], list[Event]]:
    """Runs a job and checks its frame: one RunStarted first, one RunFinished or RunFailed last."""

    def to_end(job: Iterator[Event]) -> list[Event]:
        seen = list(job)
        assert [isinstance(event, RunStarted) for event in seen] == [True] + [False] * (len(seen) - 1)
        assert [isinstance(event, RunFinished | RunFailed) for event in seen] == [False] * (len(seen) - 1) + [True]
        return seen

    return to_end
