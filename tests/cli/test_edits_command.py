"""The log of edits in the terminal."""

from pathlib import Path

import numpy as np
import pytest

from iic_studio.cli import main
from iic_studio.curation import Curator, edits, load_curated
from iic_studio.project.store import Project
from tests.curation.conftest import add_run, make_project, said


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A project with two edits and a newer run."""
    with make_project(tmp_path) as project:
        curator = Curator.of(project)
        curator.apply(edits.rename(curator.curated, 0, "tulips"))
        curator.apply(edits.move(curator.curated, np.array([1, 2]), 0))
        add_run(project, said(np.arange(1, 61), 5))
        return project.path


def lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return [line.split("  ", 1)[1] for line in capsys.readouterr().out.splitlines()]


def test_edits_are_listed_undone_and_redone(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["edits", str(place)]) == 0
    assert lines(capsys) == ["Name Cluster 0 “tulips”", "Move 2 pictures to tulips"]
    assert main(["edits", str(place), "--undo", "5"]) == 0
    assert lines(capsys) == ["Name Cluster 0 “tulips”  (undone)", "Move 2 pictures to tulips  (undone)"]
    assert main(["edits", str(place), "--redo", "1"]) == 0
    shown = capsys.readouterr()
    assert shown.err == "Done again: Name Cluster 0 “tulips”\n"
    with Project.open(place) as project:
        assert load_curated(project).names == {0: "tulips"}


def test_a_new_run_is_accepted_and_that_is_an_edit(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["edits", str(place), "--accept"]) == 0
    shown = capsys.readouterr()
    assert "Accepted run" in shown.err
    assert shown.out.rstrip().endswith("Accept the new run")
    with Project.open(place) as project:
        assert load_curated(project).run == project.runs()[-1].id
    assert main(["edits", str(place), "--accept"]) == 1, "nothing is wrong with the command: as resume with nothing to resume"
    assert "No new run waits" in capsys.readouterr().err


def test_only_one_thing_at_a_time(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["edits", str(place), "--undo", "1", "--redo", "1"]) == 2
    assert "Only one of" in capsys.readouterr().err
