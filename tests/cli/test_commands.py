"""The commands as a person or a script calls them: exit codes, where output goes, what survives a kill."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from iic_studio import __version__, paths
from iic_studio.cli import main
from iic_studio.events import RunFailed, RunFinished, RunStarted, from_json
from iic_studio.project.store import Project

QUICK = ["--clusters", "4", "--sub-heads", "2", "--batch-size", "16", "--image-size", "24", "--device", "cpu"]


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def start(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "iic_studio", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ | {"OMP_NUM_THREADS": "1"})


def wait_for_steps(process: subprocess.Popen[str], steps: int) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        event = json.loads(line)
        if event["event"] == "StepsFinished" and event["step"] >= steps:
            return
    pytest.fail(f"no step was reported; {process.communicate()[1]}")


def test_cluster_then_evaluate(picture_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out" / "clusters.csv"
    assert main(["cluster", str(picture_folder), "--csv", str(out), "--steps", "5", *QUICK]) == 0
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "40 images" in shown.err
    project = shown.err.rpartition("The project, for all other commands: ")[2].strip()
    assert main(["clusters", project]) == 0, "what was told can be typed"
    assert "40 images" in capsys.readouterr().out
    assert len(rows_of(out)) == 40
    assert main(["evaluate", str(out), "--labels", str(tmp_path / "labels.csv"), "--json"]) == 0
    scores = json.loads(capsys.readouterr().out)
    assert main(["evaluate", str(out), "--labels", str(tmp_path / "labels.csv"), "--ignore", "255"]) == 2
    assert "--ignore is for true masks." in capsys.readouterr().err
    assert {"num_images", "num_labelled", "num_clusters", "accuracy_one_to_one", "accuracy_many_to_one", "nmi", "ari"} == set(scores)
    assert scores["num_labelled"] == 40


def test_a_handful_of_pictures_needs_no_number_of_clusters(
    make_pictures: Callable[..., dict[str, str]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    count = len(make_pictures(tmp_path / "in", per_kind=1))
    assert count == 4
    asked = ["--steps", "2", "--device", "cpu", "--project", str(tmp_path / "p.iicproj")]
    assert main(["cluster", str(tmp_path / "in"), "--csv", str(tmp_path / "out.csv"), *asked]) == 0
    assert f"10 clusters cannot be made of {count} images, so 2 are sought." in capsys.readouterr().err
    assert len((tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()) == count + 1


def test_some_unreadable_files_give_exit_code_3(broken_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out.csv"
    assert main(["cluster", str(broken_folder), "--csv", str(out), "--steps", "3", "--json", *QUICK]) == 3
    events = [from_json(line) for line in capsys.readouterr().out.splitlines()]
    assert isinstance(events[0], RunStarted)
    assert isinstance(events[-1], RunFinished)
    assert events[-1].num_problems == 3
    meta = json.loads((tmp_path / "out.meta.json").read_text(encoding="utf-8"))
    assert len(meta["problems"]) == 3


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["cluster", "/nowhere", "--csv", "x.csv"], "There is no folder /nowhere"),
        (["train", "/nowhere.iicproj"], "There is no project"),
        (["open", "/nowhere"], "There is no /nowhere"),
        (["evaluate", "missing.csv", "--labels", "missing.csv"], "There is no file missing.csv"),
    ],
)
def test_mistakes_get_a_sentence(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) in (1, 2)
    shown = capsys.readouterr()
    assert words in shown.err
    assert "Traceback" not in shown.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["demo", "--headless", "--out", "FILE"],
        ["demo", "scenes", "--headless", "--out", "FILE"],
        ["cluster", ".", "--csv", "x.csv", "--project", "FILE/x.iicproj"],
    ],
)
def test_a_place_below_a_file_is_a_sentence(arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()
    assert main([argument.replace("FILE", str(tmp_path / "file")) for argument in arguments]) == 1
    assert "cannot be written: " in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["cluster"], ["nonsense"], ["cluster", ".", "--csv", "x.csv", "--clusters", "1"], ["demo", "faces"]])
def test_wrong_usage_is_exit_code_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert capsys.readouterr().err


def test_a_wrong_value_is_told_in_plain_words(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["cluster", ".", "--csv", "x.csv", "--method", "nonsense"], ["map", ".", "--method", "nonsense"]):
        assert main(arguments) == 2
        told = capsys.readouterr().err
        assert "'--method': 'nonsense' is not one of " in told
        assert "Value error" not in told


def test_an_empty_folder_is_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty").mkdir()
    assert main(["cluster", str(tmp_path / "empty"), "--csv", str(tmp_path / "x.csv")]) == 1
    assert "no readable image" in capsys.readouterr().err
    assert not (tmp_path / "x.csv").exists()


def test_a_wrong_preset_is_told_before_anything_is_read(picture_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["cluster", str(picture_folder), "--csv", str(tmp_path / "x.csv"), "--project", str(tmp_path / "x.iicproj")]
    assert main([*arguments, "--preset", "nonsense"]) == 2
    assert "There is no preset nonsense" in capsys.readouterr().err
    assert not (tmp_path / "x.iicproj").exists()


def test_a_trained_project_is_used_from_the_terminal(picture_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project, table = str(tmp_path / "p.iicproj"), tmp_path / "duplicates.csv"
    assert main(["train", str(picture_folder), "--project", project, "--steps", "3", *QUICK]) == 0
    said = capsys.readouterr().err
    assert "Reading pictures…" in said, "the first line of a stage says nothing that is not known yet"
    assert "1 of 40" not in said
    (picture_folder / "copy.png").write_bytes(next(picture_folder.rglob("*.png")).read_bytes())
    assert main(["duplicates", project, "--csv", str(table)]) == 0
    shown = capsys.readouterr()
    assert f"Written: {table}." in shown.err
    other = tmp_path / "other"
    other.mkdir()
    (other / "one.png").write_bytes((picture_folder / "copy.png").read_bytes())
    assert main(["assign", project, str(other), "--csv", str(tmp_path / "o.csv")]) == 0
    told = capsys.readouterr().err
    assert "1 image assigned." in told
    assert "40 images in" not in told, "those are the pictures it was trained on"
    assert main(["edits", project]) == 0
    assert "Nobody has changed anything" in capsys.readouterr().err
    assert main(["edits", project, "--undo", "1"]) == 0
    assert "There is nothing to undo." in capsys.readouterr().err


def test_unreadable_files_are_no_pictures_to_suggest_for(broken_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["suggest", str(broken_folder)]) == 0
    said = capsys.readouterr().out
    assert "For 40 colour images" in said
    assert "3 files cannot be read and are not counted." in said
    for path in [path for path in broken_folder.rglob("*") if path.is_file() and path.name not in ("empty.jpg", "text.jpg")]:
        path.unlink()
    assert main(["suggest", str(broken_folder)]) == 1
    assert "There is no readable image in" in capsys.readouterr().err


def test_a_folder_of_images_in_place_of_a_project_says_what_to_do(picture_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("clusters", "runs", "edits"):
        assert main([command, str(picture_folder)]) == 1
        told = capsys.readouterr().err
        assert f"There is no project at {picture_folder}." in told
        assert f"make one of a folder of images: `iic-studio cluster {picture_folder} --csv OUT.csv`" in told
    place = paths.default_project_path(picture_folder)
    Project.create(place, picture_folder).close()
    assert main(["clusters", str(picture_folder)]) == 1
    assert f"That of this folder of images is {place}." in capsys.readouterr().err


def test_version_and_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.strip() == f"iic-studio {__version__}"
    assert main(["--help"]) == 0
    assert "cluster" in capsys.readouterr().out


def test_without_a_display_the_window_is_refused_in_words(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    if sys.platform in ("win32", "darwin"):
        pytest.skip("these always have a display")
    assert main([]) == 1
    assert "no display" in capsys.readouterr().err


def test_demo_beats_nothing_but_prints_both(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "digits", "--headless", "--steps", "2", "--batch-size", "32", "--device", "cpu", "--out", str(tmp_path)]) == 0
    said = capsys.readouterr().err
    assert "labels: IIC " in said and "k-means on the same pixels" in said
    assert len(rows_of(tmp_path / "digits.csv")) == 1797


def test_killed_training_is_resumed_from_its_checkpoint(picture_folder: Path, tmp_path: Path) -> None:
    project = tmp_path / "killed.iicproj"
    command = ["cluster", str(picture_folder), "--csv", str(tmp_path / "x.csv"), "--project", str(project), "--steps", "300", *QUICK]
    process = start(*command, "--json")
    assert process.stdout is not None
    for line in process.stdout:
        if json.loads(line)["event"] == "CheckpointSaved":
            break
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert not (tmp_path / "x.csv").exists()
    assert main(["resume", str(project), "--quiet"]) == 0
    assert main(["export", str(project), "--csv", str(tmp_path / "resumed.csv"), "--probabilities", "--quiet"]) == 0
    assert main([*command[:3], str(tmp_path / "whole.csv"), "--steps", "300", *QUICK, "--quiet", "--probabilities"]) == 0
    whole, resumed = rows_of(tmp_path / "whole.csv"), rows_of(tmp_path / "resumed.csv")
    assert whole == resumed


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_training_saves_and_exits_with_130(picture_folder: Path, tmp_path: Path, number: signal.Signals) -> None:
    project = tmp_path / "p.iicproj"
    command = ["cluster", str(picture_folder), "--csv", str(tmp_path / "x.csv"), "--project", str(project), "--steps", "100000"]
    process = start(*command, *QUICK, "--json")
    wait_for_steps(process, 1)
    process.send_signal(number)
    began = time.monotonic()
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    assert "iic-studio resume" in errors
    assert time.monotonic() - began < 60
    assert list((project / "runs").glob("*/last.safetensors"))


@pytest.mark.parametrize(
    ("arguments", "exit_code", "words"),
    [
        (["cluster", "nowhere", "--csv", "x.csv"], 2, "There is no folder nowhere."),
        (["suggest", "."], 1, "There is no image in ."),
        (["runs", "nowhere"], 1, "There is no project at nowhere."),
        (["evaluate", "nowhere.csv", "--labels", "nowhere.csv"], 2, "There is no file nowhere.csv."),
        (["cluster", ".", "--csv", "x.csv", "--clusters", "abc"], 2, "'--clusters': it must be a whole number."),
        (["label", "nowhere", "--next", "-1"], 2, "'--next': it must be 0 or more."),
        (["train", "--bogus"], 2, "--bogus"),
    ],
)
def test_json_tells_a_failure_before_any_job_as_an_event(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, arguments: list[str], exit_code: int, words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main([*arguments, "--json"]) == exit_code
    shown = capsys.readouterr()
    event = from_json(shown.out)
    assert isinstance(event, RunFailed) and event.exit_code == exit_code and event.job == arguments[0]
    assert words in event.message and event.message in shown.err
    assert main(arguments) == exit_code and not capsys.readouterr().out


def test_help_cuts_no_command_short_and_says_the_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "index, train, assign, export in one go." in shown and "..." not in shown.partition("Commands:")[2]
    assert "3 done but some files could not be read" in shown


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (["--minutes", "1e300"], "--minutes must be between 0.01 and 100000, not 1e+300."),
        (["--seed", "99999999999999999999"], "not 99999999999999999999."),
        (["--marginal-weight", "nan"], "--marginal-weight must be between 0 and 5, not nan."),
        (["--encoder", "nosuch"], "small, vgg, resnet34, paper, resnet18, resnet50, efficientnet_lite0, resnet101,"),
        (["--weights", "nowhere.pth"], "There is no file nowhere.pth."),
        (["--extra", "nowhere"], "There is no folder nowhere."),
        (["--displacement", "3"], "--displacement is for pixels."),
        (["--fine-tune"], "--fine-tune is for pixels."),
        (["--short-side", "100"], "--short-side is for pixels."),
        (["--balance", "weights"], "--balance weights is for DeepCluster."),
    ],
)
def test_settings_that_make_no_sense_are_refused_and_nothing_is_written(
    picture_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], given: list[str], words: str
) -> None:
    assert main(["cluster", str(picture_folder), "--csv", str(tmp_path / "out.csv"), *given]) == 2
    assert words in capsys.readouterr().err
    assert not (tmp_path / "out.csv").exists()


def test_a_project_without_duplicates_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, project = tmp_path / "two", str(tmp_path / "p.iicproj")
    folder.mkdir()
    for place, ramp in enumerate((np.linspace(0, 255, 32), np.linspace(255, 0, 32) ** 2 / 255)):
        Image.fromarray(np.tile(ramp, (32, 1)).astype(np.uint8)).save(folder / f"{place}.png")
    assert main(["train", str(folder), "--project", project, "--steps", "2", *QUICK, "--clusters", "2"]) == 0
    capsys.readouterr()
    assert main(["duplicates", project]) == 0
    assert capsys.readouterr().out == "No two pictures are nearly the same.\n"
