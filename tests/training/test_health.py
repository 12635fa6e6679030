"""Health without labels, and what is said of it; each diagnosis on made data or made numbers."""

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from iic_studio.config import TrainSettings
from iic_studio.events import DiagnosisChanged, EpochFinished, HeadReport, HealthMeasured, SubHeadReport, from_json, to_json
from iic_studio.iic.networks import MAIN
from iic_studio.training import narrator
from iic_studio.training.diagnosis import Advice, Remedy, advice_of, diagnose, diagnose_end
from iic_studio.training.health import (
    PLATEAU_WINDOW,
    HealthMeter,
    PassFacts,
    agreement_beyond_chance,
    compare_assignments,
)
from iic_studio.training.plan import DataFacts, plan
from iic_studio.training.trainer import TrainingData, train


def facts(votes: np.ndarray, *, step: int = 100, bits: float = 1.0, shuffled: float = 0.0, shown: int = 0) -> PassFacts:
    sizes = np.bincount(votes[:, shown][votes[:, shown] >= 0], minlength=4) / len(votes)
    bits_of, by_chance, held = [bits, bits - 0.1], [shuffled, 0.0], sizes.tolist()
    return PassFacts(step, step // 10, bits_of, by_chance, 2.0, held, votes, shown, np.arange(10) % 4, 0.9, held)


def test_renaming_clusters_is_no_churn() -> None:
    before = np.array([0, 0, 1, 1, 2, 2])
    assert compare_assignments(before, np.array([2, 2, 0, 0, 1, 1]), 3) == (0.0, pytest.approx(1.0))


def test_churn_is_the_share_that_moved_among_images_seen_twice() -> None:
    before = np.array([0, 0, 0, 1, 1, 1, -1, 0])
    churn, nmi = compare_assignments(before, np.array([0, 0, 1, 1, 1, 1, 0, -1]), 2)
    assert churn == pytest.approx(1 / 6)
    assert 0 < nmi < 1
    assert all(map(math.isnan, compare_assignments(np.array([-1]), np.array([0]), 2)))


def test_agreement_is_one_for_renamed_groups_and_zero_for_unrelated_ones() -> None:
    rng = np.random.default_rng(0)
    first = rng.integers(0, 4, 4000)
    assert agreement_beyond_chance(np.stack([first, (first + 1) % 4], axis=1)) == pytest.approx(1)
    assert abs(agreement_beyond_chance(np.stack([first, rng.integers(0, 4, 4000)], axis=1))) < 0.01
    assert math.isnan(agreement_beyond_chance(first[:, None]))


def test_health_of_a_pass() -> None:
    meter = HealthMeter()
    votes = np.stack([np.repeat([0, 1, 2], 40), np.repeat([1, 2, 3], 40)], axis=1)
    first = meter.measure(facts(votes, bits=1.2, shuffled=0.2))
    assert first.mutual_information_excess == pytest.approx(1.0)
    assert math.isnan(first.churn)
    assert (first.num_used, first.num_dead) == (3, 1)
    assert first.largest_share == pytest.approx(1 / 3)
    assert first.cluster_sizes == pytest.approx((1 / 3, 1 / 3, 1 / 3, 0))
    assert first.agreement == pytest.approx(1)
    moved = votes.copy()
    moved[:12, 0] = 1
    second = meter.measure(facts(moved))
    assert second.churn == pytest.approx(0.1)
    assert second.nmi_previous < 1


def test_plateau_needs_two_windows_without_gain_or_movement() -> None:
    meter = HealthMeter([(1.0, 0.001)] * (2 * PLATEAU_WINDOW - 1))
    assert not meter.is_plateau(2.0)
    meter.history.append((1.0, 0.001))
    assert meter.is_plateau(2.0)
    assert not HealthMeter([(1.0, 0.001)] * PLATEAU_WINDOW + [(1.1, 0.001)] * PLATEAU_WINDOW).is_plateau(2.0)
    assert not HealthMeter([(1.0, 0.05)] * 2 * PLATEAU_WINDOW).is_plateau(2.0)


def test_a_break_does_not_hide_a_plateau() -> None:
    history = [(1.0, 0.001)] * (2 * PLATEAU_WINDOW - 3) + [(1.0, math.nan)] + [(1.0, 0.001)] * 2
    assert HealthMeter(history).is_plateau(2.0)
    assert not HealthMeter([(1.0, 0.001)] * PLATEAU_WINDOW + [(1.0, math.nan)] * PLATEAU_WINDOW).is_plateau(2.0)


def test_history_survives_a_checkpoint() -> None:
    meter = HealthMeter([(1.0, math.nan), (1.5, 0.25)])
    restored = HealthMeter.restored(meter.state()).history
    assert restored[1] == (1.5, 0.25)
    assert math.isnan(restored[0][1])


def report(step: int, *, marginal: float = 2.0) -> EpochFinished:
    sub_head = SubHeadReport(loss=-1.0, mutual_information=1.0, marginal_entropy=marginal, conditional_entropy=0.5)
    head = HeadReport(head=MAIN, num_clusters=4, ceiling=2.0, best_sub_head=0, sub_heads=(sub_head,))
    return EpochFinished(epoch=1, step=step, elapsed_s=1.0, heads=(head,))


def health(**changes: float) -> HealthMeasured:
    values = {
        "step": 500, "epoch": 5, "mutual_information": 1.5, "mutual_information_excess": 1.5, "ceiling": 2.0, "churn": 0.1,
        "nmi_previous": 0.9, "num_used": 4, "num_dead": 0, "largest_share": 0.3,
        "largest_share_in_use": 0.3, "agreement": 0.8, "consistency": 0.9,
    }  # fmt: skip
    return HealthMeasured(**(values | changes))  # type: ignore[arg-type]


NOTHING, PRESET = Advice(), Advice(Remedy.OTHER_PRESET)


@pytest.mark.parametrize(
    ("step", "marginal", "changes", "is_plateau", "state", "words", "advice"),
    [
        (50, 2.0, {"mutual_information_excess": 0.0}, False, "warming_up", "no groups yet", NOTHING),
        (500, 2.0, {"mutual_information_excess": 0.0}, False, "nothing_beyond_chance", "share no more than views of different", PRESET),
        (500, 2.0, {"agreement": 0.02}, False, "nothing_beyond_chance", "in a way of its own", Advice(Remedy.OTHER_CLUSTERS, 2)),
        (500, 0.05, {}, False, "collapsed", "one cluster", PRESET),
        (500, 2.0, {"largest_share_in_use": 1.0}, False, "collapsed", "one cluster", PRESET),
        (500, 2.0, {"num_used": 3, "num_dead": 1}, False, "too_many_clusters", "3 of 4 are in use", Advice(Remedy.OTHER_CLUSTERS, 3)),
        (500, 2.0, {}, True, "plateau", "hardly change any more", NOTHING),
        (500, 2.0, {}, False, "learning", "share 75% of what 4 clusters could tell", NOTHING),
    ],
)
def test_each_state_has_its_words(
    step: int, marginal: float, changes: dict[str, float], is_plateau: bool, state: str, words: str, advice: Advice
) -> None:
    found = diagnose(report(step, marginal=marginal), health(**changes), is_plateau=is_plateau)
    assert found.state == state
    assert words in found.message
    assert bool(found.action) == (state not in ("learning", "warming_up"))
    assert advice_of(found) == advice
    back = from_json(to_json(found))
    assert isinstance(back, DiagnosisChanged)
    assert advice_of(back) == advice


def test_advice_that_this_version_does_not_know_is_none() -> None:
    assert advice_of(DiagnosisChanged(state="odd", message="Odd.", remedy="paint_it_blue", remedy_value=3)) == Advice()
    assert advice_of(DiagnosisChanged(state="odd", message="Odd.", remedy="train_with_clusters", remedy_value=1)) == Advice()


@pytest.mark.parametrize(
    ("last", "gain", "state"),
    [
        ("warming_up", math.nan, "unfinished"),
        ("learning", math.nan, "unfinished"),
        ("learning", 0.1, "unfinished"),
        ("learning", 0.001, "settled"),
        ("learning", -0.1, "settled"),
        ("plateau", 0.5, None),
        ("too_many_clusters", 0.5, None),
    ],
)
def test_the_end_says_whether_more_time_would_help(last: str, gain: float, state: str | None) -> None:
    found = diagnose_end(DiagnosisChanged(state=last, message="…"), gain, 2.0)
    assert (found.state if found else None) == state
    if state == "unfinished":
        assert found is not None
        assert advice_of(found) == Advice(Remedy.LONGER, 2)


def test_a_run_too_short_for_a_pass_says_so(data: TrainingData, planned: Callable[..., TrainSettings], folder: Path) -> None:
    said = [event for event in train(data, planned(steps=3), folder) if isinstance(event, DiagnosisChanged)]
    assert [event.state for event in said] == ["unfinished"]


def test_gain_is_that_of_the_full_learning_rate() -> None:
    rising = HealthMeter([(0.1 * place, 0.0) for place in range(16)])
    assert rising.gain_before(0.5) == pytest.approx(0.2)
    assert rising.gain_before(1.0) == pytest.approx(0.4)
    assert math.isnan(HealthMeter([(1.0, 0.0)] * 7).gain_before(0.5))
    assert HealthMeter([(1.0, 0.0)] * 8 + [(2.0, 0.0)] * 8).gain_before(0.5) == 0


# Made pictures ------------------------------------------------------------------------------------------------------------------------


def states(pixels: np.ndarray, folder: Path, monkeypatch: pytest.MonkeyPatch, **changes: object) -> list[str]:
    """Diagnoses of a short run, in order."""
    monkeypatch.setattr(narrator, "FEWEST_STEPS_PER_REPORT", 20)
    is_grey = bool((pixels[:, :1] == pixels).all())
    asked = {"clusters": 4, "sub_heads": 3, "batch_size": 32, "image_size": 16} | changes
    settings = plan(TrainSettings(**asked), DataFacts(len(pixels), pixels.shape[-1], is_grey), torch.device("cpu"))
    data = TrainingData(pixels, np.arange(len(pixels)), np.arange(len(pixels)) + 1, is_grey)
    return [item.state for item in train(data, settings, folder) if isinstance(item, DiagnosisChanged)]


def test_pure_noise_is_nothing_beyond_chance(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (128, 3, 24, 24), dtype=np.uint8)
    assert states(noise, folder, monkeypatch, steps=340)[-1] == "nothing_beyond_chance"


def test_one_image_over_and_over_collapses(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    one = rng.integers(0, 256, (1, 3, 24, 24), dtype=np.uint8)
    repeated = np.repeat(one, 64, axis=0)
    repeated[0, 0, 0, 0] ^= 1  # exactly equal images are refused before training
    assert states(repeated, folder, monkeypatch, steps=200)[-1] == "collapsed"


def test_two_kinds_are_too_few_for_eight_clusters(
    folder: Path, monkeypatch: pytest.MonkeyPatch, planned: Callable[..., TrainSettings]
) -> None:
    rng = np.random.default_rng(0)
    half = np.where(np.arange(24)[None, :] < 12, 220, 30) + np.zeros((24, 1))
    kinds = np.stack([half if index % 2 else half.T for index in range(64)])[:, None] + rng.integers(-6, 6, (64, 1, 24, 24))
    found = states(np.repeat(kinds.clip(0, 255).astype(np.uint8), 3, axis=1), folder, monkeypatch, clusters=8, steps=340)
    assert found[-1] in ("too_many_clusters", "nothing_beyond_chance")


def test_kinds_are_learned(folder: Path, monkeypatch: pytest.MonkeyPatch, data: TrainingData) -> None:
    assert "learning" in states(data.pixels, folder, monkeypatch, steps=120)
