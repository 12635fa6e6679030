"""Heads on what an encoder saw: kinds are found, a run goes on bit for bit, pairs are made of different views."""

import dataclasses
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn import functional

from iic_studio.config import POINTWISE, TrainSettings
from iic_studio.errors import UsageError
from iic_studio.evaluation.scores import score_clustering
from iic_studio.events import EpochFinished, HealthMeasured, StepsFinished
from iic_studio.iic import whitening
from iic_studio.iic.networks import MAIN, OVERCLUSTERING, ClusterNetwork
from iic_studio.iic.pointwise import pointwise_loss
from iic_studio.iic.trunks import SeenTrunk
from iic_studio.training import checkpoint as ckpt
from iic_studio.training import narrator, views
from iic_studio.training.plan import DataFacts, plan
from iic_studio.training.processes import Processes
from iic_studio.training.run_state import load_image_model
from iic_studio.training.task import batches_of
from iic_studio.training.trainer import TrainingData, TrainingResult, train
from iic_studio.training.views import ViewBatches

CPU = torch.device("cpu")
Make = Callable[..., TrainSettings]


@pytest.fixture
def seen(kinds: np.ndarray) -> TrainingData:
    """64 images of four kinds in three views of 40 numbers each; all images share an offset, each has noise of its own."""
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(4, 40))
    images = 3 + centres[kinds] + 0.4 * rng.normal(size=(64, 40))
    pictures = images[:, None] + 0.2 * rng.normal(size=(64, 3, 40))
    return TrainingData(pictures.astype(np.float16), np.arange(64), np.arange(64) + 1, is_grey=False)


@pytest.fixture
def settings() -> Make:
    def make(**changes: object) -> TrainSettings:
        asked = {"encoder": "resnet18", "clusters": 4, "sub_heads": 3, "steps": 60, "batch_size": 32} | changes
        return plan(TrainSettings(**asked), DataFacts(64, 24, False), CPU)

    return make


def result_of(run: object) -> TrainingResult:
    *_, last = run
    assert isinstance(last, TrainingResult)
    return last


@pytest.mark.parametrize("method", [POINTWISE, "iic", "iic+neighbours"])
def test_kinds_are_found(seen: TrainingData, kinds: np.ndarray, settings: Make, folder: Path, method: str) -> None:
    items = list(train(seen, settings(method=method, steps=150, learning_rate=1e-2), folder))
    result = items[-1]
    assert isinstance(result, TrainingResult)
    scores = score_clustering(result.assignments.assignment.tolist(), [str(kind) for kind in kinds])
    assert scores.accuracy_one_to_one > 0.9
    assert result.overclusters is not None
    assert any(isinstance(item, EpochFinished) for item in items)
    assert any(isinstance(item, HealthMeasured) for item in items)


