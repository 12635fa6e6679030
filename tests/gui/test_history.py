"""The numbers behind the curves."""

import math

import numpy as np
import pytest

from iic_studio.events import EpochFinished, HeadReport, RunStarted, StepsFinished, SubHeadReport
from iic_studio.gui.history import DRAWN, LIMIT, History, Series, information_bits
from iic_studio.records import JointMoment, halve_joints


def steps(step: int, losses: tuple[float, ...] = (-1.0, -2.0)) -> StepsFinished:
    return StepsFinished(
        step=step,
        epoch=0,
        main_losses=losses,
        overclustering_losses=losses,
        mutual_information=1.0,
        ceiling=2.0,
        images_per_s=1.0,
        elapsed_s=60.0 * step,
        fraction_done=0.0,
        eta_s=None,
    )


def test_a_long_series_stays_small_and_keeps_its_ends() -> None:
    series = Series()
    for step in range(50_000):
        series.append(step, step / 10, (float(step),))
    assert len(series) <= LIMIT
    assert series.steps[0] == 0
    assert series.steps[-1] == 49_999
    assert (np.diff(series.steps) > 0).all()
    drawn = series.thinned()
    assert len(drawn) <= DRAWN
    assert drawn[-1] == len(series) - 1


def test_a_resumed_run_replaces_what_is_done_anew() -> None:
    history = History()
    for step in (1, 2, 3, 4, 5):
        history.add(steps(step))
    history.add(RunStarted(run="a", job="resume"))
    history.add(steps(3))
    assert history.heads["main"].losses.steps.tolist() == [1, 2, 3]
    history.add(RunStarted(run="b", job="train"))
    assert len(history.heads["main"].losses) == 0


def test_an_epoch_tells_the_best_sub_head() -> None:
    history = History()
    history.add(steps(1, (-3.0, -2.0)))
    assert history.heads["main"].best == 0
    reports = tuple(SubHeadReport(loss=-1.0, mutual_information=one, marginal_entropy=1.9, conditional_entropy=0.4) for one in (1.0, 1.5))
    head = HeadReport(head="main", num_clusters=4, ceiling=2.0, best_sub_head=1, sub_heads=reports)
    history.add(EpochFinished(epoch=1, step=2, elapsed_s=120.0, heads=(head,)))
    history.add(steps(3, (-3.0, -2.0)))
    assert history.heads["main"].best == 1
    assert history.heads["main"].information.values.tolist() == [[1.5, 1.9, 0.4]]
    assert history.heads["main"].information.minutes.tolist() == [2.0]


@pytest.mark.parametrize("clusters", [2, 5, 50])
def test_information_in_bits(clusters: int) -> None:
    certain = np.eye(clusters, dtype=np.float32) / clusters
    told, marginal, conditional = information_bits(certain)
    assert told == pytest.approx(math.log2(clusters), abs=1e-5)
    assert marginal == pytest.approx(told, abs=1e-5)
    assert conditional == pytest.approx(0, abs=1e-5)
    flat = np.full((clusters, clusters), 1 / clusters**2, np.float32)
    told, marginal, conditional = information_bits(flat)
    assert told == pytest.approx(0, abs=1e-4)
    assert conditional == pytest.approx(marginal, abs=1e-4)


def test_joints_that_were_kept_tell_the_ceiling_where_no_epoch_was_finished() -> None:
    history = History()
    history.add(steps(3))
    halves = halve_joints(np.eye(4, dtype=np.float32)[None] / 4)
    history.add_moments([JointMoment(step, 60.0 * step, {"overclustering": halves}) for step in (1, 2)])
    head = history.heads["overclustering"]
    assert head.ceiling == 2.0
    assert head.information.values[:, 0] == pytest.approx([2.0, 2.0])
