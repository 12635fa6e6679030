"""Rows of the paper on made-up digits: what is printed, which images train, that labels only score, and going on after a stop."""

import dataclasses
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

from iic_studio import paths
from iic_studio.errors import UsageError
from iic_studio.events import Event, RunFailed, RunFinished, StepsFinished, WarningRaised
from iic_studio.images.datasets import DATASETS
from iic_studio.jobs import reproduce
from iic_studio.jobs.paper_rows import BUDGETS, ROWS
from iic_studio.jobs.reproduce import as_table, reproduce_row
from iic_studio.training.plan import DataFacts, plan
from iic_studio.training.trainer import TrainingData

Run = Callable[[Iterator[Event]], list[Event]]
NUM_TRAIN, NUM_TEST, NUM_UNLABELLED = 40, 20, 30


def images(count: int, channels: int, seed: int) -> np.ndarray:
    """(count, 28, 28) or (count, 28, 28, 3): bars whose place and direction say which of ten kinds they are."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:28, 0:28]
    kinds = np.arange(count) % 10
    bars = np.stack([abs((x if kind < 5 else y) - 4 - 5 * (kind % 5)) < 3 for kind in kinds])
    grey = np.where(bars, 200, 30) + rng.integers(-20, 20, bars.shape)
    return (grey if channels == 1 else np.repeat(grey[..., None], 3, axis=-1)).astype(np.uint8)


def write_set(path: Path, channels: int = 1, *, unlabelled: bool = False, shuffle_labels: bool = False) -> Path:
    labels = [np.arange(count) % 10 for count in (NUM_TRAIN, NUM_TEST)]
    if shuffle_labels:
        labels = [np.random.default_rng(1).permutation(one) for one in labels]
    arrays = {"x_train": images(NUM_TRAIN, channels, 0), "x_test": images(NUM_TEST, channels, 1)}
    if unlabelled:
        arrays["x_unlabeled"] = images(NUM_UNLABELLED, channels, 2)
    np.savez(path, **arrays, y_train=labels[0], y_test=labels[1])
    return path


@pytest.fixture
def digits(tmp_path: Path) -> Path:
    return write_set(tmp_path / "digits.npz")


def result(run: Run, name: str, data: Path, **options: object) -> dict[str, object]:
    (*_, last) = run(reproduce_row(name, data, **{"steps": 3, "device": "cpu"} | options))
    assert isinstance(last, RunFinished), last
    return last.summary


def test_a_row_reports_all_it_should(digits: Path, run: Run) -> None:
    summary = result(run, "mnist", digits, seed=4)
    assert summary["row"] == "mnist"
    assert summary["paper"] == {"accuracy": 0.992, "mean": 0.984, "std": 0.0065}
    assert summary["settings"]["clusters"] == 10
    assert (summary["seed"], summary["device"], summary["steps"], summary["num_images"]) == (4, "cpu", 3, 60)
    assert summary["sub_head"] == int(np.argmin(summary["sub_head_losses"]))
    lowest, mean, best = (summary[f"accuracy_{which}"] for which in ("of_lowest_loss", "mean", "of_best_picked_with_labels"))
    assert 0.1 <= lowest <= best <= 1
    assert mean <= best
    assert 0 <= summary["accuracy_std"] <= 0.5
    assert 0 <= summary["nmi"] <= 1
    assert summary["kmeans_accuracy"] > 0.9, "k-means tells bars on the same place apart"
    assert summary["kmeans_images"] == 60
    assert summary["training_s"] > 0
    assert json.loads(json.dumps(summary)).keys() == summary.keys()
    table = as_table(summary)
    for words in ("99.2%", "98.4% ± 0.65%", "lowest-loss sub-head", "picked with labels: not a fair number", "seed 4", "k-means on pixels"):
        assert words in table
    assert f"{lowest:.1%} (one-to-one accuracy on train+test, chosen without labels)" in table


def test_labels_never_reach_training(tmp_path: Path, run: Run, given: list[TrainingData]) -> None:
    one = result(run, "mnist", write_set(tmp_path / "one.npz"))
    other = result(run, "mnist", write_set(tmp_path / "other.npz", shuffle_labels=True))
    assert one["sub_head_losses"] == other["sub_head_losses"]
    assert one["kmeans_accuracy"] != other["kmeans_accuracy"]
    for data in given:
        held = [getattr(data, item.name) for item in dataclasses.fields(data)]
        assert all(not np.array_equal(one, np.arange(60) % 10) for one in held if isinstance(one, np.ndarray))
        assert np.array_equal(data.rows, np.arange(60))


def test_unlabelled_images_are_extra_for_the_overclustering_head(tmp_path: Path, run: Run, given: list[TrainingData]) -> None:
    data = write_set(tmp_path / "stl.npz", 3, unlabelled=True)
    summary = result(run, "stl10", data)
    assert (summary["num_images"], summary["num_extra_images"]) == (60, 30)
    assert "60 and 30 for the overclustering head" in as_table(summary)
    result(run, "stl10-no-unlabelled", data)
    extra, none = (one.extra_rows for one in given)
    assert extra is not None
    assert extra.tolist() == list(range(60, 90))
    assert none is None
    assert [one.pixels.shape for one in given] == [(90, 3, 28, 28), (60, 3, 28, 28)]


def test_a_row_that_needs_unlabelled_images_says_so(tmp_path: Path, run: Run) -> None:
    (*_, last) = run(reproduce_row("stl10", write_set(tmp_path / "stl.npz", 3), steps=2, device="cpu"))
    assert isinstance(last, RunFailed)
    assert "needs the unlabelled images" in last.message
    assert last.exit_code == 2


@pytest.mark.parametrize("name", ["mnist-overclustering", "stl10-overclustering"])
def test_overclustering_maps_by_training_labels_and_scores_unseen_test_images(
    tmp_path: Path, run: Run, given: list[TrainingData], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    with_unlabelled = ROWS[name].unlabelled
    quick = ROWS[name].quick | {"clusters": 12, "overclusters": 12}
    monkeypatch.setitem(ROWS, name, dataclasses.replace(ROWS[name], quick=quick))
    data = write_set(tmp_path / "set.npz", 3 if with_unlabelled else 1, unlabelled=with_unlabelled)
    summary = result(run, name, data)
    (seen,) = given
    assert seen.rows.tolist() == [*range(40), *(range(60, 90) if with_unlabelled else [])]
    assert seen.extra_rows is None
    assert summary["settings"]["overclustering_weight"] == 0
    assert summary["scored_on"] == "test"
    by_share = summary["accuracy_by_share_of_labels"]
    assert list(by_share) == ["1", "0.5", "0.1", "0.05", "0.02", "0.01"]
    assert by_share["1"] == summary["accuracy_of_lowest_loss"]
    assert all(0 <= accuracy <= 1 for accuracy in by_share.values())
    assert "many-to-one accuracy on test" in as_table(summary)
    assert "a curve without numbers" in as_table(summary)
    assert "map from 5% of labels" in as_table(summary)


def test_accuracy_is_what_its_definition_says() -> None:
    clusters = np.array([0, 0, 1, 1, 2, 2, 0, 1, 2, 3])
    labels = np.array([1, 1, 0, 0, 0, 0, 1, 0, 1, 0])
    assert reproduce._accuracy(ROWS["mnist"], clusters, labels, 6) == np.mean([1, 1, 1, 1, 0, 0, 1, 1, 0, 0])
    # By the first six labels: 0 is 1, 1 is 0, 2 is 0; no label says what cluster 3 is.
    row = ROWS["mnist-overclustering"]
    assert reproduce._accuracy(row, clusters, labels, 6) == 0.5
    assert reproduce._accuracy(row, clusters, labels, 6, np.array([2])) == 0.25


def test_kmeans_takes_a_part_when_all_would_take_hours(digits: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reproduce, "_KMEANS_WORK", 1)
    monkeypatch.setitem(ROWS, "mnist", dataclasses.replace(ROWS["mnist"], quick={"clusters": 3}))
    summary = result(run, "mnist", digits)
    assert summary["kmeans_images"] == 30


@pytest.mark.parametrize("name", ROWS)
@pytest.mark.parametrize("budget", BUDGETS)
def test_every_row_can_be_planned(name: str, budget: str) -> None:
    row = ROWS[name]
    settings = row.settings(budget, 1, "cpu", None)
    side, is_grey = {"stl10": (96, False), "cifar10": (32, False), "cifar100-20": (32, False)}.get(row.dataset, (28, True))
    planned = plan(settings, DataFacts(13_000, side, is_grey), torch.device("cpu"))
    assert planned.steps or planned.minutes
    assert planned.clusters == (ROWS[name].full["clusters"] if row.many_to_one else DATASETS[row.dataset])
    if budget == "full":
        assert not (planned.reseed or planned.stop_on_plateau or planned.contrastive_weight or planned.self_label_share)
        assert planned.steps >= 100_000
        assert (planned.learning_rate, planned.encoder == "small") == (1e-4, False)
        assert row.settings(budget, 1, "cpu", 7).steps == 7
    else:
        assert planned.encoder == "small"


@pytest.mark.parametrize("budget", BUDGETS)
def test_each_ablation_takes_one_thing_away(budget: str) -> None:
    whole = dataclasses.asdict(ROWS["stl10"].settings(budget, 0, "cpu", None))
    expected = {
        "no-overclustering": {"overclusters": 10},
        "one-sub-head": {"sub_heads": 1},
        "no-repeats": {"num_repeats": 1, "batch_size": whole["batch_size"] * whole["num_repeats"]},
        "no-unlabelled": {},
    }
    for name, changes in expected.items():
        row = ROWS[f"stl10-{name}"]
        changed = dataclasses.asdict(row.settings(budget, 0, "cpu", None))
        assert {key: value for key, value in changed.items() if value != whole[key]} == changes
        assert row.unlabelled == (name != "no-unlabelled")


def test_numbers_of_the_paper() -> None:
    printed = {name: row.paper["accuracy"] for name, row in ROWS.items() if row.paper}
    assert printed == {
        "mnist": 0.992,
        "cifar10": 0.617,
        "cifar100-20": 0.257,
        "stl10": 0.596,
        "stl10-no-overclustering": 0.438,
        "stl10-one-sub-head": 0.576,
        "stl10-no-repeats": 0.470,
        "stl10-no-unlabelled": 0.499,
    }


def test_an_interrupted_row_goes_on_as_if_it_had_not_been(digits: Path, run: Run) -> None:
    whole = result(run, "mnist", digits, steps=6)
    runs = paths.data_dir() / "reproduce"
    assert list(runs.iterdir()) == [], "a finished row leaves nothing"
    job = reproduce_row("mnist", digits, steps=6, device="cpu")
    for event in job:
        if isinstance(event, StepsFinished):
            break
    job.close()
    assert len(list(runs.iterdir())) == 1
    events = run(reproduce_row("mnist", digits, steps=6, device="cpu"))
    assert any(isinstance(event, WarningRaised) and "interrupted" in event.message for event in events)
    assert isinstance(events[-1], RunFinished)
    assert events[-1].summary["sub_head_losses"] == whole["sub_head_losses"]
    assert list(runs.iterdir()) == []


def test_the_same_row_does_not_train_twice_at_once(digits: Path, run: Run) -> None:
    first = reproduce_row("mnist", digits, steps=50, device="cpu")
    for event in first:
        if isinstance(event, StepsFinished):
            break
    (*_, last) = run(reproduce_row("mnist", digits, steps=50, device="cpu"))
    assert isinstance(last, RunFailed)
    assert "another IIC Studio" in last.message
    first.close()


@pytest.mark.parametrize(("name", "budget", "words"), [("imagenet", "quick", "no row"), ("mnist", "forever", "no budget")])
def test_unknown_rows_and_budgets(tmp_path: Path, name: str, budget: str, words: str) -> None:
    with pytest.raises(UsageError, match=words) as caught:
        reproduce_row(name, tmp_path, budget=budget)
    assert "Choose one of" in caught.value.hint
