"""`iic-studio label` and `export --by-class` for a project of pixels, with a picture that lies on its side in its file."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from iic_studio import jobs
from iic_studio.cli import main
from iic_studio.images.masks import read_mask
from iic_studio.project.store import Project
from iic_studio.project.task import PIXELS, choose_task
from tests.gui import grounds


@pytest.fixture
def trained(tmp_path: Path) -> Path:
    folder = tmp_path / "grounds"
    grounds.make_pictures(folder)
    exif = Image.Exif()
    exif[0x0112] = 6
    with Image.open(folder / "p0.png") as upright:
        upright.transpose(Image.Transpose.ROTATE_90).save(folder / "p0.jpg", exif=exif, quality=95)
    (folder / "p0.png").unlink()
    with Project.create(tmp_path / "grounds.iicproj", folder) as project:
        choose_task(project, PIXELS)
        assert list(jobs.train(project, grounds.settings()))
    return tmp_path / "grounds.iicproj"


def test_pixels_in_masks_by_class_out(trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = ["p0.jpg", *(f"p{number}.png" for number in range(1, grounds.COUNT))]
    rows = [(path, 75, y, name) for path in paths for y, name in ((4, "sky"), (60, "ground"))]
    with (tmp_path / "pixels.csv").open("w", encoding="utf-8", newline="") as file:
        # Inside the file as it lies there, outside the picture as it is seen.
        csv.writer(file).writerows([("path", "x", "y", "label"), *rows, ("p0.jpg", 10, 70, "sky")])
    assert main(["label", str(trained), "--labels", str(tmp_path / "pixels.csv"), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["import"]["matched"], found["import"]["outside"]) == (12, ["p0.jpg (10, 70)"])
    assert found["labels_right"] == 12, "the sky of the picture that was turned is where people see it"
    assert main(["label", str(trained)]) == 0
    assert "12 of 12 labelled pixels get their class from labels in other pictures." in capsys.readouterr().out
    assert main(["export", str(trained), "--masks", str(tmp_path / "masks"), "--by-class"]) == 0
    assert "the classes cover" in capsys.readouterr().err
    ids = read_mask(tmp_path / "masks" / "p0.png")
    assert ids.shape == (grounds.HEIGHT, grounds.WIDTH)
    assert (ids == 1 - grounds.truth(0)).mean() > 0.9
    assert np.unique(ids).tolist() == [0, 1]
    assert main(["export", str(trained), "--report", str(tmp_path / "r.html"), "--by-class", "--quiet"]) == 0
    assert "every pixel in 2 classes" in (tmp_path / "r.html").read_text(encoding="utf-8")
    others = tmp_path / "others"
    grounds.make_pictures(others)
    capsys.readouterr()
    assert main(["assign", str(trained), str(others), "--masks", str(tmp_path / "more"), "--by-class"]) == 0
    assert "the classes cover" in capsys.readouterr().err
    assert (read_mask(tmp_path / "more" / "p3.png") == 1 - grounds.truth(3)).mean() > 0.9
    assert main(["assign", str(trained), str(others), "--csv", str(tmp_path / "t.csv"), "--by-class"]) == 2
    assert "go into masks" in capsys.readouterr().err


def test_labels_of_pixels_are_undone_like_any_edit(trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "one.csv").write_text("path,x,y,label\np1.png,3,4,sky\n", encoding="utf-8")
    assert main(["label", str(trained), "--labels", str(tmp_path / "one.csv")]) == 0
    assert main(["edits", str(trained), "--undo", "1"]) == 0
    assert "Read labels of 1 pixel  (undone)" in capsys.readouterr().out
    assert main(["label", str(trained)]) == 0
    assert "No labels yet" in capsys.readouterr().out
    assert main(["export", str(trained), "--masks", str(tmp_path / "masks"), "--by-class"]) == 2
    assert "no classes of pixels yet" in capsys.readouterr().err
