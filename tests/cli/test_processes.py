"""`torchrun -m iic_studio`: several processes, one run; and assigning with several gives what one gives."""

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest

from iic_studio import jobs
from iic_studio.cli import main
from iic_studio.project.store import Project

OPTIONS = ("--clusters", "4", "--sub-heads", "2", "--batch-size", "16", "--image-size", "16", "--device", "cpu", "--quiet")


def torchrun(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2", "-m", "iic_studio", *arguments]
    return subprocess.run(command, env=os.environ | {"OMP_NUM_THREADS": "1"}, capture_output=True, text=True, timeout=300, check=False)


def clusters_in(table: Path) -> list[str]:
    with table.open(newline="") as file:
        return [row["cluster"] for row in csv.DictReader(file)]


@pytest.mark.skipif(os.name == "nt", reason="torchrun with gloo is run on POSIX")
def test_two_processes_train_one_run_and_assign_as_one_does(picture_folder: Path, tmp_path: Path) -> None:
    place = tmp_path / "p.iicproj"
    done = torchrun("train", str(picture_folder), "--project", str(place), "--steps", "20", *OPTIONS)
    assert done.returncode == 0, done.stderr
    with Project.open(place, writable=False) as project:
        (run,) = project.runs()
        assert run.state == "finished"
        assert run.summary["steps"] == 20
        log = jobs.read_run_log(project.run_dir(run.id) / "events.jsonl")
        assert [type(event).__name__ for event in log].count("RunFinished") == 1
        assert len(list(project.path.glob("runs/*"))) == 1
    shared, alone = tmp_path / "shared.csv", tmp_path / "alone.csv"
    done = torchrun("assign", str(place), str(picture_folder), "--csv", str(shared), "--quiet")
    assert done.returncode == 0, done.stderr
    assert main(["assign", str(place), str(picture_folder), "--csv", str(alone), "--quiet"]) == 0
    assert len(clusters_in(shared)) == 40
    assert clusters_in(shared) == clusters_in(alone)


@pytest.mark.skipif(os.name == "nt", reason="torchrun with gloo is run on POSIX")
def test_two_processes_train_on_pixels(picture_folder: Path, tmp_path: Path) -> None:
    place, masks = tmp_path / "p.iicproj", tmp_path / "masks"
    options = ("--clusters", "2", "--batch-size", "4", "--image-size", "16", "--device", "cpu", "--quiet", "--steps", "5")
    done = torchrun("segment", str(picture_folder), "--masks", str(masks), "--project", str(place), *options)
    assert done.returncode == 0, done.stderr
    assert len(list(masks.rglob("*.png"))) == 40
    with Project.open(place, writable=False) as project:
        (run,) = project.runs()
        assert (run.state, run.summary["steps"], run.settings["task"]) == ("finished", 5, "pixels")
