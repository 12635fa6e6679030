"""Joints over time: few enough to keep, evenly spread, the same after a stop."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from iic_studio.config import TrainSettings
from iic_studio.events import CheckpointSaved, StepsFinished
from iic_studio.iic.networks import HEADS, MAIN, OVERCLUSTERING
from iic_studio.records import JointMoment, LiveArrays, halve_joints
from iic_studio.training import joint_log, narrator
from iic_studio.training.joint_log import FILE, MOST_BYTES, MOST_MOMENTS, JointLog
from iic_studio.training.live import LatestSlot
from iic_studio.training.trainer import TrainingData, train


def joints(clusters: int, sub_heads: int = 2, seed: int = 0) -> np.ndarray:
    found = np.random.default_rng(seed).random((sub_heads, clusters, clusters), np.float32)
    found = found + found.transpose(0, 2, 1)
    return found / found.sum(axis=(1, 2), keepdims=True)


def filled(folder: Path, steps: int, live: Callable[[int], LiveArrays]) -> JointLog:
    log = JointLog(folder)
    for step in range(1, steps + 1):
        if log.is_due(step):
            log.add(live(step), step / 10)
    return log


def test_a_symmetric_joint_comes_back_from_its_half() -> None:
    whole = joints(7, sub_heads=3)
    moment = JointMoment(5, 1.0, {MAIN: halve_joints(whole)})
    assert np.allclose(moment.joints(MAIN), whole, rtol=1e-3)
    assert moment.joints(OVERCLUSTERING) is None


@pytest.mark.parametrize("steps", [3, 150, 1_000, 30_000])
def test_a_run_of_any_length_leaves_an_even_spread_of_few_moments(tmp_path: Path, steps: int) -> None:
    small = joints(3)
    log = filled(tmp_path, steps, lambda step: LiveArrays(step, {MAIN: small}))
    taken = [moment.step for moment in log.moments]
    assert len(taken) <= MOST_MOMENTS
    assert len(taken) >= min(steps // 2, MOST_MOMENTS // 2)
    assert set(np.diff(taken)) <= {log.interval}
    assert taken[-1] > steps - log.interval


def test_many_clusters_take_no_more_room(tmp_path: Path) -> None:
    many = {MAIN: joints(140, 5), OVERCLUSTERING: joints(280, 5)}
    log = filled(tmp_path, 120, lambda step: LiveArrays(step, many))
    assert len(log.moments) >= joint_log.FEWEST_MOMENTS
    log.save()
    assert (tmp_path / FILE).stat().st_size < MOST_BYTES + 10_000
    assert set(log.moments[0].halves) == set(HEADS)


def test_a_head_that_does_not_fit_is_left_out_and_asked_for_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joint_log, "MOST_BYTES", 20_000)
    both = {MAIN: joints(10), OVERCLUSTERING: joints(50)}
    log = filled(tmp_path, 10, lambda step: LiveArrays(step, both))
    assert {name for moment in log.moments for name in moment.halves} == {MAIN}
    none = filled(tmp_path, 10, lambda step: LiveArrays(step, {MAIN: joints(60)}))
    assert none.moments == []
    assert not none.is_due(100)


def test_joints_that_are_no_numbers_are_not_kept(tmp_path: Path) -> None:
    log = JointLog(tmp_path)
    log.add(LiveArrays(2, {MAIN: np.full((1, 3, 3), np.nan, np.float32)}), 0.1)
    assert log.moments == []
    assert log.is_due(4)


def test_saved_and_loaded_up_to_a_step(tmp_path: Path) -> None:
    def live(step: int) -> LiveArrays:  # the second head learns later, as when they alternate
        heads = {MAIN: joints(4, seed=step)}
        return LiveArrays(step, heads | ({OVERCLUSTERING: joints(6, seed=step)} if step > 10 else {}))

    log = filled(tmp_path, 20, live)
    log.save()
    whole, part = JointLog.load(tmp_path), JointLog.load(tmp_path, until=12)
    assert [moment.step for moment in whole.moments] == [moment.step for moment in log.moments]
    assert whole.interval == log.interval
    for before, after in zip(log.moments, whole.moments, strict=True):
        assert before.elapsed_s == after.elapsed_s
        assert before.halves.keys() == after.halves.keys()
        assert all(np.array_equal(before.halves[head], after.halves[head]) for head in before.halves)
    assert [moment.step for moment in part.moments] == list(range(2, 13, 2))
    assert not list(tmp_path.glob("*.new"))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut off"])
def test_a_damaged_file_is_an_empty_log(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    assert JointLog.load(tmp_path).moments == []
    assert JointLog.load(tmp_path / "nowhere").moments == []


def test_training_leaves_moments_and_a_resumed_run_goes_on_with_them(
    data: TrainingData, planned: Callable[..., TrainSettings], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(narrator, "REPORT_INTERVAL_S", 0.0)
    run = train(data, planned(steps=12), tmp_path)
    for event in run:
        if isinstance(event, StepsFinished) and event.step == 7:
            break
    run.close()
    assert [moment.step for moment in JointLog.load(tmp_path).moments] == [2, 4, 6]
    live: LatestSlot[LiveArrays] = LatestSlot()
    assert any(isinstance(event, CheckpointSaved) for event in train(data, planned(steps=12), tmp_path, resume=True, live=live))
    kept = JointLog.load(tmp_path).moments
    assert [moment.step for moment in kept] == [2, 4, 6, 8, 10, 12]
    assert kept[-1].joints(MAIN).sum(axis=(1, 2)) == pytest.approx(np.ones(2), abs=1e-2)
    newest = live.take()
    assert newest is not None
    assert [moment.step for moment in newest.moments] == [2, 4, 6, 8, 10, 12]


def test_the_pairs_of_a_whole_pass_are_told(
    data: TrainingData, planned: Callable[..., TrainSettings], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(narrator, "REPORT_INTERVAL_S", 0.0)
    monkeypatch.setattr(narrator, "FEWEST_STEPS_PER_REPORT", 4)
    live: LatestSlot[LiveArrays] = LatestSlot()
    told = []
    for event in train(data, planned(steps=8), tmp_path, live=live):
        if isinstance(event, StepsFinished):
            newest = live.take()
            assert newest is not None
            told.append(newest.pairs)
    assert told[0] == {}
    assert told[-1][MAIN].shape == (2, 4, 4)
    assert told[-1][MAIN].sum(axis=(1, 2)) == pytest.approx(np.full(2, 64.0), rel=1e-3)
