"""Tiles of a project's pictures: whose they are and where in these they lie, in whatever order the pictures are asked for."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from iic_studio import jobs
from iic_studio.config import TrainSettings, pixel_settings
from iic_studio.errors import UsageError
from iic_studio.jobs.sharing import CachedTiles
from iic_studio.jobs.tiles import channels_of, cut_tiles
from iic_studio.project.records import OK
from iic_studio.project.store import Project
from iic_studio.training.plan import DataFacts, plan


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A wide and a high picture whose pixels say where they lie: red across, green down."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    for name, (width, height) in (("wide.png", (160, 60)), ("high.png", (60, 120))):
        across, down = np.linspace(0, 255, width)[None].repeat(height, 0), np.linspace(0, 255, height)[:, None].repeat(width, 1)
        Image.fromarray(np.stack([across, down, 0 * down], axis=-1).astype(np.uint8)).save(folder / name)
    project = Project.create(tmp_path / "p.iicproj", folder)
    list(jobs.index(project))
    return project


def planned(**more: object) -> TrainSettings:
    import torch

    asked = {"clusters": 2, "steps": 1, "image_size": 32, "device": "cpu", "short_side": 60} | more
    return plan(pixel_settings(**asked), DataFacts(2, 64, False), torch.device("cpu"))


@pytest.mark.parametrize("backwards", [False, True])
def test_frames_are_those_of_the_tiles(project: Project, backwards: bool) -> None:
    with project:
        ids = np.array(sorted((row.id for row in project.images(OK)), reverse=backwards), dtype=np.int64)
        settings = planned(standardised=False)  # colours say where a pixel is
        cutting = cut_tiles(project, settings, ids)
        while True:
            try:
                next(cutting)
            except StopIteration as end:
                cache = end.value
                break
        tiles = CachedTiles.of(cache, ids, {row.id: (row.width, row.height) for row in project.images()})
        pixels = cache.pixels()[tiles.rows].astype(float) / 255
    assert len(tiles.frames) == len(pixels) > 4
    assert set(tiles.image_ids.tolist()) == {1, 2}
    middles = tiles.frames[:, :2] + tiles.frames[:, 2:] / 2
    assert np.abs(middles[:, 0] - pixels[:, 0].mean(axis=(1, 2))).max() < 0.03
    assert np.abs(middles[:, 1] - pixels[:, 1].mean(axis=(1, 2))).max() < 0.03


def test_channels_are_counted_when_all_are_asked_for(project: Project) -> None:
    import tifffile

    with project:
        assert channels_of(project, project.images(OK), planned(inputs="all")) == 3
        for name in ("wide", "high"):
            (project.folder / f"{name}.png").unlink()
            tifffile.imwrite(
                project.folder / f"{name}.tif", np.zeros((60, 60, 17), np.uint8), photometric="minisblack", planarconfig="contig"
            )
        list(jobs.index(project))
        assert channels_of(project, project.images(OK), planned(inputs="rgb")) == 3
        with pytest.raises(UsageError, match="17 channels; 16"):
            channels_of(project, project.images(OK), planned(inputs="all"))
