"""Pixels: copies are laid back upon x, points keep their tile, two kinds of ground are found; the loop is as for images."""

import dataclasses
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn import functional

from iic_studio.config import TrainSettings, TransformSettings, pixel_settings
from iic_studio.errors import StudioError, UsageError
from iic_studio.events import EpochFinished, HealthMeasured, StepsFinished
from iic_studio.iic.networks import HEADS, MAIN, OVERCLUSTERING
from iic_studio.iic.pixel_networks import PixelNetwork
from iic_studio.records import Assignments
from iic_studio.training import checkpoint as ckpt
from iic_studio.training import narrator, trainer
from iic_studio.training.objective import compute_gradients
from iic_studio.training.plan import DataFacts, plan
from iic_studio.training.processes import Processes
from iic_studio.training.run_state import load_image_model, load_model
from iic_studio.training.task import task_of
from iic_studio.training.tiles import POINTS, PixelObjective, TileBatches
from iic_studio.training.trainer import TrainingData, TrainingResult, make_batches, train

CPU = torch.device("cpu")
SIDE = 40
Planned = Callable[..., TrainSettings]


@pytest.fixture
def truth() -> np.ndarray:
    """(24, 40, 40) which of two kinds of ground each pixel of `tiles` is."""
    rng = np.random.default_rng(1)
    y, x = np.mgrid[0:SIDE, 0:SIDE] - SIDE / 2
    turns, shifts = rng.uniform(0, 2 * np.pi, 24), rng.uniform(-8, 8, 24)
    return np.stack([np.cos(turn) * x + np.sin(turn) * y > shift for turn, shift in zip(turns, shifts, strict=True)])


@pytest.fixture
def tiles(truth: np.ndarray) -> TrainingData:
    """24 tiles of 12 pictures, two of each: smooth dark ground and speckled bright ground, divided by a straight line."""
    rng = np.random.default_rng(0)
    grey = np.where(truth, 150 + 60 * rng.choice([-1, 1], truth.shape), 60 + rng.normal(0, 5, truth.shape)).clip(0, 255)
    pixels = np.repeat(grey[:, None].astype(np.uint8), 3, axis=1)
    return TrainingData(pixels, np.arange(24), np.repeat(np.arange(12) + 1, 2), is_grey=True)


@pytest.fixture
def planned() -> Planned:
    def make(**changes: object) -> TrainSettings:
        asked = {
            "clusters": 2,
            "overclusters": 6,
            "steps": 6,
            "batch_size": 6,
            "image_size": 32,
            "displacement": 1,
            "border": "replicate",
            "sees_place": False,
            "guess_until": 0.0,
            "reseed": True,
        } | changes
        return plan(pixel_settings(**asked), DataFacts(12, SIDE, True), CPU)

    return make


def result_of(run: object) -> TrainingResult:
    *_, last = run
    assert isinstance(last, TrainingResult)
    return last


def batches_of(tiles: TrainingData, settings: TrainSettings) -> TileBatches:
    batches = make_batches(tiles, settings, CPU)
    assert isinstance(batches, TileBatches)
    return batches


STILL = TransformSettings(
    base_crop=0.8, crop_min=0.7, crop_max=1.0, rotation_deg=30, horizontal_flip=True, brightness=0, contrast=0, saturation=0, hue=0
)


def test_copies_are_laid_back_upon_x(planned: Planned) -> None:
    smooth = functional.interpolate(torch.rand(24, 1, 5, 5, generator=torch.Generator().manual_seed(0)), size=SIDE, mode="bicubic")
    pixels = (smooth * 200 + 20).clamp(0, 255).byte().numpy()
    data = TrainingData(pixels, np.arange(24), np.arange(24) + 1, is_grey=True)
    batch = batches_of(data, planned(transforms=STILL, num_repeats=2)).at(0)
    maps, copies = (functional.avg_pool2d(images, 2)[None] for images in (batch.x, batch.x_transformed))
    own, upon, mask = batch.aligned(maps, copies)
    assert own.shape == upon.shape == (1, 12, 1, 16, 16)
    assert 0.3 < mask.mean() < 0.9
    apart = (own - upon)[:, :, 0].abs()[0] * mask
    assert apart.sum() / mask.sum() < 0.01
    assert (own - copies).abs().mean() > 0.05


