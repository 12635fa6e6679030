"""The first guess for pixels and the places that a network sees: where things lie, what is taught, and that it is taken back."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from iic_studio.config import TrainSettings, TransformSettings, pixel_settings
from iic_studio.events import StepsFinished
from iic_studio.iic.networks import MAIN
from iic_studio.images.tiles import Scale, TilePlan, cut_tiles, tile_frames
from iic_studio.records import FloatArray
from iic_studio.training import checkpoint as ckpt
from iic_studio.training import narrator
from iic_studio.training.first_guess import cell_features, fit_guess, guess_loss, meaning_of_axes, places_of
from iic_studio.training.plan import DataFacts, plan
from iic_studio.training.segment import Segmenter
from iic_studio.training.task import task_of
from iic_studio.training.tiles import PixelObjective, TileBatches
from iic_studio.training.trainer import TrainingData, TrainingResult, make_batches, train

CPU = torch.device("cpu")
PLAN = TilePlan(Scale(0), 40, 9)
STILL = TransformSettings(
    base_crop=0.8, crop_min=0.8, crop_max=1.0, horizontal_flip=True, brightness=0.2, contrast=0.2, saturation=0, hue=0
)
PLAIN = TransformSettings()
Planned = Callable[..., TrainSettings]


@pytest.fixture
def pictures() -> np.ndarray:
    """(8, 3, 80, 100): light above, dark below, in between at another height in each."""
    rng = np.random.default_rng(0)
    pictures = rng.integers(0, 60, (8, 3, 80, 100))
    for number, picture in enumerate(pictures):
        picture[:, : 25 + 4 * number] += 130
    return pictures.astype(np.uint8)


@pytest.fixture
def tiles(pictures: np.ndarray) -> TrainingData:
    cut = [cut_tiles(picture, PLAN) for picture in pictures]
    owners = np.repeat(np.arange(8) + 1, [len(one) for one in cut])
    frames: FloatArray = np.concatenate([tile_frames(100, 80, PLAN)] * 8)
    return TrainingData(np.concatenate(cut), np.arange(len(owners)), owners, is_grey=False, frames=frames)


@pytest.fixture
def planned() -> Planned:
    def make(**changes: object) -> TrainSettings:
        asked = {"clusters": 2, "steps": 6, "batch_size": 6, "image_size": 32, "displacement": 1, "guess_until": 1.0, "sees_place": True}
        return plan(pixel_settings(**(asked | {"transforms": STILL, "reseed": False} | changes)), DataFacts(8, 40, False), CPU)

    return make


def batches_of(tiles: TrainingData, settings: TrainSettings) -> TileBatches:
    batches = make_batches(tiles, settings, CPU)
    assert isinstance(batches, TileBatches)
    return batches


def test_frames_say_where_tiles_lie() -> None:
    frames = tile_frames(100, 80, PLAN)
    assert frames.shape == (6, 4)
    assert np.allclose(frames[0], [0, 0, 0.4, 0.5])
    assert np.allclose(frames[-1], [0.6, 0.5, 0.4, 0.5])
    (small,) = tile_frames(20, 10, PLAN)
    assert np.allclose(small, [-0.5, -1.5, 2, 4]), "a small picture lies in the middle of its tile"


def test_places_are_those_of_the_picture_also_when_mirrored() -> None:
    matrices = torch.tensor([[[0.5, 0, -0.5], [0, 0.5, 0.5]], [[-1.0, 0, 0], [0, 1.0, 0]]])
    frames = torch.tensor([[0.2, 0.4, 0.4, 0.2], [0.0, 0.0, 1.0, 1.0]])
    places = places_of(matrices, frames, 4, 4, PLAIN)
    assert torch.allclose(places[0, :, 0, 1], 0.5 + torch.tensor([0.125, 0.375, 0.625, 0.875]) * 0.1)
    assert torch.allclose(places[0, 0, :, 0], 0.2 + torch.tensor([0.125, 0.375, 0.625, 0.875]) * 0.2)
    assert places[1, 0, 0, 0] > places[1, 0, -1, 0]
    assert not places_of(matrices, None, 4, 4, PLAIN).any()


def test_an_axis_along_which_pictures_are_mirrored_means_nothing() -> None:
    matrices, frames = torch.eye(3)[None, :2], torch.tensor([[0.0, 0.0, 1.0, 1.0]])
    assert meaning_of_axes(PLAIN) == (1.0, 1.0)
    assert meaning_of_axes(STILL) == (0.0, 1.0)
    assert meaning_of_axes(TransformSettings(rotation_deg=180)) == (0.0, 0.0)
    places = places_of(matrices, frames, 4, 4, STILL)
    assert not places[..., 0].any()
    assert places[0, -1, 0, 1] == 0.875


def test_k_means_by_colour_and_by_place() -> None:
    x = torch.zeros(1, 1, 8, 8)
    x[..., 4:] = 0.4
    whole, frame = torch.eye(3)[None, :2], torch.tensor([[0.0, 0.0, 1.0, 1.0]])
    usual = torch.tensor([[0.2]])
    features = cell_features(x, usual, places_of(whole, frame, 4, 4, PLAIN))
    assert torch.allclose(features[0, :, 0, 0], torch.tensor(-0.2))
    assert features.shape == (1, 4, 4, 3)
    points = features.flatten(0, 2).numpy()
    by_colour = fit_guess(points, 2, 0.0, 0).clusters(features)[0]
    assert (by_colour[:, :2] == by_colour[0, 0]).all()
    assert (by_colour[:, 2:] != by_colour[0, 0]).all()
    points[:, 0] = 0
    rows_only = points * np.array([1, 0.1, 1], np.float32)
    by_place = fit_guess(rows_only, 2, 5.0, 0).clusters(torch.from_numpy(rows_only).view(1, 4, 4, 3))[0]
    assert (by_place[:2] == by_place[0, 0]).all()
    assert (by_place[2:] != by_place[0, 0]).all()


def test_more_clusters_than_colours_are_no_trouble(tiles: TrainingData, planned: Planned) -> None:
    flat = TrainingData(np.full_like(tiles.pixels[:2], 90), np.arange(2), np.arange(2), is_grey=False)
    guess = batches_of(flat, planned(clusters=200, overclusters=200)).make_guess()
    assert guess.centres.shape == (200, 5)


def test_the_loss_is_cross_entropy_where_both_maps_are() -> None:
    torch.manual_seed(0)
    maps = torch.softmax(torch.randn(2, 4, 3, 5, 5), dim=2)
    guess = torch.randint(3, (2, 5, 5))
    mask = (torch.rand(4, 5, 5) > 0.3).float()
    wanted = 0.0
    for head in range(2):
        for pair in range(4):
            for row in range(5):
                for column in range(5):
                    wanted -= float(maps[head, pair, guess[pair % 2, row, column], row, column].log() * mask[pair, row, column])
    assert float(guess_loss((maps, maps), mask, guess)) == pytest.approx(wanted / 2, rel=1e-5)


def test_the_guess_is_taken_back(planned: Planned) -> None:
    settings = planned(guess_until=0.5)
    objectives = [task_of(settings).objective(settings, (MAIN,), fraction_done=done) for done in (0.0, 0.25, 0.5, 0.9)]
    weights = [one.guess_weight for one in objectives if isinstance(one, PixelObjective)]
    assert weights == [1.0, 0.5, 0.0, 0.0]
    without = task_of(settings).objective(planned(guess_until=0.0), (MAIN,), fraction_done=0.0)
    assert isinstance(without, PixelObjective)
    assert without.guess_weight == 0.0


def test_copies_show_the_places_of_their_pixels(tiles: TrainingData, planned: Planned) -> None:
    batches = batches_of(tiles, planned())
    batch = batches.views_of(np.arange(12))
    assert batch.x.shape == (12, 5, 32, 32)
    upon = torch.nn.functional.grid_sample(
        batch.x_transformed[:, 3:], torch.nn.functional.affine_grid(batch.back, [12, 2, 32, 32], align_corners=False), align_corners=False
    )
    inside = slice(8, 24)
    assert (upon[:, :, inside, inside] - batch.x[:, 3:, inside, inside]).abs().median() < 0.01
    moved = batches.at(0)
    assert moved.x[:, 4].amax() - moved.x[:, 4].amin() > 0.7
    assert not moved.x[:, 3].any(), "pictures are mirrored"


def test_it_teaches_what_k_means_found(tiles: TrainingData, pictures: np.ndarray, planned: Planned, tmp_path: Path) -> None:
    *_, last = train(tiles, planned(steps=40), tmp_path)
    assert isinstance(last, TrainingResult)
    segmenter = Segmenter.load(tmp_path, CPU)
    found = np.concatenate([band.argmax(axis=0) for _, band in segmenter.probabilities(pictures[2], 100, 80)])
    truth = np.arange(80)[:, None] >= 33
    alike = float((found == truth).mean())
    assert max(alike, 1 - alike) > 0.9


def test_places_leave_no_seam(tiles: TrainingData, planned: Planned, tmp_path: Path) -> None:
    for _ in train(tiles, planned(steps=3), tmp_path):
        pass
    picture = np.random.default_rng(0).integers(0, 256, (3, 150, 210), dtype=np.uint8)
    small, large = Segmenter.load(tmp_path, CPU), Segmenter.load(tmp_path, CPU)
    small.block = 64
    first, second = (np.concatenate([band for _, band in one.probabilities(picture, 210, 150)], axis=1) for one in (small, large))
    assert np.abs(first - second).max() < 1e-5


def test_resumed_equals_uninterrupted(tiles: TrainingData, planned: Planned, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(narrator, "REPORT_INTERVAL_S", 0.0)
    for _ in train(tiles, planned(), tmp_path / "whole"):
        pass
    run = train(tiles, planned(), tmp_path / "cut")
    for event in run:
        if isinstance(event, StepsFinished) and event.step == 3:
            break
    run.close()  # type: ignore[attr-defined]
    for _ in train(tiles, planned(), tmp_path / "cut", resume=True):
        pass
    first, second = (ckpt.load(tmp_path / name / ckpt.LAST).tensors for name in ("whole", "cut"))
    assert all(torch.equal(first[name], second[name]) for name in first if name.startswith("network/"))


def test_pixels_without_a_mark_take_no_part(tiles: TrainingData, planned: Planned) -> None:
    marks = np.zeros((len(tiles.rows), 1, 40, 40), np.uint8)
    marks[:, :, :20] = 255
    batches = batches_of(TrainingData(tiles.pixels, tiles.rows, tiles.image_ids, is_grey=False, marks=marks), planned())
    batch = batches.views_of(np.arange(4))
    maps = torch.ones(1, 4, 2, 16, 16)
    _, _, mask = batch.aligned(maps, maps)
    assert mask[:, :7].mean() > 0.5
    assert not mask[:, 9:].any()
