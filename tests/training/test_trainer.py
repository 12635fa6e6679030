"""The loop: same seed same weights, cut in two or not; pause, stop, close; what it says and leaves."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from iic_studio.config import TrainSettings
from iic_studio.errors import StudioError
from iic_studio.evaluation.scores import score_clustering
from iic_studio.events import CheckpointSaved, EpochFinished, StepsFinished
from iic_studio.iic.networks import MAIN, OVERCLUSTERING
from iic_studio.records import Assignments, LiveArrays
from iic_studio.training import checkpoint as ckpt
from iic_studio.training import trainer
from iic_studio.training.live import Control, LatestSlot
from iic_studio.training.run_state import load_model
from iic_studio.training.trainer import TrainingData, TrainingResult, train

Planned = Callable[..., TrainSettings]


def result_of(run: object) -> TrainingResult:
    *_, last = run
    assert isinstance(last, TrainingResult)
    return last


def weights(folder: Path, name: str = ckpt.LAST) -> dict[str, torch.Tensor]:
    return {key: value for key, value in ckpt.load(folder / name).tensors.items() if key.startswith(("network/", "optimiser/"))}


def same(first: dict[str, torch.Tensor], second: dict[str, torch.Tensor]) -> bool:
    return first.keys() == second.keys() and all(torch.equal(first[name], second[name]) for name in first)


def test_it_finds_the_kinds(data: TrainingData, kinds: np.ndarray, planned: Planned, folder: Path) -> None:
    result = result_of(train(data, planned(steps=120, sub_heads=5, batch_size=32), folder))
    scores = score_clustering(result.assignments.assignment.tolist(), [str(kind) for kind in kinds])
    assert scores.accuracy_many_to_one > 0.9
    assert result.assignments.sub_head == int(np.argmin(result.losses[MAIN]))
    assert result.assignments.image_ids.tolist() == list(range(1, 65))
    assert np.allclose(result.assignments.probabilities.sum(axis=1), 1, atol=1e-3)
    assert result.joints.joints[OVERCLUSTERING].sum() == pytest.approx(5, abs=1e-3)


def test_same_seed_same_weights(data: TrainingData, planned: Planned, tmp_path: Path) -> None:
    for name, seed in (("a", 3), ("b", 3), ("c", 4)):
        result_of(train(data, planned(seed=seed), tmp_path / name))
    assert same(weights(tmp_path / "a"), weights(tmp_path / "b"))
    assert not same(weights(tmp_path / "a"), weights(tmp_path / "c"))


@pytest.mark.parametrize("cut_after", [1, 4])
def test_resumed_equals_uninterrupted(
    data: TrainingData, planned: Planned, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cut_after: int
) -> None:
    monkeypatch.setattr(trainer, "REPORT_INTERVAL_S", 0.0)
    whole = result_of(train(data, planned(), tmp_path / "whole"))
    run = train(data, planned(), tmp_path / "cut")
    for event in run:
        if isinstance(event, StepsFinished) and event.step == cut_after:
            break
    run.close()
    assert ckpt.load_last(tmp_path / "cut").facts["step"] == cut_after
    resumed = result_of(train(data, planned(), tmp_path / "cut", resume=True))
    assert same(weights(tmp_path / "whole"), weights(tmp_path / "cut"))
    assert np.array_equal(whole.assignments.probabilities, resumed.assignments.probabilities)


def test_stop_and_keep_ends_with_a_result(data: TrainingData, planned: Planned, folder: Path) -> None:
    control = Control()
    run = train(data, planned(steps=100_000), folder, control=control)
    next(run)
    control.stop_and_keep()
    result = result_of(run)
    assert result.stopped_early
    assert len(result.assignments.assignment) == 64
    assert (folder / ckpt.MODEL).is_file()


def test_events_say_what_happens(data: TrainingData, planned: Planned, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trainer, "REPORT_INTERVAL_S", 0.0)
    monkeypatch.setattr(trainer, "INTERIM_INTERVAL_S", 0.0)
    live: LatestSlot[LiveArrays] = LatestSlot()
    items = list(train(data, planned(steps=60), folder, live=live))
    steps = [item for item in items if isinstance(item, StepsFinished)]
    assert [item.step for item in steps] == list(range(1, 61))
    assert all(0 <= item.mutual_information <= item.ceiling == 2 for item in steps)
    assert steps[-1].fraction_done == 1
    assert steps[-1].eta_s == 0
    (epoch,) = [item for item in items if isinstance(item, EpochFinished)]
    main = epoch.heads[0]
    assert (main.head, main.num_clusters, len(main.sub_heads)) == (MAIN, 4, 2)
    for sub_head in main.sub_heads:
        assert sub_head.mutual_information == pytest.approx(sub_head.marginal_entropy - sub_head.conditional_entropy, abs=1e-4)
        assert sub_head.loss == pytest.approx(-sub_head.mutual_information * np.log(2), abs=1e-4)
    assert sum(epoch.cluster_sizes) == pytest.approx(1, abs=1e-4)
    assert any(isinstance(item, CheckpointSaved) for item in items)
    interim = [item for item in items if isinstance(item, Assignments)]
    assert len(interim[-1].assignment) == 64
    snapshot = live.take()
    assert snapshot is not None
    assert snapshot.joints[MAIN].shape == (2, 4, 4)
    assert live.take() is None


def test_time_spent_paused_does_not_count(data: TrainingData, planned: Planned, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = trainer.Clock(10.0)
    now = [0.0]
    monkeypatch.setattr(trainer.time, "perf_counter", lambda: now[0])
    with clock:
        now[0] += 2
    now[0] += 1000
    with clock:
        now[0] += 3
    assert clock.elapsed_s == 15


def test_minutes_are_a_budget_too(data: TrainingData, planned: Planned, folder: Path) -> None:
    settings = planned(steps=None, minutes=0.02)
    assert settings.steps is None
    result = result_of(train(data, settings, folder))
    assert result.elapsed_s >= 1.2


def test_model_assigns_as_the_run_did(data: TrainingData, planned: Planned, folder: Path) -> None:
    result = result_of(train(data, planned(steps=20), folder))
    network, settings, saved = load_model(folder, torch.device("cpu"))
    assert saved.facts["sub_head"] == result.assignments.sub_head
    assert not network.training
    batches = trainer.Batches(data.pixels, data.rows, 1, settings, torch.device("cpu"))
    x, _ = batches.views(np.array([5]))
    with torch.no_grad():
        alone = network(x)[MAIN][result.assignments.sub_head, 0]
    assert np.allclose(alone.numpy(), result.assignments.probabilities[5], atol=2e-3)


def test_identical_images_are_refused(planned: Planned, folder: Path) -> None:
    pixels = np.full((30, 3, 24, 24), 90, np.uint8)
    with pytest.raises(StudioError, match="All 30 images show the same picture"):
        result_of(train(TrainingData(pixels, np.arange(30), np.arange(30) + 1, True), planned(), folder))


def test_a_loss_that_is_no_number_stops_with_words(data: TrainingData, planned: Planned, folder: Path) -> None:
    with pytest.raises(StudioError, match="no longer a number"):
        result_of(
            train(
                data,
                planned(learning_rate=1.0, steps=100_000, marginal_weight=1.0, weights=str(_broken_weights(data, planned, folder))),
                folder,
            )
        )


def _broken_weights(data: TrainingData, planned: Planned, folder: Path) -> Path:
    result_of(train(data, planned(steps=1), folder))
    saved = ckpt.load(folder / ckpt.MODEL)
    tensors = {name: torch.full_like(tensor, torch.nan) if tensor.is_floating_point() else tensor for name, tensor in saved.tensors.items()}
    path = folder / "nan.safetensors"
    ckpt.save(path, ckpt.Checkpoint(tensors, saved.facts))
    return path


def test_resume_without_checkpoint_is_refused(data: TrainingData, planned: Planned, folder: Path) -> None:
    with pytest.raises(StudioError, match="no checkpoint"):
        next(train(data, planned(), folder, resume=True))
