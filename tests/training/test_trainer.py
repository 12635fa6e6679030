"""The loop: same seed same weights, cut in two or not; pause, stop, close; what it says and leaves."""

import dataclasses
import math
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
import torch

from iic_studio.config import TrainSettings
from iic_studio.errors import StudioError, UsageError
from iic_studio.evaluation.scores import score_clustering
from iic_studio.events import CheckpointSaved, DiagnosisChanged, EpochFinished, HealthMeasured, StartTried, StepsFinished, WarningRaised
from iic_studio.iic.networks import HEADS, MAIN, OVERCLUSTERING, ClusterNetwork
from iic_studio.records import Assignments, LiveArrays
from iic_studio.training import checkpoint as ckpt
from iic_studio.training import health, narrator, trainer
from iic_studio.training.live import Control, LatestSlot
from iic_studio.training.plan import DataFacts, plan
from iic_studio.training.processes import Processes
from iic_studio.training.report import JointMeter
from iic_studio.training.rolling import RollingAssignments
from iic_studio.training.run_state import RunState, load_model
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
    result = result_of(train(data, planned(steps=240, sub_heads=5, batch_size=32), folder))
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


@pytest.mark.parametrize(("cut_after", "method"), [(1, "iic"), (4, "iic"), (4, "iic+contrast+neighbours")])
def test_resumed_equals_uninterrupted(
    data: TrainingData, planned: Planned, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cut_after: int, method: str
) -> None:
    monkeypatch.setattr(narrator, "REPORT_INTERVAL_S", 0.0)
    whole = result_of(train(data, planned(method=method), tmp_path / "whole"))
    run = train(data, planned(method=method), tmp_path / "cut")
    for event in run:
        if isinstance(event, StepsFinished) and event.step == cut_after:
            break
    run.close()
    assert ckpt.load_last(tmp_path / "cut").facts["step"] == cut_after
    resumed = result_of(train(data, planned(method=method), tmp_path / "cut", resume=True))
    assert same(weights(tmp_path / "whole"), weights(tmp_path / "cut"))
    assert np.array_equal(whole.assignments.probabilities, resumed.assignments.probabilities)


@pytest.mark.parametrize("cut_after", [8, 22])
def test_a_resumed_run_chooses_its_best_weights_and_speaks_as_an_uninterrupted_one(
    data: TrainingData, planned: Planned, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cut_after: int
) -> None:
    monkeypatch.setattr(narrator, "REPORT_INTERVAL_S", 0.0)
    monkeypatch.setattr(narrator, "FEWEST_STEPS_PER_REPORT", 1)
    settings = planned(steps=40)
    whole = list(train(data, settings, tmp_path / "whole"))
    began, run = [], train(data, settings, tmp_path / "cut")
    for event in run:
        began.append(event)
        if isinstance(event, StepsFinished) and event.step == cut_after:
            break
    run.close()
    rest = list(train(data, settings, tmp_path / "cut", resume=True))

    def told(items: Sequence[object]) -> list[dict[str, object]]:
        """All that passes say, from the first one that ends after the cut on."""
        kept = [item for item in items if isinstance(item, HealthMeasured) and item.step > cut_after]
        return [{name: value for name, value in vars(item).items() if name != "time"} for item in kept]

    assert len(told(rest)) >= 4
    assert told(rest) == told(whole)
    assert not any(np.isnan(one["churn"]) for one in told(rest))  # type: ignore[call-overload]
    first, second = (ckpt.load_last(tmp_path / name) for name in ("whole", "cut"))
    for fact in ("best_loss", "best_step", "health"):
        assert first.facts[fact] == second.facts[fact]
    kept = [name for name in first.tensors if name.startswith(("best/", "rolling/", "health/"))]
    assert len(kept) > 5
    assert all(torch.equal(first.tensors[name], second.tensors[name]) for name in kept)
    said = [[item.message for item in items if isinstance(item, DiagnosisChanged)][-1:] for items in (whole, rest)]
    assert said[0] == said[1] != []


