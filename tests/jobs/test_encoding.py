"""A project seen through an encoder: each image once, kept, resumable; then train, assign, map on what it saw."""

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import save_file

from iic_studio import jobs
from iic_studio.config import TrainSettings, pixel_settings
from iic_studio.events import Event, ProgressMade, RunFailed, RunFinished, SettingsChosen
from iic_studio.images.ingest import IngestTask
from iic_studio.images.worker import scale_one
from iic_studio.jobs import encoding, running
from iic_studio.jobs.encoding import NUM_VIEWS, look_through, scale_for, views_of
from iic_studio.project.records import OK
from iic_studio.project.store import Project
from iic_studio.training.encoders import Encoder, Preprocessing

Run = Callable[[Iterator[Event]], list[Event]]
WANTS = Preprocessing(40, 32, (0.5, 0.5, 0.5), (0.5, 0.5, 0.5))


class Small(torch.nn.Module):
    """Mean colours of 4 × 4 patches: 48 numbers; stands for a network that was trained elsewhere."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.adaptive_avg_pool2d(x, 4).flatten(1)


@pytest.fixture
def weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of weights, and an encoder that needs none of it."""
    path = tmp_path / "weights.pth"
    path.write_bytes(b"weights")
    encoder = Encoder("resnet18", Small(), WANTS, "digest", torch.device("cpu"), mixed_precision=False)
    monkeypatch.setattr(encoding, "load_encoder", lambda *_: encoder)
    return path


def asked(weights: Path) -> TrainSettings:
    return TrainSettings(encoder="resnet18", weights=str(weights), clusters=4, sub_heads=2, steps=8, batch_size=16, device="cpu")


def looked_at(events: list[Event]) -> bool:
    return any(isinstance(event, ProgressMade) and event.stage == "features" for event in events)


def test_train_assign_and_map(project: Project, weights: Path, tmp_path: Path, run: Run, make_pictures: Callable[..., object]) -> None:
    events = run(jobs.train(project, asked(weights)))
    assert isinstance(events[-1], RunFinished), events[-1]
    assert looked_at(events)
    chosen = next(event for event in events if isinstance(event, SettingsChosen))
    assert chosen.settings["method"] == "pmi"
    found = project.load_assignments(project.runs()[-1].id)
    assert found is not None
    assert found.probabilities.shape == (40, 4)
    assert -0.5 <= events[-1].summary["kmeans_ari"] <= 1
    assert project.runs()[-1].summary["kmeans_ari"] == events[-1].summary["kmeans_ari"]
    table = run(jobs.baselines(project, tmp_path / "labels.csv", only=("pixels",)))[-1]
    assert isinstance(table, RunFinished)
    assert [row["name"] for row in table.summary["rows"]] == ["newest-run", "encoder", "pixels"]
    again = run(jobs.train(project, dataclasses.replace(asked(weights), seed=1)))
    assert not looked_at(again)
    make_pictures(tmp_path / "other", per_kind=2, seed=9)
    assert isinstance(run(jobs.assign(project, tmp_path / "other", tmp_path / "other.csv"))[-1], RunFinished)
    assert len((tmp_path / "other.csv").read_text(encoding="utf-8").splitlines()) == 9
    assert isinstance(run(jobs.make_map(project, method="pca"))[-1], RunFinished)


def test_a_stop_loses_little_and_new_images_are_looked_at(
    project: Project, weights: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(jobs.index(project))
    rows = project.images(OK)
    monkeypatch.setattr(encoding, "BATCH", 8)
    monkeypatch.setattr(running, "TELL_INTERVAL_S", 0.0)
    encoder = encoding.encoder_of(asked(weights))
    search = look_through(project, encoder, rows)
    next(search)
    next(search)
    search.close()
    seen: list[int] = []
    real = encoding.views_of
    monkeypatch.setattr(encoding, "views_of", lambda *given: seen.append(given[2]) or real(*given))
    search = look_through(project, encoder, rows)
    try:
        while True:
            next(search)
    except StopIteration as stop:
        views = stop.value
    assert 0 < len(seen) <= 32
    assert len(set(seen)) == len(seen)
    with views.pixels() as pixels:
        assert pixels[views.rows].shape == (40, NUM_VIEWS, 48)
        assert np.isfinite(pixels[views.rows]).all()


def test_an_image_that_has_gone_is_told(project: Project, weights: Path, run: Run) -> None:
    run(jobs.index(project))
    rows = project.images(OK)
    (project.folder / rows[3].path).unlink()
    search = look_through(project, encoding.encoder_of(asked(weights)), rows)
    with pytest.raises(Exception, match="can no longer be read"):
        list(search)


def test_missing_weights_stop_before_any_work(project: Project, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "nowhere"))
    events = run(jobs.train(project, TrainSettings(encoder="resnet50", clusters=4)))
    assert isinstance(events[-1], RunFailed)
    assert "not on this machine" in events[-1].message
    assert "--weights FILE" in events[-1].hint
    assert not any(isinstance(event, ProgressMade) for event in events)


