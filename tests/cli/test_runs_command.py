"""`iic-studio runs`: a table for people, a list for programs."""

import json
from pathlib import Path

import pytest

from iic_studio.cli import main
from iic_studio.config import TrainSettings
from iic_studio.curation import Curator, edits
from iic_studio.project.store import Project


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "pictures").mkdir()
    with Project.create(tmp_path / "small.iicproj", tmp_path / "pictures") as project:
        for seed in (1, 2):
            run = project.add_run(TrainSettings(seed=seed, sub_heads=3).as_dict(), "cpu")
            project.update_run(run.id, state="finished", summary={"losses": {"main": [-1.5, -1.25]}})
        curator = Curator.of(project)
        curator.apply(edits.name_run(curator.curated, run, "second try"))
    return tmp_path / "small.iicproj"


def test_people_get_a_table(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["runs", str(place)]) == 0
    head, newest, older = capsys.readouterr().out.splitlines()
    assert head.startswith("run ")
    assert "second try" in newest
    assert "-1.500" in older
    assert older.endswith("sub heads 3")


def test_programs_get_a_list(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["runs", str(place), "--json"]) == 0
    newest, older = json.loads(capsys.readouterr().out)
    assert (newest["name"], newest["seed"], older["seed"]) == ("second try", 2, 1)
    assert newest["differs"] == {"sub_heads": 3}


def test_no_project_is_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["runs", str(tmp_path)]) == 1
    assert "no project" in capsys.readouterr().err