def test_resumed_equals_uninterrupted(seen: TrainingData, settings: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(narrator, "REPORT_INTERVAL_S", 0.0)
    whole = result_of(train(seen, settings(steps=12), tmp_path / "whole"))
    run = train(seen, settings(steps=12), tmp_path / "cut")
    for event in run:
        if isinstance(event, StepsFinished) and event.step == 5:
            break
    run.close()
    resumed = result_of(train(seen, settings(steps=12), tmp_path / "cut", resume=True))
    first, second = (ckpt.load(tmp_path / name / ckpt.LAST).tensors for name in ("whole", "cut"))
    assert all(torch.equal(first[name], second[name]) for name in first if name.startswith(("network/", "optimiser/")))
    assert np.array_equal(whole.assignments.probabilities, resumed.assignments.probabilities)


def test_the_model_assigns_other_images_as_it_did_its_own(seen: TrainingData, settings: Make, folder: Path) -> None:
    result = result_of(train(seen, settings(), folder))
    network, loaded, saved = load_image_model(folder, CPU)
    batches = batches_of(seen.pixels, np.array([7, 9]), int(saved.facts["channels"]), loaded, CPU)
    with torch.no_grad():
        alone = network(batches.centre(np.arange(2)), (MAIN,))[MAIN][saved.facts["sub_head"]]
    assert np.allclose(alone.numpy(), result.assignments.probabilities[[7, 9]], atol=1e-5)


def test_a_pair_has_two_different_views(settings: Make) -> None:
    pictures = np.broadcast_to(np.arange(1, 4)[None, :, None], (64, 3, 8)).astype(np.float16)
    batches = batches_of(pictures, np.arange(64), 8, settings(num_repeats=2), CPU)
    assert isinstance(batches, ViewBatches)
    batch = batches.at(0)
    assert batch.x.shape == (32, 8)
    assert batch.x_transformed.shape == (64, 8)
    own = batch.x.max(dim=1).values  # a number that was not dropped is the view's, scaled
    for copy in batch.x_transformed.max(dim=1).values.view(2, 32):
        assert not torch.isclose(own, copy).any()
    assert torch.equal(batches.at(3).x, batches.at(3).x)


def test_directions_are_those_of_the_images(seen: TrainingData) -> None:
    trunk = SeenTrunk(40)
    images = torch.from_numpy(seen.pixels[:, 0].astype(np.float32))
    trunk.fit(lambda: [images], 64)
    found = trunk(images)
    assert found.shape == (64, 40)
    assert found.square().mean().sqrt() == pytest.approx(1, abs=1e-3)
    assert found.mean(dim=0).abs().max() < 1e-3
    few = SeenTrunk(40)
    few.fit(lambda: images[:5].split(2), 5)
    assert few(images).isfinite().all()


@pytest.mark.parametrize("most_points", [16, 8_192])
def test_directions_do_not_depend_on_how_the_images_come(seen: TrainingData, monkeypatch: pytest.MonkeyPatch, most_points: int) -> None:
    monkeypatch.setattr(whitening, "_MOST_POINTS", most_points)
    images = torch.from_numpy(seen.pixels[:, 0].astype(np.float32))
    whole, parts = SeenTrunk(40), SeenTrunk(40)
    whole.fit(lambda: [images], 64)
    parts.fit(lambda: images.split(9), 64)
    assert torch.allclose(whole.mean, images.mean(dim=0), atol=1e-6)
    points = functional.normalize(images - images.mean(dim=0), dim=1)
    points -= points.mean(dim=0)
    generator = torch.Generator().manual_seed(0)
    directions = functional.normalize(whitening.fit_whitening(points, whole.num_features, generator).matrix, dim=0)
    expected = directions / (points @ directions).square().mean().sqrt()
    for trunk in (whole, parts):
        assert torch.allclose(trunk.matrix[:, : expected.shape[1]], expected, atol=1e-3)
        assert not trunk.matrix[:, expected.shape[1] :].any()
    assert torch.allclose(whole(images), parts(images), atol=1e-3)


def test_the_batches_fit_a_network_by_parts(seen: TrainingData, settings: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "_PART", 10)
    batches = batches_of(seen.pixels, np.arange(64)[::-1].copy(), 40, settings(), CPU)
    assert isinstance(batches, ViewBatches)
    parts = list(batches.centre_parts())
    assert [len(part) for part in parts] == [10] * 6 + [4]
    assert torch.equal(torch.cat(parts), torch.from_numpy(seen.pixels[::-1, 0].astype(np.float32)))


def test_the_loss_is_that_of_a_plain_double_loop() -> None:
    generator = torch.Generator().manual_seed(0)
    p, q = (functional.softmax(torch.randn(2, 3, 4, generator=generator), dim=-1) for _ in range(2))
    marginal = torch.cat([p, q], dim=1).mean(dim=1)
    total = 0.0
    for head in range(2):
        for pair in range(3):
            weight = sum(float((p[other, pair] * q[other, pair]).sum()) for other in range(2)) / 2
            score = math.log(sum((float(p[head, pair, k]) * float(q[head, pair, k])) ** 0.6 / float(marginal[head, k]) for k in range(4)))
            total -= weight * score / 6
    assert pointwise_loss(p, q).item() == pytest.approx(total, rel=1e-5)


def test_sure_balanced_pairs_have_the_lowest_loss() -> None:
    sure = torch.eye(5)[None]
    assert pointwise_loss(sure, sure, beta=1.0).item() == pytest.approx(-math.log(5), abs=1e-4)
    z = torch.zeros(1, 5, 5, requires_grad=True)
    pointwise_loss(z.softmax(-1) * 0 + sure, sure).backward()
    assert z.grad is not None
    assert z.grad.isfinite().all()


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"method": "deepcluster"}, "does not work on an encoder"), ({"starts": 2}, "--starts"), ({"extra": "x"}, "--extra"),
     ({"encoder": "small", "method": POINTWISE}, "needs an encoder")],
)  # fmt: skip
def test_what_has_no_meaning_is_refused(settings: Make, changes: dict[str, object], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        settings(**changes)


def test_the_plan_for_an_encoder(settings: Make, seen: TrainingData, folder: Path) -> None:
    planned = plan(TrainSettings(encoder="timm:anything", clusters=5), DataFacts(600, 88, False), CPU)
    assert (planned.method, planned.neighbours, planned.batch_size, planned.steps) == (POINTWISE, 20, 256, 1_000)
    assert not planned.reseed
    # Together they say how much a pair counts, so more of them than the heads of a network that learns from nothing have.
    assert planned.sub_heads == 20
    assert plan(TrainSettings(encoder="resnet18", sub_heads=3), DataFacts(600, 88, False), CPU).sub_heads == 3
    assert plan(TrainSettings(), DataFacts(600, 88, False), CPU).sub_heads == 5
    assert dataclasses.replace(planned, encoder="small").is_pretrained is False
    with pytest.raises(UsageError, match="one process"):
        next(iter(train(seen, settings(), folder, processes=Processes(0, 2))))


def test_only_heads_learn(seen: TrainingData, settings: Make, folder: Path) -> None:
    result_of(train(seen, settings(steps=3), folder))
    network, _, _ = load_image_model(folder, CPU)
    assert isinstance(network, ClusterNetwork)
    assert {name.split(".")[1] for name, _ in network.named_parameters()} == {MAIN, OVERCLUSTERING}
