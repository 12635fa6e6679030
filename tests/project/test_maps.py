"""Maps of a run: what is saved comes back, one beside the other, whole or not at all."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from iic_studio.errors import ProjectError
from iic_studio.project import maps
from iic_studio.project.maps import FEATURES, FILE, PCA, PROBABILITIES, UMAP, Layout, load_layouts, save_layout


def layout(method: str = UMAP, of: str = FEATURES, seed: int = 0, count: int = 7) -> Layout:
    rng = np.random.default_rng(seed)
    return Layout(
        method=method,
        of=of,
        image_ids=np.arange(1, count + 1) * 3,
        positions=rng.normal(size=(count, 2)).astype(np.float32),
        marks=rng.integers(0, 2**63, count).astype(np.uint64),
        fitted=rng.random(count) < 0.5,
        mean=rng.normal(size=5).astype(np.float32),
        components=rng.normal(size=(2, 5)).astype(np.float32),
        model=f"model {seed}",
    )


def same(one: Layout, other: Layout) -> bool:
    pairs = zip(dataclasses.astuple(one), dataclasses.astuple(other), strict=True)
    return all(np.array_equal(a, b) and getattr(a, "dtype", None) == getattr(b, "dtype", None) for a, b in pairs)


def test_layouts_come_back_side_by_side(tmp_path: Path) -> None:
    assert load_layouts(tmp_path) == {}
    kept = [layout(PCA, FEATURES, 0), layout(UMAP, FEATURES, 1), layout(UMAP, PROBABILITIES, 2)]
    for one in kept:
        save_layout(tmp_path, one)
    found = load_layouts(tmp_path)
    assert set(found) == {(one.method, one.of) for one in kept}
    assert all(same(found[one.method, one.of], one) for one in kept)


def test_a_new_layout_takes_the_place_of_the_old(tmp_path: Path) -> None:
    for seed in (0, 1):
        save_layout(tmp_path, layout(seed=seed, count=4 + seed))
    (found,) = load_layouts(tmp_path).values()
    assert same(found, layout(seed=1, count=5))
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_a_write_that_breaks_off_leaves_the_old_map(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_layout(tmp_path, layout())
    before = (tmp_path / FILE).read_bytes()

    def write_half(file: object, **_: object) -> None:
        file.write(b"PK half of it")  # type: ignore[attr-defined]
        raise KeyboardInterrupt

    monkeypatch.setattr(maps.np, "savez", write_half)
    with pytest.raises(KeyboardInterrupt):
        save_layout(tmp_path, layout(seed=1))
    assert (tmp_path / FILE).read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


@pytest.mark.parametrize("content", [b"", b"no archive", None])
def test_a_damaged_map_is_a_sentence_and_can_be_made_anew(tmp_path: Path, content: bytes | None) -> None:
    save_layout(tmp_path, layout())
    whole = (tmp_path / FILE).read_bytes()
    (tmp_path / FILE).write_bytes(whole[: len(whole) // 2] if content is None else content)
    with pytest.raises(ProjectError, match="damaged"):
        load_layouts(tmp_path)
    save_layout(tmp_path, layout(seed=3))
    assert same(load_layouts(tmp_path)[UMAP, FEATURES], layout(seed=3))
