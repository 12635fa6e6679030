"""Folders of masks against folders of true masks: scores, what is left out, what is refused."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from iic_studio.cli import main


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """Three masks in two places each; in the first folder the ids are swapped, and in one picture a quarter is wrong."""
    masks, true = tmp_path / "masks", tmp_path / "true"
    for number, name in enumerate(["a", "sub/b", "sub/ü"]):
        truth = np.zeros((8, 8), np.uint8)
        truth[:, 4:] = 1
        mask = 1 - truth
        if number == 0:
            mask[:4, :4] = 0
            truth[7, :] = 11
        for folder, ids in ((masks, mask), (true, truth)):
            path = folder / f"{name}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            picture = Image.fromarray(ids)
            picture.putpalette(list(range(3 * 16)))
            picture.save(path)
    return masks, true


def test_scores_of_folders(folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    masks, true = folders
    assert main(["evaluate", str(masks), "--labels", str(true), "--ignore", "11", "--json"]) == 0
    scores = json.loads(capsys.readouterr().out)
    assert scores["num_images"] == 3
    assert scores["num_pixels"] == 3 * 64 - 8
    assert scores["pixel_accuracy_one_to_one"] == pytest.approx((3 * 64 - 8 - 16) / (3 * 64 - 8))
    assert scores["pixel_accuracy_many_to_one"] == pytest.approx(scores["pixel_accuracy_one_to_one"])
    assert 0.7 < scores["miou"] < 1


def test_what_does_not_fit_is_said_and_left_out(folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    masks, true = folders
    Image.new("RGB", (8, 8)).save(masks / "a.png")
    Image.new("L", (4, 4)).save(masks / "sub/b.png")
    Image.new("L", (4, 4)).save(true / "more.png")
    assert main(["evaluate", str(masks), "--labels", str(true)]) == 3
    shown = capsys.readouterr()
    assert "1 true mask without a counterpart, e.g. more." in shown.err
    assert "a.png holds colours (RGB), not class ids." in shown.err
    assert "4 × 4 pixels against 8 × 8" in shown.err
    assert "2 files could not be scored; the warnings above say why." in shown.err
    assert "num_images" in shown.out


def test_folders_without_common_names_are_refused(folders: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = tmp_path / "other"
    other.mkdir()
    assert main(["evaluate", str(folders[0]), "--labels", str(other)]) == 1
    assert f"There is no mask in {other}." in capsys.readouterr().err
    Image.new("L", (4, 4)).save(other / "z.png")
    assert main(["evaluate", str(folders[0]), "--labels", str(other)]) == 1
    assert "has the name of one in" in capsys.readouterr().err


def test_sixteen_bit_masks_keep_their_ids(tmp_path: Path) -> None:
    for folder in ("masks", "true"):
        (tmp_path / folder).mkdir()
        Image.fromarray(np.full((2, 2), 40_000, np.uint16)).save(tmp_path / folder / "a.tif")
    assert main(["evaluate", str(tmp_path / "masks"), "--labels", str(tmp_path / "true")]) == 0
