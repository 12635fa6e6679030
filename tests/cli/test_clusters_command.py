"""`iic-studio clusters`: the tree for people, one object for programs, a sentence when there is nothing to say."""

import json
from pathlib import Path

import pytest

from iic_studio.cli import main
from iic_studio.project.store import Project

QUICK = ["--clusters", "4", "--sub-heads", "2", "--batch-size", "16", "--image-size", "24", "--device", "cpu"]
KEYS = {
    "run",
    "of",
    "num_images",
    "num_clusters",
    "main",
    "overclustering",
    "names",
    "suggested_k",
    "certainty",
    "reason",
    "judged_up_to",
    "candidates",
    "merged_head",
    "sub_head",
    "information_nats",
    "merges",
    "tree",
}


@pytest.fixture
def trained(picture_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    place = tmp_path / "small.iicproj"
    assert main(["train", str(picture_folder), "--project", str(place), "--steps", "5", "--quiet", *QUICK]) == 0
    capsys.readouterr()
    return place


def test_people_get_counts_a_reason_and_a_tree(trained: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["clusters", str(trained)]) == 0
    shown = capsys.readouterr()
    assert "40 images" in shown.out
    assert "in ordinary use" in shown.out
    assert "How the overclusters merge" in shown.out
    assert "└─" in shown.out
    assert shown.err == ""


def test_programs_get_one_object(trained: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Project.open(trained, writable=False) as project:
        (run,) = project.runs()
    assert main(["clusters", str(trained), "--run", run.id, "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert set(record) == KEYS
    assert record["run"] == run.id
    assert {"num_used", "num_tiny", "num_unused", "largest_share"} <= set(record["main"])
    assert record["tree"]["images"] == record["num_images"] == 40


def test_a_project_that_is_open_elsewhere_can_be_read(trained: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Project.open(trained):
        assert main(["clusters", str(trained)]) == 0
    assert capsys.readouterr().out


def test_no_run_yet_is_a_sentence(picture_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = tmp_path / "new.iicproj"
    Project.create(place, picture_folder).close()
    assert main(["clusters", str(place), "--json"]) == 1
    shown = capsys.readouterr()
    assert json.loads(shown.out)["event"] == "RunFailed"
    assert "no clusters yet" in shown.err
    assert "iic-studio train" in shown.err


def test_a_wrong_run_and_a_wrong_place_are_sentences(trained: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["clusters", str(trained), "--run", "nonsense"]) == 1
    assert "no run nonsense" in capsys.readouterr().err
    assert main(["clusters", "/nowhere.iicproj"]) in (1, 2)
    assert "There is no project" in capsys.readouterr().err
