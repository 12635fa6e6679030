"""`iic-studio label`: sentences for people, one object for programs, exit codes."""

import csv
import json
from pathlib import Path

import pytest

from iic_studio.cli import main

QUICK = ["--clusters", "4", "--sub-heads", "2", "--batch-size", "16", "--image-size", "24", "--device", "cpu"]


@pytest.fixture
def trained(picture_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    place = tmp_path / "small.iicproj"
    assert main(["train", str(picture_folder), "--project", str(place), "--steps", "5", "--quiet", *QUICK]) == 0
    capsys.readouterr()
    return place


def test_labels_in_classes_out(trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = (tmp_path / "labels.csv").read_text(encoding="utf-8").splitlines()
    (tmp_path / "few.csv").write_text("\n".join([*rows[:13], "nowhere.png,dots"]) + "\n", encoding="utf-8")
    assert main(["label", str(trained), "--labels", str(tmp_path / "few.csv"), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["import"]["matched"] == 12 and found["import"]["num_unknown_paths"] == 1
    assert found["estimate"]["num_labels"] == 12
    assert main(["label", str(trained), "--next", "3"]) == 0
    said = capsys.readouterr().out
    assert "12 labels: " in said and said.count("Cluster") >= 4
    assert main(["export", str(trained), "--csv", str(tmp_path / "out.csv"), "--quiet"]) == 0
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    assert sum(bool(row["label"]) for row in table) == 12
    assert all(row["class"] and row["class_probability"] for row in table)


def test_labels_of_one_class_say_nothing_of_how_right_it_is(trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = [row.partition(",")[0] for row in (tmp_path / "labels.csv").read_text(encoding="utf-8").splitlines()[1:]]
    (tmp_path / "few.csv").write_text("path,label\n" + "".join(f"{path},dots\n" for path in paths[:6]), encoding="utf-8")
    assert main(["label", str(trained), "--labels", str(tmp_path / "few.csv"), "--map", "many-to-one"]) == 0
    said = capsys.readouterr().out
    assert "not known yet: all labels name one class. Label pictures of other kinds too." in said
    assert "get the right class" not in said and "precision" not in said
    assert "Classes are found by giving each cluster the class of most of its labels" in said
    (tmp_path / "few.csv").write_text("path,label\n" + "".join(f"{path},stripes\n" for path in paths[-6:]), encoding="utf-8")
    assert main(["label", str(trained), "--labels", str(tmp_path / "few.csv")]) == 0
    said = capsys.readouterr().out
    assert "get the right class" in said and "precision" in said


def test_wrong_files_are_wrong_usage(trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["label", str(trained), "--labels", str(tmp_path / "nothing.csv")]) == 2
    (tmp_path / "bad.csv").write_text("file,kind\na,b\n", encoding="utf-8")
    assert main(["label", str(trained), "--labels", str(tmp_path / "bad.csv")]) == 2
    assert "has no column path" in capsys.readouterr().err
    (tmp_path / "other.csv").write_text("path,label\nelsewhere.png,dots\n", encoding="utf-8")
    assert main(["label", str(trained), "--labels", str(tmp_path / "other.csv")]) == 1
    assert main(["label", str(trained), "--truth"]) == 2


def test_a_project_without_labels_says_so(trained: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["label", str(trained)]) == 0
    assert "No labels yet." in capsys.readouterr().out


def test_labels_are_undone_like_any_edit(trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["label", str(trained), "--labels", str(tmp_path / "labels.csv")]) == 0
    assert main(["edits", str(trained), "--undo", "1"]) == 0
    assert "Read labels of 40 pictures  (undone)" in capsys.readouterr().out
    assert main(["label", str(trained)]) == 0
    assert "No labels yet." in capsys.readouterr().out


def test_when_everything_is_labelled_nothing_is_left_to_ask(trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["label", str(trained), "--labels", str(tmp_path / "labels.csv"), "--next", "3"]) == 0
    assert "Nothing is left to label" in capsys.readouterr().out
