"""A class of pixels is split by overclusters: masks, areas, tables and reports agree, it can be undone, and it survives a restart."""

import csv
import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from iic_studio import jobs
from iic_studio.cli import main
from iic_studio.curation import Curator, PixelSplit, edits, load_curated, load_curation, split_pixels
from iic_studio.errors import StudioError, UsageError
from iic_studio.evaluation.pixel_parts import division_of
from iic_studio.events import RunFinished
from iic_studio.jobs import pixel_parts
from iic_studio.jobs.pixel_parts import known_overlaps
from iic_studio.project.records import OK
from iic_studio.project.store import Project
from iic_studio.project.task import PIXELS, choose_task
from iic_studio.records import Overlaps, Part
from tests.gui import grounds

WIDTH, HEIGHT = 80, 64
_COLOURS = ((60, 90, 200), (60, 160, 50), (200, 120, 40))


def truth(number: int) -> np.ndarray:
    """(64, 80) three grounds, one below the other."""
    found = np.zeros((HEIGHT, WIDTH), np.int64)
    found[14 + 2 * number :] = 1
    found[36 + 3 * number :] = 2
    return found


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of pictures with three grounds in which two classes were found."""
    place = tmp_path_factory.mktemp("parts")
    (place / "pictures").mkdir()
    rng = np.random.default_rng(0)
    for number in range(6):
        pixels = np.array(_COLOURS)[truth(number)] + rng.integers(0, 20, (HEIGHT, WIDTH, 3))
        Image.fromarray(pixels.astype(np.uint8)).save(place / "pictures" / f"p{number}.png")
    with Project.create(place / "made.iicproj", place / "pictures") as project:
        choose_task(project, PIXELS)
        for _ in jobs.train(project, grounds.settings(steps=60)):
            pass
    return place / "made.iicproj"


@pytest.fixture
def project(trained: Path, tmp_path: Path) -> Iterator[Project]:
    with Project.open(Path(shutil.copytree(trained, tmp_path / "made.iicproj"))) as opened:
        yield opened


def ask(project: Project, curator: Curator, group: int, parts: int = 2) -> PixelSplit:
    """How a group would come apart, as the window finds out."""
    run = curator.curated.run
    known_overlaps(project, run, load_curation(project).parts_of(run))
    curator.curated = load_curated(project)
    return split_pixels(project.run_dir(run), curator.curated, group, parts)


def split(project: Project, group: int, parts: int = 2) -> Curator:
    curator = Curator.of(project)
    found = ask(project, curator, group, parts)
    assert curator.apply(edits.split_pixels(curator.curated, group, found)).startswith("Split ")
    return curator


def mixed_group(project: Project) -> int:
    """The class that holds two grounds."""
    counts = grounds_in(project, masks(project))
    return int((counts > 0.3).sum(axis=1).argmax())


def masks(project: Project) -> dict[str, np.ndarray]:
    """Masks as they are looked at, in terms of the groups."""
    views, curated = jobs.mask_views(project), load_curated(project)
    parts = curated.model.parts
    found = {}
    for row in project.images(OK):
        view = views.mask(curated.run, row.id, None, parts)
        assert view.labels.tolist() == curated.model.cluster_labels.tolist()
        found[row.path] = curated.grouping.of_cluster[view.ids]
    views.close()
    return found


def grounds_in(project: Project, found: dict[str, np.ndarray]) -> np.ndarray:
    """(G, 3) share of each ground that lies in each class."""
    counts = np.zeros((len(load_curated(project).groups), 3))
    for path, ids in found.items():
        np.add.at(counts, (ids.ravel(), truth(int(path[1])).ravel()), 1)
    return np.asarray(counts / counts.sum(axis=0))


def test_the_third_ground_is_found_by_splitting(project: Project) -> None:
    before = masks(project)
    group = mixed_group(project)
    split(project, group)
    after = masks(project)
    shares = grounds_in(project, after)
    assert shares.shape == (3, 3)
    assert (shares.max(axis=0) > 0.7).all(), "most of each ground lies in one class"
    assert len(set(shares.argmax(axis=0).tolist())) == 3
    for path, ids in after.items():
        assert np.array_equal(np.where(ids == 2, group, ids), before[path]), "only the split class changed"


def test_masks_areas_tables_and_reports_agree(project: Project, tmp_path: Path) -> None:
    split(project, mixed_group(project))
    looked_at, home = masks(project), project.path
    project.close()
    written = tmp_path / "masks"
    others = ["--csv", str(tmp_path / "t.csv"), "--report", str(tmp_path / "r.html"), "--probabilities"]
    assert main(["export", str(home), "--masks", str(written), *others, "--also", "labels", "--also", "coco", "--quiet"]) == 0
    with (written / "areas.csv").open(encoding="utf-8", newline="") as file:
        areas = {row["path"]: row for row in csv.DictReader(file)}
    coco = json.loads((written / "coco.json").read_text())
    assert [one["name"] for one in coco["categories"]] == ["Cluster 0", "Cluster 1", "Cluster 2"]
    for path, ids in looked_at.items():
        with Image.open((written / path).with_suffix(".png")) as image:
            assert np.array_equal(np.asarray(image), ids)
        with Image.open(written / f"{path.removesuffix('.png')}.labels.tif") as image:
            assert np.array_equal(np.asarray(image), ids)
        shares = np.bincount(ids.ravel(), minlength=3) / ids.size
        assert [float(areas[path][f"area_{one}"]) for one in range(3)] == pytest.approx(shares, abs=1e-5)
    meta = json.loads((written / "masks.meta.json").read_text())
    assert [one["id"] for one in meta["classes"]] == [0, 1, 2]
    (part,) = meta["corrections"]["divided"]
    assert part["model_cluster"] == 2 and part["overclusters"], "how to make the same masks again is told"
    assert (tmp_path / "r.html").read_text().count("Cluster 2") > 0
    with Project.open(home) as opened:
        *_, last = jobs.measure_areas(opened)
        assert isinstance(last, RunFinished)
        curated = load_curated(opened)  # areas count every pixel now
        assert curated.model.overlaps is not None and curated.model.overlaps.is_exact
        path_of = {row.id: row.path for row in opened.images(OK)}
        for image, shares in zip(curated.image_ids.tolist(), curated.scores.probabilities, strict=True):
            ids = looked_at[path_of[image]]
            assert shares == pytest.approx(np.bincount(ids.ravel(), minlength=3) / ids.size, abs=1e-4)


def test_new_pictures_get_the_same_classes(project: Project, tmp_path: Path) -> None:
    split(project, mixed_group(project))
    looked_at = masks(project)
    (tmp_path / "new").mkdir()
    shutil.copy(project.folder / "p3.png", tmp_path / "new" / "other.png")
    *_, last = jobs.segment_more(project, tmp_path / "new", tmp_path / "masks")
    assert isinstance(last, RunFinished)
    with Image.open(tmp_path / "masks" / "other.png") as image:
        assert np.array_equal(np.asarray(image), looked_at["p3.png"])


def test_estimates_come_near_to_counts_and_add_up(project: Project) -> None:
    curator = split(project, mixed_group(project))
    estimated = curator.curated
    assert estimated.model.overlaps is not None and not estimated.model.overlaps.is_exact
    whole = estimated.model.whole
    assert whole is not None
    assert estimated.model.probabilities.sum(axis=1) == pytest.approx(whole.probabilities.sum(axis=1), abs=1e-5)
    *_, last = jobs.measure_areas(project)
    assert isinstance(last, RunFinished)
    counted = load_curated(project)
    assert counted.model.overlaps is not None and counted.model.overlaps.is_exact
    assert np.abs(counted.scores.probabilities - estimated.scores.probabilities).max() < 0.3  # of pieces of six small pictures


def test_areas_that_are_measured_while_parts_are_looked_for_stay_exact(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    run, estimate = project.runs()[0].id, pixel_parts._estimated

    def measured_meanwhile(*asked: Any) -> Overlaps:
        found = estimate(*asked)
        for _ in jobs.measure_areas(project):
            pass
        return found

    monkeypatch.setattr(pixel_parts, "_estimated", measured_meanwhile)
    before = project.load_assignments(run)
    found = known_overlaps(project, run, ())
    after = project.load_assignments(run)
    assert before is not None and after is not None
    assert found.overlaps is not None and after.overlaps is not None
    shares = {path: np.bincount(ids.ravel(), minlength=2) / ids.size for path, ids in masks(project).items()}
    path_of = {row.id: row.path for row in project.images(OK)}
    counted = np.array([shares[path_of[image]] for image in after.image_ids.tolist()])
    assert np.abs(before.probabilities - counted).max() > 1e-3
    for said in (found, after):
        assert said.probabilities == pytest.approx(counted, abs=1e-6)


def test_a_model_of_other_clusters_is_not_split(project: Project) -> None:
    """As while a run is trained on, and another sub-head speaks for the moment."""
    run = project.runs()[0].id
    said = project.load_assignments(run)
    assert said is not None
    project.save_assignments(run, replace(said, sub_head=said.sub_head + 1))
    with pytest.raises(StudioError, match="Training goes on"):
        known_overlaps(project, run, ())


def test_undo_redo_and_restart(project: Project) -> None:
    before = masks(project)
    curator = split(project, mixed_group(project))
    after = masks(project)
    home = project.path
    assert len(curator.curated.groups) == 3
    assert curator.undo().startswith("Split ")
    assert len(curator.curated.groups) == 2 and curator.curated.model.parts == ()
    assert all(np.array_equal(ids, before[path]) for path, ids in masks(project).items())
    curator.redo()
    project.close()
    with Project.open(home) as again:
        assert all(np.array_equal(ids, after[path]) for path, ids in masks(again).items())


def test_parts_are_merged_and_split_again(project: Project) -> None:
    group = mixed_group(project)
    curator = split(project, group)
    first = masks(project)
    curator.apply(edits.merge(curator.curated, [1 - group, 2]))
    merged = masks(project)
    for path, ids in merged.items():
        assert np.array_equal(ids == group, first[path] == group)
    together = next(place for place in range(2) if place != group)
    found = ask(project, curator, together, 4)
    curator.apply(edits.split_pixels(curator.curated, together, found))
    assert len(curator.curated.groups) == 1 + len(found.overclusters)
    again = masks(project)
    for path, ids in again.items():
        assert np.array_equal(ids == group, merged[path] == group), "the class that was not split stays"
    labels = [part.label for part in curator.curated.model.parts]
    assert len(set(labels)) == len(labels)
    assert {part.sub_head for part in curator.curated.model.parts} == {found.sub_head}
    # Everything back, one by one.
    while curator.undo():
        pass
    assert curator.curated.model.parts == () and len(curator.curated.groups) == 2


def test_more_parts_than_overclusters_are_as_many_as_there_are(project: Project) -> None:
    curator = Curator.of(project)
    found = ask(project, curator, 0, 100)
    assert 2 <= len(found.overclusters) <= 10
    assert found.shares.tolist() == sorted(found.shares.tolist(), reverse=True)
    tiny = [one for one in found.overclusters if len(one) == 1]
    curator.apply(edits.split_pixels(curator.curated, 0, found))
    if len(tiny) == len(found.overclusters):
        with pytest.raises(UsageError, match="do not divide"):
            ask(project, curator, 0, 2)


def test_training_on_keeps_the_parts(project: Project) -> None:
    run = project.runs()[-1].id
    split(project, 0)
    parts = load_curation(project).parts_of(run)
    project.update_run(run, state="stopped", settings=dict(project.run(run).settings) | {"steps": 63})
    *_, last = jobs.resume(project)
    assert isinstance(last, RunFinished), last
    curated = load_curated(project)
    assert curated.model.parts == parts
    assert curated.model.overlaps is not None and curated.model.overlaps.sub_head == parts[0].sub_head
    assert curated.scores.probabilities[:, 2:].sum() > 0


def test_a_table_says_which_part_a_pixel_is_in() -> None:
    parts = (Part(7, 1, 0, (0, 3)), Part(9, 1, 0, (4,)), Part(11, 5, 0, (1,)))
    found = division_of(parts, np.array([1, 0]), 5)
    assert found is not None
    assert found.table.tolist() == [[2, 0, 0, 2, 3], [1] * 5]
    assert found.owners.tolist() == [0, 1, 0, 0, 0], "a part of no such cluster stays empty"
    assert division_of((), np.array([0]), 5) is None
