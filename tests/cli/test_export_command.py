"""`iic-studio export` as a person or a script calls it."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from iic_studio.cli import main
from iic_studio.events import ProgressMade, RunFinished, RunStarted, from_json

QUICK = ["--steps", "3", "--clusters", "4", "--sub-heads", "2", "--batch-size", "16", "--image-size", "24", "--device", "cpu", "--quiet"]


@pytest.fixture
def project(picture_folder: Path, tmp_path: Path) -> Path:
    place = tmp_path / "p.iicproj"
    assert main(["train", str(picture_folder), "--project", str(place), *QUICK]) == 0
    return place


def test_formats_parts_and_what_is_said(project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    arguments = ["export", str(project), "--csv", str(out / "a.csv"), "--coco", str(out / "c.json"), "--folders", str(out / "f")]
    assert main([*arguments, "--link", "symbolic", "--dry-run"]) == 0
    shown = capsys.readouterr()
    assert f"A table of 40 pictures: {out / 'a.csv'}." in shown.out
    assert "40 symbolic links in " in shown.out
    assert not out.exists()
    assert main([*arguments, "--link", "symbolic"]) == 0
    shown = capsys.readouterr()
    assert shown.out == ""
    assert f"Written: {out / 'a.csv'} (40 rows)." in shown.err
    assert all(path.is_symlink() for path in (out / "f").glob("*/*"))
    assert main([*arguments, "--cluster", "0", "--cluster", "1"]) == 2
    assert "another export" in capsys.readouterr().err


def test_json_tells_events_and_a_dry_run_its_plan(project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["export", str(project), "--hugging-face", str(tmp_path / "hf"), "--json"]
    assert main([*arguments, "--dry-run"]) == 0
    last = from_json(capsys.readouterr().out.splitlines()[-1])
    assert isinstance(last, RunFinished)
    assert last.summary["planned"][0]["files"] == 40
    assert main(arguments) == 0
    events = [from_json(line) for line in capsys.readouterr().out.splitlines()]
    assert isinstance(events[0], RunStarted)
    assert {event.stage for event in events if isinstance(event, ProgressMade)} == {"hugging_face", "copy"}
    assert isinstance(events[-1], RunFinished)
    assert len((tmp_path / "hf" / "metadata.csv").read_text(encoding="utf-8").splitlines()) == 41


def test_files_that_cannot_be_copied_are_named_and_give_exit_code_3(
    project: Path, picture_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (picture_folder / "day 1" / "img1.jpg").unlink()
    assert main(["export", str(project), "--folders", str(tmp_path / "f")]) == 3
    assert "Not copied: day 1/img1.jpg is no longer there." in capsys.readouterr().err
    assert len(list((tmp_path / "f").glob("*/*"))) == 39


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ([], 2, "Nothing is asked for"),
        (["--csv", "x.csv", "--cluster", "9"], 2, "The clusters are 0 to 3"),
        (["--csv", "x.csv", "--ids", "missing.txt"], 2, "cannot be read: No such file or directory."),
        (["--csv", "x.csv", "--also", "labels"], 2, "--also is for masks."),
        (["--csv", "x.csv", "--link", "hard"], 2, "--link is for folders of pictures."),
        (["--folders", "f", "--link", "magic"], 2, "magic"),
    ],
)
def test_mistakes(project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, words: str) -> None:
    assert main(["export", str(project), *arguments]) == code
    assert words in capsys.readouterr().err


def test_a_list_of_pictures(project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    listed = tmp_path / "some.txt"
    listed.write_text("day 1/img1.jpg\nday 2/süd/img0.jpg\n", encoding="utf-8")
    assert main(["export", str(project), "--jsonl", str(tmp_path / "x.jsonl"), "--ids", str(listed), "--quiet"]) == 0
    lines = (tmp_path / "x.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["path"] for line in lines] == ["day 1/img1.jpg", "day 2/süd/img0.jpg"]
    listed.write_text("day 1/nowhere.jpg\n", encoding="utf-8")
    assert main(["export", str(project), "--jsonl", str(tmp_path / "x.jsonl"), "--ids", str(listed)]) == 2
    assert "no readable picture day 1/nowhere.jpg" in capsys.readouterr().err


def test_ctrl_c_leaves_whole_files_and_the_same_command_goes_on(picture_folder: Path, project: Path, tmp_path: Path) -> None:
    target = tmp_path / "tree"
    command = [sys.executable, "-m", "iic_studio", "export", str(project), "--folders", str(target), "--json"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    process.stdout.readline()  # it has begun, and obeys signals
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    assert "Give the same command again to go on." in errors
    sizes = {path.name: path.stat().st_size for path in picture_folder.rglob("*.*")}
    assert all(path.stat().st_size == sizes[path.name] for path in target.glob("*/*"))
    assert not list(target.rglob("*.part"))
    assert main(["export", str(project), "--folders", str(target), "--quiet"]) == 0
    assert {path.name: path.stat().st_size for path in target.glob("*/*")} == sizes