def test_points_belong_to_the_tile_wherever_x_lies(planned: Planned) -> None:
    across = np.broadcast_to(np.linspace(0, 255, SIDE).astype(np.uint8), (24, 1, SIDE, SIDE))
    batch = batches_of(TrainingData(across, np.arange(24), np.arange(24), is_grey=True), planned(transforms=STILL)).at(3)
    found, visible = batch.at_points(batch.x[None]), batch.visible()
    assert visible.all()
    wanted = torch.tensor([(point[0] + 1) / 2 for point in POINTS])
    assert torch.allclose(found[0, :, :, 0], wanted.expand(6, -1), atol=0.03)
    assert batch.base[:, :, 2].abs().max() > 0.05


@pytest.mark.parametrize("parts", [2, 3])
def test_parts_give_the_gradients_of_the_whole(tiles: TrainingData, planned: Planned, parts: int) -> None:
    settings = planned(sub_heads=2)
    batch = batches_of(tiles, settings).at(1)
    found = []
    for cut in (1, parts):
        network = task_of(settings).new_network(settings, 1, 0, CPU).eval()
        result = compute_gradients(network, batch, PixelObjective(settings, HEADS), Processes(), cut)
        gradients = torch.cat([p.grad.flatten() for p in network.parameters() if p.grad is not None])
        found.append((result, gradients))
    (whole, all_gradients), (pieces, cut_gradients) = found
    assert whole.losses[MAIN].shape == (2,)
    assert whole.counts[OVERCLUSTERING].shape == (2, 6, 6)
    assert torch.allclose(whole.losses[OVERCLUSTERING], pieces.losses[OVERCLUSTERING], atol=1e-6)
    assert torch.allclose(all_gradients, cut_gradients, atol=1e-3 * float(all_gradients.abs().max()))


def test_it_finds_the_grounds(tiles: TrainingData, truth: np.ndarray, planned: Planned, tmp_path: Path) -> None:
    result = result_of(train(tiles, planned(steps=60), tmp_path))
    network, _, saved = load_model(tmp_path, CPU)
    assert isinstance(network, PixelNetwork)
    with torch.no_grad():
        soft = network(torch.from_numpy(tiles.pixels[:, :1]).float() / 255)[MAIN][saved.facts["sub_head"]]
    found = soft.argmax(dim=1).numpy().astype(bool)
    alike = (found == truth[:, ::2, ::2]).mean()
    assert max(alike, 1 - alike) > 0.93
    assert result.assignments.image_ids.tolist() == list(range(1, 13))
    shares = result.assignments.probabilities[:, 1 if alike > 0.5 else 0]
    assert np.corrcoef(shares, truth.mean(axis=(1, 2)).reshape(12, 2).mean(axis=1))[0, 1] > 0.9
    assert result.overclusters is not None
    assert result.overclusters.assignment.shape == (12,)
    assert result.joints.joints[OVERCLUSTERING].shape == (1, 6, 6)


@pytest.mark.parametrize("cut_after", [1, 4])
def test_resumed_equals_uninterrupted(
    tiles: TrainingData, planned: Planned, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cut_after: int
) -> None:
    monkeypatch.setattr(narrator, "REPORT_INTERVAL_S", 0.0)
    whole = result_of(train(tiles, planned(displacements_drawn=3), tmp_path / "whole"))
    run = train(tiles, planned(displacements_drawn=3), tmp_path / "cut")
    for event in run:
        if isinstance(event, StepsFinished) and event.step == cut_after:
            break
    run.close()
    resumed = result_of(train(tiles, planned(displacements_drawn=3), tmp_path / "cut", resume=True))
    first, second = (ckpt.load(tmp_path / name / ckpt.LAST).tensors for name in ("whole", "cut"))
    assert all(torch.equal(first[name], second[name]) for name in first if name.startswith(("network/", "optimiser/")))
    assert np.array_equal(whole.assignments.probabilities, resumed.assignments.probabilities)


