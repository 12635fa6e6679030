"""`iic-studio map`: a table, exit codes as elsewhere, sentences when something is missing."""

import csv
import json
from pathlib import Path

import pytest

from iic_studio.cli import main
from iic_studio.jobs import mapping
from iic_studio.project.maps import load_layouts
from iic_studio.project.store import Project

QUICK = ["--clusters", "4", "--sub-heads", "2", "--batch-size", "16", "--image-size", "24", "--device", "cpu"]


@pytest.fixture(autouse=True)
def _no_umap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mapping, "has_umap", lambda: False)


@pytest.fixture
def trained(broken_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    place = tmp_path / "small.iicproj"
    assert main(["train", str(broken_folder), "--project", str(place), "--steps", "5", "--quiet", *QUICK]) == 3
    capsys.readouterr()
    return place


def test_a_table_and_a_map_kept_with_the_run(trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "map.csv"
    assert main(["map", str(trained), "--csv", str(target)]) == 3, "done, but some files could not be read"
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "UMAP is not installed" in shown.err
    assert "40 images on the map (PCA of the features), 40 of them new." in shown.err
    assert f"Written: {target} (40 rows)." in shown.err
    with target.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["path", "x", "y"]
    assert len(rows) == 40
    with Project.open(trained, writable=False) as project:
        assert set(load_layouts(project.run_dir(project.runs()[0].id))) == {("pca", "features")}


def test_programs_get_events(trained: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["map", str(trained), "--of", "probabilities", "--method", "pca", "--json"]) == 3
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [event["event"] for event in events if event["event"] != "ProgressMade"] == ["RunStarted", "MapSaved", "RunFinished"]
    assert events[-1]["summary"] == events[-1]["summary"] | {"method": "pca", "of": "probabilities", "num_placed": 40}


def test_a_folder_without_problems_ends_with_zero(picture_folder: Path, tmp_path: Path) -> None:
    place = tmp_path / "good.iicproj"
    assert main(["train", str(picture_folder), "--project", str(place), "--steps", "5", "--quiet", *QUICK]) == 0
    assert main(["map", str(place), "--method", "pca", "--quiet"]) == 0


def test_mistakes_are_sentences(picture_folder: Path, trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["map", str(trained), "--csv", str(picture_folder / "map.csv")]) == 2
    assert "inside the folder of images" in capsys.readouterr().err
    assert main(["map", str(trained), "--of", "colours"]) == 2
    assert main(["map", str(tmp_path / "nowhere.iicproj")]) in (1, 2)
    assert "There is no project" in capsys.readouterr().err
    place = tmp_path / "new.iicproj"
    Project.create(place, picture_folder).close()
    assert main(["map", str(place)]) == 1
    assert "iic-studio train" in capsys.readouterr().err
    with Project.open(trained):
        assert main(["map", str(trained)]) == 1
    assert "in use" in capsys.readouterr().err
