"""Near-duplicates of a real small project, in the job and in the terminal."""

import csv
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from iic_studio import jobs
from iic_studio.cli import main
from iic_studio.events import Event, ProgressMade, RunFailed, RunFinished
from iic_studio.jobs.features import Features
from iic_studio.project.records import OK
from iic_studio.project.store import Project
from tests.jobs.conftest import QUICK

Run = Callable[[Iterator[Event]], list[Event]]


@pytest.fixture
def with_copies(project: Project) -> Project:
    """One picture of waves twice more: the file, and saved again at half its size."""
    y, x = np.mgrid[0:300, 0:400]
    waves = np.stack([np.sin(x / 31 + y / 47), np.cos(x / 53 - y / 29), np.sin(x * y / 9000)], axis=-1)
    image = Image.fromarray((120 + 100 * waves).astype(np.uint8))
    image.save(project.folder / "waves.jpg", quality=92)
    shutil.copy(project.folder / "waves.jpg", project.folder / "copy.jpg")
    image.resize((200, 150)).save(project.folder / "small.jpg", quality=80)
    return project


def test_copies_are_grouped_without_reading_files_again(with_copies: Project, run: Run, tmp_path: Path) -> None:
    run(jobs.index(with_copies))
    moved = with_copies.folder.with_name("elsewhere")
    with_copies.folder.rename(moved)
    events = run(jobs.duplicates(with_copies, tmp_path / "same.csv"))
    moved.rename(with_copies.folder)
    ending = events[-1]
    assert isinstance(ending, RunFinished)
    paths = {row.id: row.path for row in with_copies.images(OK)}
    groups = [{paths[one] for one in group} for group in ending.summary["groups"]]
    assert {"waves.jpg", "copy.jpg", "small.jpg"} in groups
    assert ending.summary["num_to_spare"] == sum(len(group) - 1 for group in groups)
    progress = [event.done for event in events if isinstance(event, ProgressMade)]
    assert progress == sorted(progress)
    with (tmp_path / "same.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == ending.summary["num_in_groups"]
    assert {row["group"] for row in rows} == {str(number) for number in range(len(groups))}
    waves = [row["path"] for row in rows if row["path"] in ("waves.jpg", "copy.jpg", "small.jpg")]
    assert waves == ["copy.jpg", "waves.jpg", "small.jpg"], "the one to keep comes first"


def test_the_command(with_copies: Project, run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(jobs.index(with_copies))
    with_copies.close()
    assert main(["duplicates", str(with_copies.path), "--csv", str(tmp_path / "same.csv"), "--quiet"]) == 0
    assert "could go" in capsys.readouterr().out
    assert (tmp_path / "same.csv").read_text(encoding="utf-8").startswith("group,path,width,height\n")


def test_an_empty_project_is_a_sentence(tmp_path: Path, run: Run) -> None:
    (tmp_path / "nothing").mkdir()
    with Project.create(tmp_path / "p.iicproj", tmp_path / "nothing") as project:
        ending = run(jobs.duplicates(project))[-1]
    assert isinstance(ending, RunFailed)


def test_what_the_network_sees_is_kept(project: Project, run: Run) -> None:
    run(jobs.train(project, QUICK))
    kept: list[Features] = []
    run(jobs.see_images(project, project.runs()[-1].id, kept.append))
    events = run(jobs.see_images(project, project.runs()[-1].id, kept.append))
    assert not [event for event in events if isinstance(event, ProgressMade)], "it lies in the cache"
    assert kept[0].features.shape == kept[1].features.shape == (40, kept[0].features.shape[1])
