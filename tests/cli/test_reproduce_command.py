"""`iic-studio reproduce` as a person or a script calls it."""

import json
from pathlib import Path

import numpy as np
import pytest

from iic_studio.cli import main


@pytest.fixture
def digits(tmp_path: Path) -> Path:
    """A folder with `mnist.npz`: bars at ten places."""
    rng = np.random.default_rng(0)
    kinds = np.arange(50) % 10
    bars = np.stack([abs(np.mgrid[0:28, 0:28][kind // 5] - 4 - 5 * (kind % 5)) < 3 for kind in kinds])
    pixels = (np.where(bars, 200, 30) + rng.integers(-20, 20, bars.shape)).astype(np.uint8)
    np.savez(tmp_path / "mnist.npz", x_train=pixels[:30], y_train=kinds[:30], x_test=pixels[30:], y_test=kinds[30:])
    return tmp_path


def test_the_table_goes_to_stdout_and_progress_to_stderr(digits: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reproduce", "mnist", "--data", str(digits), "--steps", "2", "--device", "cpu", "--seed", "3"]) == 0
    shown = capsys.readouterr()
    rows = {line[:24].strip(): line[24:] for line in shown.out.splitlines()}
    assert rows["row"] == "mnist (Table 1), quick budget"
    assert rows["the paper reports"].startswith("99.2%")
    assert "not a fair number" in rows["best sub-head"]
    assert "2 steps" in rows["training"]
    assert "seed 3" in rows["training"]
    assert "50 images, 10 clusters" in shown.err


def test_json_is_one_object(digits: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["reproduce", "mnist", "--data", str(digits / "mnist.npz"), "--steps", "2", "--device", "cpu", "--json", "--quiet"]
    assert main(command) == 0
    shown = capsys.readouterr()
    record = json.loads(shown.out)
    assert {"row", "paper", "settings", "seed", "device", "training_s", "steps", "nmi", "kmeans_accuracy"} <= set(record)
    assert shown.err == ""


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["imagenet", "--data", "."], "mnist, fashion-mnist, cifar10"),
        (["mnist", "--data", "nowhere"], "There is no nowhere"),
        (["cifar10", "--data", "."], "No file of CIFAR-10"),
        (["mnist", "--data", ".", "--budget", "forever"], "forever"),
        (["mnist", "--data", ".", "--steps", "0"], "--steps must be between"),
        (["mnist"], "--data"),
    ],
)
def test_mistakes_get_a_sentence(
    arguments: list[str], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["reproduce", *arguments]) == 2
    shown = capsys.readouterr()
    assert words in shown.err
    assert "Traceback" not in shown.err
    assert shown.out == ""
