"""Pictures read anew by child processes."""

import os
import tempfile
from pathlib import Path

import numpy as np
import pytest
import tifffile

from iic_studio import jobs
from iic_studio.images.tiles import Scale
from iic_studio.jobs.pictures import pixels_of, read_pictures
from iic_studio.project.records import OK
from iic_studio.project.store import Project


def test_two_readers_of_a_project_do_not_share_their_files(tmp_path: Path) -> None:
    folder = tmp_path / "aerial"
    folder.mkdir()
    truth = {}
    for number in range(2):
        pixels = np.random.default_rng(number).integers(0, 255, (40, 50, 4), dtype=np.uint8)
        tifffile.imwrite(folder / f"{number}.tif", pixels, photometric="rgb", extrasamples=["unspecified"])
        truth[f"{number}.tif"] = pixels.transpose(2, 0, 1)
    with Project.create(tmp_path / "p.iicproj", folder) as project:
        list(jobs.index(project))
        rows, before = project.images(OK), sorted(path.name for path in project.cache.iterdir())
        name_of = {row.id: row.path for row in rows}
        readers = [read_pictures(project, rows, Scale(0), 64, channels=4) for _ in range(2)]
        for pair in zip(*readers, strict=True):
            assert all(isinstance(facts.picture, Path) for facts in pair), "other channels come in a file"
            assert pair[0].picture != pair[1].picture
            for facts in pair:
                with pixels_of(facts) as found:
                    assert np.array_equal(found, truth[name_of[facts.image_id]])
        assert sorted(path.name for path in project.cache.iterdir()) == before


def test_a_picture_outlives_its_reader_and_what_was_left_is_cleared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "aerial"
    folder.mkdir()
    tifffile.imwrite(folder / "one.tif", np.zeros((40, 50, 4), np.uint8), photometric="rgb", extrasamples=["unspecified"])
    with Project.create(tmp_path / "p.iicproj", folder) as project:
        list(jobs.index(project))
        rows = project.images(OK)
        (facts,) = list(read_pictures(project, rows, Scale(0), 64, channels=4))
        with pixels_of(facts) as found:
            assert found.shape == (4, 40, 50)
        (left,) = project.cache.glob("pictures-*")
        os.utime(left, (0, 0))
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
        cache, ours = project.cache, tempfile.mkdtemp
        refused = lambda prefix, dir=None: ours(prefix=prefix) if dir is None else ours(prefix=prefix, dir=tmp_path / "nowhere")  # noqa: E731
        monkeypatch.setattr(tempfile, "mkdtemp", refused)
        (facts,) = list(read_pictures(project, rows, Scale(0), 64, channels=4))
        assert not list(cache.glob("pictures-*"))
        with pixels_of(facts) as found:
            assert found.shape == (4, 40, 50), "read where the cache cannot be written"
