"""Tiles: the scale, where they are cut, what small pictures give, and the file that keeps them."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from iic_studio.images.tile_cache import TileCache
from iic_studio.images.tiles import Scale, TilePlan, cut_tiles, planes, standardise, tile_corners, to_scale
from iic_studio.images.worker import IngestTask, Setup, cut_one, scale_one


@pytest.mark.parametrize(
    ("scale", "size", "wanted"),
    [
        (Scale(96), (640, 480), (128, 96)),
        (Scale(96), (48, 64), (96, 128)),
        (Scale(96, enlarges=False), (640, 480), (128, 96)),
        (Scale(96, enlarges=False), (48, 64), (48, 64)),
        (Scale(0), (640, 480), (640, 480)),
        (Scale(0, 0.5), (6000, 6000), (3000, 3000)),
        (Scale(96), (3000, 4), (1536, 2)),
        (Scale(0, 0.1), (4, 4), (1, 1)),
    ],
    ids=str,
)
def test_size_at_a_scale(scale: Scale, size: tuple[int, int], wanted: tuple[int, int]) -> None:
    assert scale.size_of(*size) == wanted
    assert to_scale(Image.new("L", size), scale).size == wanted


@given(st.integers(1, 900), st.integers(1, 900), st.integers(8, 200), st.integers(1, 40), st.booleans())
def test_tiles_lie_inside_and_are_no_more_than_asked(width: int, height: int, side: int, most: int, is_dense: bool) -> None:
    corners = tile_corners(width, height, TilePlan(Scale(0), side, most, is_dense))
    assert 1 <= len(corners) <= most
    assert len(set(corners)) == len(corners)
    for x, y in corners:
        assert 0 <= x <= max(width - side, 0)
        assert 0 <= y <= max(height - side, 0)


def test_tiles_reach_all_borders() -> None:
    assert tile_corners(192, 144, TilePlan(Scale(0), 80, 9)) == [(0, 0), (56, 0), (112, 0), (0, 64), (56, 64), (112, 64)]
    assert len(tile_corners(192, 144, TilePlan(Scale(0), 80, 400, is_dense=True))) > 20


def test_small_pictures_go_on_at_their_border() -> None:
    pixels = np.arange(12, dtype=np.uint8).reshape(1, 3, 4)
    (tile,) = cut_tiles(pixels, TilePlan(Scale(0), 8, 4))
    assert tile.shape == (1, 8, 8)
    assert np.array_equal(tile[:, 2:5, 2:6], pixels)
    assert (tile[0, 0, :2] == 0).all()
    assert (tile[0, -1, -2:] == 11).all()


def test_the_same_picture_in_other_light_is_standardised_to_the_same(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    scene = np.repeat(np.repeat(rng.integers(20, 235, (6, 8, 3)), 10, axis=0), 10, axis=1)
    found = []
    for name, light in (("day", scene), ("dusk", scene * 0.5 + 10), ("warm", scene * 0.8 + [30, 15, 0])):
        Image.fromarray(light.astype(np.uint8)).save(tmp_path / f"{name}.png")
        facts = scale_one(IngestTask(1, str(tmp_path / f"{name}.png")), Scale(0, 1.0, True), None, tmp_path / "one")
        found.append(np.asarray(facts.picture).astype(int))
    day, dusk, warm = found
    assert np.abs(day - dusk).max() <= 3
    assert np.abs(day - warm).max() <= 3
    assert np.abs(day.mean(axis=(1, 2)) - 128).max() < 1
    plain = np.full((3, 600, 2), 90, np.uint8)
    plain[:, 0] = 91
    assert np.ptp(standardise(plain, plain).astype(int)) <= 8, "its noise does not become a pattern"
    tiles, _ = cut_one(IngestTask(1, str(tmp_path / "day.png")), TilePlan(Scale(0, 1.0, True), 60, 1), None, tmp_path)
    assert np.array_equal(tiles[0], day[:, :, 10:70])
    assert TilePlan(Scale(48), 40, 4).name != TilePlan(Scale(48, 1.0, True), 40, 4).name


def test_tiles_are_kept_and_cut_again_when_a_picture_changes(picture_folder: Path, tmp_path: Path) -> None:
    paths = sorted(picture_folder.rglob("*.png"))[:3]
    (picture_folder / "text.png").write_text("no picture")
    tasks = [IngestTask(number, str(path)) for number, path in enumerate([*paths, picture_folder / "text.png"], start=1)]
    plan = TilePlan(Scale(48), 40, 4)
    cache = TileCache(tmp_path / "cache", plan, 4)
    told = dict(one for batch in cache.cut(tasks, None) for one in batch)
    assert sorted(told) == [1, 2, 3, 4]
    assert [told[number] for number in (1, 2, 3)] == ["", "", ""]
    assert told[4]
    again = TileCache(tmp_path / "cache", plan, 4)
    ids = np.array([1, 2, 3, 4])
    rows = again.rows(ids)
    assert set(again.owners(rows).tolist()) == {1, 2, 3}
    wanted = cut_tiles(planes(to_scale(Image.open(paths[1]).convert("RGB"), plan.scale)), plan)
    assert np.array_equal(again.pixels()[rows[again.owners(rows) == 2]], wanted)
    assert not again.lacks(2, None)
    assert again.lacks(2, b"x" * 16)
    assert again.lacks(4, None)
    assert TilePlan(Scale(48), 40, 4, is_dense=True).name != plan.name
    more = TileCache(tmp_path / "cache", plan, 9)  # files that came since and cannot be read: there is nothing to cut
    assert list(more.cut([], None)) == []
    assert np.array_equal(more.pixels()[rows], again.pixels()[rows])
    assert more.lacks(9, None)


@pytest.mark.parametrize("lost", ["index", "tiles"])
def test_tiles_are_cut_again_when_half_of_the_cache_is_lost(picture_folder: Path, tmp_path: Path, lost: str) -> None:
    task = IngestTask(1, str(sorted(picture_folder.rglob("*.png"))[0]))
    plan = TilePlan(Scale(48), 40, 4)
    list(TileCache(tmp_path, plan, 1).cut([task], None))
    wanted = TileCache(tmp_path, plan, 1).pixels().copy()
    if lost == "index":
        (tmp_path / f"{plan.name}.npz").write_bytes(b"")
    else:
        (tmp_path / f"{plan.name}.u8").unlink()
    cache = TileCache(tmp_path, plan, 1)
    assert cache.lacks(1, None)
    assert list(cache.cut([task], None)) == [[(1, "")]]
    assert np.array_equal(TileCache(tmp_path, plan, 1).pixels(), wanted)


def test_large_pictures_are_handed_over_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from iic_studio.images import worker

    path = tmp_path / "a.png"
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (30, 50, 3), np.uint8)).save(path)
    small = scale_one(IngestTask(1, str(path)), Scale(0), None, tmp_path / "one")
    monkeypatch.setattr(worker, "_LARGE_BYTES", 100)
    large = scale_one(IngestTask(1, str(path)), Scale(0), None, tmp_path / "one")
    other = scale_one(IngestTask(1, str(path)), Scale(0), None, tmp_path / "other")
    assert isinstance(small.picture, np.ndarray)
    assert isinstance(large.picture, Path)
    assert isinstance(other.picture, Path)
    assert large.picture.parent == other.picture.parent == tmp_path
    assert large.picture != other.picture, "nobody else writes into it, or deletes it"
    assert np.array_equal(np.load(large.picture, allow_pickle=False), small.picture)
    assert Setup("x", 1, None).pictures is None