def test_a_run_cut_after_its_last_pass_still_says_how_it_ended(
    data: TrainingData, planned: Planned, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(narrator, "REPORT_INTERVAL_S", 0.0)
    monkeypatch.setattr(narrator, "FEWEST_STEPS_PER_REPORT", 1)
    settings = planned(steps=43)
    run = train(data, settings, tmp_path / "cut")
    for event in run:
        if isinstance(event, StepsFinished) and event.step == 42:
            break
    run.close()
    whole, rest = list(train(data, settings, tmp_path / "whole")), list(train(data, settings, tmp_path / "cut", resume=True))
    first, second = ([item.message for item in items if isinstance(item, DiagnosisChanged)][-1] for items in (whole, rest))
    assert first == second


def test_checkpoints_of_a_time_when_they_held_no_votes_are_read(
    data: TrainingData, planned: Planned, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(narrator, "FEWEST_STEPS_PER_REPORT", 1)
    result_of(train(data, planned(steps=8), folder))
    saved = ckpt.load_last(folder)
    tensors = {name: value for name, value in saved.tensors.items() if not name.startswith(("rolling/", "health/"))}
    ckpt.save(folder / ckpt.LAST, ckpt.Checkpoint(tensors, {name: value for name, value in saved.facts.items() if name != "said"}))
    items = list(train(data, planned(steps=16), folder, resume=True))
    measured = [item for item in items if isinstance(item, HealthMeasured)]
    assert np.isnan(measured[0].churn)
    assert not np.isnan(measured[1].churn)


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
    monkeypatch.setattr(narrator, "REPORT_INTERVAL_S", 0.0)
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
    clock = narrator.Clock(10.0)
    now = [0.0]
    monkeypatch.setattr(narrator.time, "perf_counter", lambda: now[0])
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
    batches = trainer.make_batches(data, settings, torch.device("cpu"))
    x, _ = batches.views(np.array([5]))
    with torch.no_grad():
        alone = network(x)[MAIN][result.assignments.sub_head, 0]
    assert np.allclose(alone.numpy(), result.assignments.probabilities[5], atol=2e-3)


def test_identical_images_are_refused(planned: Planned, folder: Path) -> None:
    pixels = np.full((30, 3, 24, 24), 90, np.uint8)
    run = train(TrainingData(pixels, np.arange(30), np.arange(30) + 1, True), planned(), folder)
    told = next(run)
    assert isinstance(told, DiagnosisChanged)
    assert told.state == "collapsed"
    with pytest.raises(StudioError, match="All 30 images show the same picture"):
        next(run)


def test_a_broken_loss_from_the_start_ends_with_words(data: TrainingData, planned: Planned, folder: Path, tmp_path: Path) -> None:
    broken = _broken_weights(data, planned, tmp_path / "other")
    with pytest.raises(StudioError, match="no longer a number"):
        result_of(train(data, planned(steps=100_000, weights=str(broken)), folder))
    assert not ckpt.has_checkpoint(folder)


def _broken_weights(data: TrainingData, planned: Planned, folder: Path) -> Path:
    result_of(train(data, planned(steps=1), folder))
    saved = ckpt.load(folder / ckpt.MODEL)
    tensors = {name: torch.full_like(tensor, torch.nan) if tensor.is_floating_point() else tensor for name, tensor in saved.tensors.items()}
    path = folder / "nan.safetensors"
    ckpt.save(path, ckpt.Checkpoint(tensors, saved.facts))
    return path


@pytest.mark.parametrize("times", [1, 2])
def test_a_loss_that_is_no_number_goes_back_once(
    data: TrainingData, planned: Planned, folder: Path, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    monkeypatch.setattr(narrator, "REPORT_INTERVAL_S", 0.0)
    monkeypatch.setattr(trainer, "CHECKPOINT_INTERVAL_S", 0.0)
    real, broken = trainer.compute_gradients, []

    def breaks(network: ClusterNetwork, *others: object) -> object:
        result = real(network, *others)  # type: ignore[arg-type]
        if len(broken) < times and len(seen) >= 4 + 2 * len(broken):
            broken.append(len(seen))
            for parameter in network.parameters():
                parameter.grad = torch.full_like(parameter, torch.nan)
        return result

    monkeypatch.setattr(trainer, "compute_gradients", breaks)
    seen: list[StepsFinished] = []
    warnings: list[WarningRaised] = []

    def follow() -> None:
        for item in train(data, planned(steps=10), folder):
            if isinstance(item, StepsFinished):
                seen.append(item)
            if isinstance(item, WarningRaised):
                warnings.append(item)

    if times == 1:
        follow()
        assert seen[-1].step == 10
        assert ckpt.load_last(folder).facts["setbacks"] == 1
    else:
        with pytest.raises(StudioError, match="no longer a number"):
            follow()
    assert [warning.message.startswith("The loss was no longer a number at step") for warning in warnings] == [True]
    good = ckpt.load_last(folder)
    assert all(bool(tensor.isfinite().all()) for tensor in good.tensors.values())


def test_when_memory_runs_short_the_step_is_done_in_parts(
    data: TrainingData, planned: Planned, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = ClusterNetwork.forward

    def short_of_memory(self: ClusterNetwork, x: torch.Tensor, heads: tuple[str, ...] = HEADS) -> dict[str, torch.Tensor]:
        if self.training and len(x) > 16:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 MiB")
        return real(self, x, heads)

    monkeypatch.setattr(ClusterNetwork, "forward", short_of_memory)
    items = list(train(data, planned(steps=8, batch_size=32), folder))
    (warning,) = [item for item in items if isinstance(item, WarningRaised)]
    assert "each step of 32 pairs is now computed in 4 parts" in warning.message
    assert isinstance(items[-1], TrainingResult)
    assert ckpt.load_last(folder).facts["parts"] == 4


def test_too_little_memory_in_one_of_several_processes_is_a_sentence(
    data: TrainingData, planned: Planned, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_memory(*_: object) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 MiB")

    processes, settings = Processes(1, 2), planned()
    run = RunState(settings, 1, torch.device("cpu"), folder, processes)
    batches = trainer.make_batches(data, settings, torch.device("cpu"), processes)
    monkeypatch.setattr(ClusterNetwork, "forward", no_memory)
    with pytest.raises(StudioError, match="in process 2 of 2") as failed:
        trainer.take_step(run, batches, RollingAssignments(64, 2, 4, torch.device("cpu")), 0.0)
    assert "--batch-size" in failed.value.hint
    assert "iic-studio resume" in failed.value.hint
    assert run.parts == 1


def test_too_little_memory_for_any_part_is_a_sentence(
    data: TrainingData, planned: Planned, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_memory(*_: object) -> None:
        raise RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 1000 bytes")

    monkeypatch.setattr(ClusterNetwork, "forward", no_memory)
    with pytest.raises(StudioError, match="not enough memory to train"):
        result_of(train(data, planned(), folder))


def test_alternating_heads_learn_in_turns(data: TrainingData, planned: Planned, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(narrator, "REPORT_INTERVAL_S", 0.0)
    changed = []
    real = trainer.take_step

    def watched(run: RunState, *others: object) -> trainer.Told:
        heads = {name: run.network.head(name).linear.weight.detach().clone() for name in HEADS}
        told = real(run, *others)  # type: ignore[arg-type]
        changed.append([name for name in HEADS if not torch.equal(heads[name], run.network.head(name).linear.weight)])
        return told

    monkeypatch.setattr(trainer, "take_step", watched)
    items = list(train(data, planned(steps=16, head_schedule="alternating", reseed=False), folder))
    assert changed == ([[MAIN]] * 4 + [[OVERCLUSTERING]] * 4) * 2
    last = [item for item in items if isinstance(item, StepsFinished)][-1]
    assert len(last.main_losses) == len(last.overclustering_losses) == 2
    assert isinstance(items[-1], TrainingResult)


def test_turns_of_the_heads_may_be_spelled_out(planned: Planned, folder: Path) -> None:
    run = RunState(planned(head_schedule="omm"), 1, torch.device("cpu"), folder)
    learning = []
    for step in range(0, 12, 2):
        run.step = step
        learning += run.objective(steps_per_epoch=2, fraction_done=0.0).heads
    assert learning == [OVERCLUSTERING, MAIN, MAIN] * 2


def test_best_weights_are_those_of_a_low_loss_that_lasts(planned: Planned, folder: Path) -> None:
    run = RunState(planned(clusters=4), 1, torch.device("cpu"), folder)
    for step, (loss, churn) in enumerate([(-1.0, math.nan), (-1.3, 0.5), (-1.2, 0.01), (-1.21, 0.2), (-1.25, math.nan)]):
        run.step = step
        run.remember_best(loss, churn)
    assert run.best_step == 2


def test_without_overclustering_there_is_one_head(data: TrainingData, planned: Planned, folder: Path) -> None:
    items = list(train(data, planned(steps=60, overclustering_weight=0.0), folder))
    result = items[-1]
    assert isinstance(result, TrainingResult)
    assert result.overclusters is None
    assert list(result.joints.joints) == [MAIN]
    (epoch,) = [item for item in items if isinstance(item, EpochFinished)]
    assert [head.head for head in epoch.heads] == [MAIN]


def test_several_starts_go_on_with_the_lowest_loss(data: TrainingData, planned: Planned, folder: Path) -> None:
    items = list(train(data, planned(steps=70, starts=3, batch_size=32), folder))
    tried = [item for item in items if isinstance(item, StartTried)]
    assert [(item.start, item.num_starts) for item in tried] == [(0, 3), (1, 3), (2, 3)]
    assert len({item.seed for item in tried}) == 3
    best = min(tried, key=lambda item: item.loss)
    assert [item for item in tried if item.is_best][-1] == best
    saved = ckpt.load_last(folder)
    assert saved.facts["start_losses"] == [item.loss for item in tried]
    assert saved.facts["step"] == 70


def test_starts_that_were_cut_off_go_on_with_the_next(data: TrainingData, planned: Planned, folder: Path, tmp_path: Path) -> None:
    whole = [item for item in train(data, planned(steps=70, starts=3), tmp_path / "whole") if isinstance(item, StartTried)]
    run = train(data, planned(steps=70, starts=3), folder)
    for item in run:
        if isinstance(item, CheckpointSaved):
            break
    run.close()
    rest = [item for item in train(data, planned(steps=70, starts=3), folder, resume=True) if isinstance(item, StartTried)]
    assert [item.start for item in rest] == [1, 2]
    assert [item.loss for item in rest] == [item.loss for item in whole[1:]]


def test_between_two_starts_the_best_one_is_kept(
    data: TrainingData, planned: Planned, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    losses = iter([-1.0, -2.0, -1.5])
    monkeypatch.setattr(JointMeter, "live_loss", lambda _: next(losses))
    kept = []
    run = train(data, planned(steps=70, starts=3), folder)
    for item in run:
        if isinstance(item, CheckpointSaved):
            kept.append(weights(folder))
        if isinstance(item, StartTried) and item.start == 2:
            break
    run.close()
    assert len(kept) == 2
    assert ckpt.load_last(folder).facts["start_losses"] == [-1.0, -2.0, -1.5]
    assert same(weights(folder), kept[1])
    assert not same(weights(folder), kept[0])


def test_extra_images_teach_the_overclustering_head_only(data: TrainingData, planned: Planned, folder: Path) -> None:
    more = dataclasses.replace(data, rows=np.arange(32), image_ids=np.arange(32) + 1, extra_rows=np.arange(32, 64))
    items = list(train(more, planned(steps=60), folder))
    (epoch,) = [item for item in items if isinstance(item, EpochFinished)]
    assert epoch.heads[0].head == MAIN
    result = items[-1]
    assert isinstance(result, TrainingResult)
    assert result.assignments.image_ids.tolist() == list(range(1, 33))
    plain = result_of(train(dataclasses.replace(more, extra_rows=None), planned(steps=60), folder))
    assert not np.allclose(plain.joints.joints[OVERCLUSTERING], result.joints.joints[OVERCLUSTERING])


def test_a_batch_that_cannot_be_shared_equally_is_refused(data: TrainingData, planned: Planned, folder: Path) -> None:
    with pytest.raises(UsageError, match="15 pairs a step cannot be shared equally by 2 processes"):
        result_of(train(data, planned(batch_size=15), folder, processes=Processes(0, 2)))


@pytest.mark.parametrize("channels", [2, 5])
def test_any_number_of_channels_trains(data: TrainingData, folder: Path, channels: int) -> None:
    pixels = np.ascontiguousarray(np.repeat(data.pixels[:, :1], channels, axis=1))
    settings = plan(TrainSettings(clusters=4, sub_heads=2, steps=3, batch_size=16), DataFacts(64, 24, False, channels), torch.device("cpu"))
    assert settings.inputs == "all"
    result = result_of(train(dataclasses.replace(data, pixels=pixels, is_grey=False), settings, folder))
    assert len(result.assignments.assignment) == 64


@pytest.mark.parametrize(
    "changes",
    [
        {"encoder": "vgg", "inputs": "grey"},
        {"encoder": "resnet34", "inputs": "sobel"},
        {"num_repeats": 3},
        {"contrastive_weight": 1.0},
        {"self_label_share": 0.5},
        {"neighbours": 3},
        {"inputs": "rgb+sobel"},
    ],
    ids=str,
)
def test_every_option_trains_and_its_model_can_be_loaded(
    data: TrainingData, planned: Planned, folder: Path, changes: dict[str, object]
) -> None:
    result = result_of(train(data, planned(steps=4, **changes), folder))
    assert np.isfinite(result.losses[MAIN]).all()
    network, settings, _ = load_model(folder, torch.device("cpu"))
    views, _ = trainer.make_batches(data, settings, torch.device("cpu")).views(np.arange(3))
    assert network(views)[MAIN].shape == (2, 3, 4)


def test_a_plateau_ends_the_run_early_with_its_decay(
    data: TrainingData, planned: Planned, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(narrator, "FEWEST_STEPS_PER_REPORT", 4)
    monkeypatch.setattr(health, "PLATEAU_WINDOW", 3)
    items = list(train(data, planned(steps=3000, seed=1, sub_heads=3), folder))
    result = items[-1]
    assert isinstance(result, TrainingResult)
    assert result.ended_at_plateau
    assert not result.stopped_early
    assert result.joints.step < 1500
    assert "plateau" in [item.state for item in items if isinstance(item, DiagnosisChanged)]


def test_resume_without_checkpoint_is_refused(data: TrainingData, planned: Planned, folder: Path) -> None:
    with pytest.raises(StudioError, match="no checkpoint"):
        next(train(data, planned(), folder, resume=True))