def test_events_are_those_of_images(tiles: TrainingData, planned: Planned, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trainer, "INTERIM_INTERVAL_S", 0.0)
    items = list(train(tiles, planned(steps=52), tmp_path))
    (epoch,) = [item for item in items if isinstance(item, EpochFinished)]
    assert [head.num_clusters for head in epoch.heads] == [2, 6]
    (health,) = [item for item in items if isinstance(item, HealthMeasured)]
    assert 0.5 < health.consistency <= 1
    assert health.mutual_information_excess > 0.1
    interim = [item for item in items if isinstance(item, Assignments)]
    assert interim[-1].image_ids.tolist() == list(range(1, 13))
    assert np.allclose(interim[-1].probabilities.sum(axis=1), 1, atol=1e-3)


@pytest.mark.parametrize(
    "changes",
    [
        {"encoder": "paper", "batch_size": 2},
        {"inputs": "sobel"},
        {"num_repeats": 2},
        {"is_collapsed": True},
        {"displacement": 0},
        {"border": "zeros"},
        {"sub_heads": 2, "head_schedule": "alternating"},
        {"overclustering_weight": 0.0},
    ],
    ids=str,
)
def test_every_option_trains_and_its_model_can_be_loaded(
    tiles: TrainingData, planned: Planned, tmp_path: Path, changes: dict[str, object]
) -> None:
    result = result_of(train(tiles, planned(**{"steps": 3} | changes), tmp_path))
    assert np.isfinite(result.losses[MAIN]).all()
    network, _, _ = load_model(tmp_path, CPU)
    assert network(torch.rand(1, 1, 20, 26))[MAIN].shape[2:] == (2, 10, 13)
    with pytest.raises(StudioError, match="trained on pixels"):
        load_image_model(tmp_path, CPU)


def test_infra_red_is_one_more_channel(tiles: TrainingData, tmp_path: Path) -> None:
    pixels = np.concatenate([tiles.pixels, tiles.pixels[:, :1]], axis=1)
    settings = plan(pixel_settings(clusters=2, steps=2, batch_size=4, image_size=32, displacement=1), DataFacts(12, SIDE, False, 4), CPU)
    assert settings.inputs == "all"
    result_of(train(dataclasses.replace(tiles, pixels=pixels, is_grey=False), settings, tmp_path))
    assert load_model(tmp_path, CPU)[0].shape.channels == 4


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"transforms": TransformSettings(elastic=0.05)}, "bent"),
        ({"method": "iic+neighbours"}, "for whole images"),
        ({"encoder": "vgg"}, "no map"),
        ({"extra": "more"}, "--extra"),
        ({"clusters": 300, "overclusters": 300}, "at most 256"),
        ({"clusters": 6, "overclusters": 3}, "--overclusters"),
    ],
    ids=str,
)
def test_what_does_not_go_with_pixels_is_refused(planned: Planned, changes: dict[str, object], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        planned(**changes)


def test_images_refuse_the_network_for_pixels() -> None:
    with pytest.raises(UsageError, match="for pixels"):
        plan(TrainSettings(encoder="paper"), DataFacts(100, 64, False), CPU)


def test_one_picture_is_enough_but_none_is_not() -> None:
    assert plan(pixel_settings(), DataFacts(1, 64, False), CPU).tiles_per_image == 64
    with pytest.raises(StudioError, match="no readable image"):
        plan(pixel_settings(), DataFacts(0, 64, False), CPU)
