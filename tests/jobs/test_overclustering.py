"""The curve over shares of labels: what is trained, how labels are drawn, and what is printed."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from iic_studio import jobs
from iic_studio.cli import main
from iic_studio.errors import UsageError
from iic_studio.events import Event, RunFailed, RunFinished
from iic_studio.jobs import overclustering
from iic_studio.jobs.overclustering import read_counts, read_shares, reproduce_overclustering, table_of

Run = Callable[[Iterator[Event]], list[Event]]


@pytest.fixture
def bars(tmp_path: Path) -> Path:
    """40 training and 20 test images of ten kinds of bars."""
    rng = np.random.default_rng(0)
    y, x = np.mgrid[0:28, 0:28]
    arrays = {}
    for part, count in (("train", 40), ("test", 20)):
        kinds = np.arange(count) % 10
        bars = np.stack([abs((x if kind < 5 else y) - 4 - 5 * (kind % 5)) < 3 for kind in kinds])
        arrays |= {f"x_{part}": (np.where(bars, 200, 30) + rng.integers(-20, 20, bars.shape)).astype(np.uint8), f"y_{part}": kinds}
    np.savez(tmp_path / "bars.npz", **arrays)
    return tmp_path / "bars.npz"


def test_a_line_for_each_number_of_clusters(bars: Path, run: Run) -> None:
    (*_, last) = run(reproduce_overclustering(bars, shares=(0.1, 1.0), clusters=(5, 12), steps=3, device="cpu"))
    assert isinstance(last, RunFinished), last
    summary = json.loads(json.dumps(last.summary))
    assert [one["clusters"] for one in summary["curves"]] == [5, 12]
    for curve in summary["curves"]:
        assert [one["num_labels"] for one in curve["by_share"]] == [4, 40]
        assert all(0 <= one["accuracy"] <= 1 for one in curve["by_share"])
        assert curve["by_share"][1]["std"] == 0.0, "all labels can be drawn in one way only"
    text = table_of(summary)
    assert "10 %" in text and "100 %" in text and "K = 12" in text and "20 test images" in text


def test_the_map_comes_from_the_drawn_labels_alone() -> None:
    clusters, labels = np.array([0, 0, 1, 1, 0, 1, 2]), np.array([0, 0, 1, 1, 0, 1, 1])
    assert overclustering._scored(clusters, labels, 4, 1.0, 0)["accuracy"] == pytest.approx(2 / 3)
    assert overclustering._scored(clusters, labels, 4, 0.25, 0)["accuracy"] == pytest.approx(1 / 3)


def test_shares_and_numbers_are_read() -> None:
    assert read_shares("1%, 50 %,1.0") == (0.01, 0.5, 1.0)
    assert read_shares("") == overclustering.SHARES
    assert read_counts("10, 25") == (10, 25)
    for text, reader in (("many", read_shares), ("1.5", read_counts)):
        with pytest.raises(UsageError):
            reader(text)


def test_what_is_out_of_range_is_refused(bars: Path, run: Run, tmp_path: Path) -> None:
    for wrong in ({"shares": (0.0,)}, {"clusters": (1,)}, {"dataset": "imagenet"}, {"budget": "endless"}):
        with pytest.raises(UsageError):
            reproduce_overclustering(bars, **wrong)
    end = run(reproduce_overclustering(tmp_path / "nothing.npz"))[-1]
    assert isinstance(end, RunFailed)


def test_the_command_prints_the_curve(bars: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["reproduce", jobs.OVERCLUSTERING, "--data", str(bars), "--labels", "10%,100%", "--clusters", "6", "--steps", "2"]
    assert main([*command, "--device", "cpu", "--quiet"]) == 0
    assert "K = 6" in capsys.readouterr().out
    assert main(["reproduce", "mnist", "--data", str(bars), "--labels", "10%"]) == 2
    assert main([*command, "--all-pixels"]) == 2