def other_weights(folder: Path) -> dict[str, Path]:
    """Files that fit nothing: of another network, and no weights at all."""
    torch.save({"conv1.weight": torch.zeros(3)}, folder / "other.pth")
    (folder / "text.pth").write_text("no weights")
    save_file({"a": torch.zeros(3)}, folder / "other.safetensors")
    return {path.name: path for path in folder.iterdir()}


@pytest.mark.parametrize(
    ("name", "asked", "words"),
    [
        ("other.pth", TrainSettings(encoder="resnet18"), "does not hold the weights of resnet18"),
        ("other.pth", TrainSettings(encoder="efficientnet_lite0"), "does not hold the weights of efficientnet_lite0"),
        ("text.pth", TrainSettings(encoder="resnet18"), "holds no weights that can be read"),
        ("other.pth", pixel_settings(encoder="resnet18"), "does not hold the weights of a resnet18"),
        ("text.pth", pixel_settings(encoder="resnet18"), "holds no weights that can be read"),
        ("other.safetensors", TrainSettings(), "does not hold a trunk"),
        ("other.safetensors", pixel_settings(), "does not hold a trunk"),
    ],
)
def test_weights_that_do_not_fit_are_told_before_a_picture_is_read(
    project: Project, tmp_path: Path, run: Run, name: str, asked: TrainSettings, words: str
) -> None:
    (tmp_path / "files").mkdir()
    weights = other_weights(tmp_path / "files")[name]
    events = run(jobs.train(project, dataclasses.replace(asked, weights=str(weights))))
    assert isinstance(events[-1], RunFailed) and words in events[-1].message and str(weights) in events[-1].message
    assert not [event for event in events if isinstance(event, ProgressMade)]
    assert project.count_images() == 0


@pytest.mark.parametrize(("height", "width"), [(40, 60), (50, 40), (40, 40), (20, 30)])
def test_views_are_the_middle_and_crops_of_the_same_image(height: int, width: int) -> None:
    picture = np.random.default_rng(0).integers(0, 256, (3, height, width), dtype=np.uint8)
    views = views_of(picture, WANTS, 7)
    assert views.shape == (NUM_VIEWS, 3, 32, 32)
    assert torch.equal(views, views_of(picture, WANTS, 7))
    assert not torch.equal(views, views_of(picture, WANTS, 8))
    scale = 40 / min(height, width) if min(height, width) < 40 else 1.0
    size = round(width * scale), round(height * scale)
    whole = np.stack([np.asarray(Image.fromarray(plane).resize(size, Image.Resampling.BILINEAR)) for plane in picture])
    top, left = (size[1] - 32) // 2, (size[0] - 32) // 2
    assert np.abs(views[0].numpy().astype(int) - whole[:, top : top + 32, left : left + 32]).max() <= 1


def test_small_files_are_read_as_they_are(tmp_path: Path) -> None:
    Image.new("RGB", (24, 20)).save(tmp_path / "small.png")
    Image.new("RGB", (240, 200)).save(tmp_path / "large.png")
    found = [
        scale_one(IngestTask(1, str(tmp_path / name)), scale_for(WANTS), None, tmp_path / "one") for name in ("small.png", "large.png")
    ]
    assert [one.picture.shape for one in found if isinstance(one.picture, np.ndarray)] == [(3, 20, 24), (3, 40, 48)]
