"""Rows of pixels on tiny files of the published layout: what trains, what is scored, what is said."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from iic_studio.cli import main
from iic_studio.errors import UsageError
from iic_studio.events import Event, RunFailed, RunFinished
from iic_studio.jobs.pixel_rows import PIXEL_ROWS
from iic_studio.jobs.reproduce import as_table, reproduce_row
from iic_studio.training.trainer import TrainingData

Run = Callable[[Iterator[Event]], list[Event]]
SKY, TREE, ROAD, PERSON = 156, 168, 148, 0


@pytest.fixture
def coco(tmp_path: Path) -> Path:
    rng = np.random.default_rng(0)
    colours = {SKY: (120, 170, 240), TREE: (30, 110, 30), ROAD: (120, 110, 110), PERSON: (230, 40, 40)}
    for number in range(4):
        part = "val2017" if number == 3 else "train2017"
        labels = np.full((360, 480), SKY, np.uint8)
        labels[150:], labels[260:], labels[200:300, :100] = TREE, ROAD, PERSON
        pixels = np.array([colours.get(value, (0, 0, 0)) for value in range(256)], np.uint8)[labels]
        pixels = (pixels.astype(int) + rng.integers(-20, 20, pixels.shape)).clip(0, 255).astype(np.uint8)
        for place, picture, ending in (("annotations", Image.fromarray(labels), "png"), ("images", Image.fromarray(pixels), "jpg")):
            target = tmp_path / "coco" / place / part / f"{number}.{ending}"
            target.parent.mkdir(parents=True, exist_ok=True)
            picture.save(target)
    return tmp_path / "coco"


def result(run: Run, name: str, data: Path, **options: object) -> dict[str, object]:
    (*_, last) = run(reproduce_row(name, data, **{"steps": 2, "device": "cpu"} | options))
    assert isinstance(last, RunFinished), last
    return last.summary


def test_a_row_of_coco_says_which_pixels_trained(coco: Path, run: Run, given: list[TrainingData]) -> None:
    by_labels = result(run, "coco-stuff-3", coco)
    everything = result(run, "coco-stuff-3", coco, all_pixels=True)
    assert (by_labels["pixels_in_training"], everything["pixels_in_training"]) == ("labelled", "all")
    marked, all_marked = ((data.marks > 0).mean() for data in given)
    assert marked < all_marked
    assert by_labels["num_images"] == by_labels["num_scored"] == 4
    assert by_labels["num_pixels"] < 4 * 119 * 128
    assert by_labels["paper"] == {"accuracy": 0.723, "last_epoch": 0.705}
    assert by_labels["kmeans_accuracy"] > 0.95, "three plain colours"
    for key in ("accuracy_of_lowest_loss", "accuracy_on_test_part", "accuracy_many_to_one", "miou"):
        assert 0 <= by_labels[key] <= 1
    assert json.loads(json.dumps(by_labels)).keys() == by_labels.keys()
    table = as_table(by_labels)
    for words in ("72.3%, its best epoch by labels", "only pixels that have a class", "4 pictures", "seed 0"):
        assert words in table
    assert "all pixels" in as_table(everything)


def test_pictures_are_cut_once(coco: Path, run: Run) -> None:
    place = Path(result(run, "coco-stuff-3", coco)["pictures"])
    before = (place / "tiles.raw").stat().st_mtime_ns
    (coco / "annotations" / "train2017" / "0.png").write_bytes(b"damaged since")
    assert result(run, "coco-stuff-3", coco, seed=1)["num_images"] == 4
    assert (place / "tiles.raw").stat().st_mtime_ns == before


def test_a_row_of_potsdam_has_infra_red_and_pictures_without_labels(tmp_path: Path, run: Run, given: list[TrainingData]) -> None:
    rng = np.random.default_rng(0)
    for number in range(2):
        tile = rng.integers(0, 256, (400, 800, 4), dtype=np.uint8)
        tifffile.imwrite(tmp_path / f"top_potsdam_2_{number}_RGBIR.tif", tile, photometric="rgb", extrasamples="unassalpha")
    labels = np.zeros((400, 800, 3), np.uint8)
    labels[:, :400, 1] = 255
    tifffile.imwrite(tmp_path / "top_potsdam_2_1_label.tif", labels, photometric="rgb")
    summary = result(run, "potsdam-3", tmp_path)
    assert given[0].pixels.shape[1] == 4
    assert (summary["num_images"], summary["num_scored"], summary["pixels_in_training"]) == (4, 1, "all")
    assert (given[0].marks > 0).all()
    assert summary["num_pixels"] == 200 * 200, "black is no class"


def test_full_budgets_have_the_settings_of_the_paper() -> None:
    for name, learning_rate in (("coco-stuff-3", 1e-4), ("coco-stuff-15", 1e-4), ("potsdam-3", 1e-5), ("potsdam-6", 1e-6)):
        settings = PIXEL_ROWS[name].settings("full", 3, "cpu", None)
        assert (settings.encoder, settings.learning_rate, settings.sub_heads, settings.seed) == ("paper", learning_rate, 1, 3)
        assert (settings.shrink, settings.short_side, settings.stop_on_plateau) == (1.0, 0, False), "pictures come at their scale"
    assert PIXEL_ROWS["coco-stuff-3"].settings("quick", 0, "cpu", 5).steps == 5


def test_wrong_wishes(coco: Path, tmp_path: Path, run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(UsageError, match="whole images"):
        reproduce_row("mnist", coco, all_pixels=True)
    for path in (coco / "annotations").rglob("*.png"):
        Image.new("L", (480, 360), 0).save(path)
    (*_, last) = run(reproduce_row("coco-stuff-3", coco, steps=1, device="cpu"))
    assert isinstance(last, RunFailed)
    assert "takes none of the pictures" in last.message
    assert main(["reproduce", "coco-stuff-4", "--data", str(coco)]) == 2
    assert "potsdam-6" in capsys.readouterr().err
