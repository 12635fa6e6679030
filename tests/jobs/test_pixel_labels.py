"""Labels of pixels for a real project: what of a file fits, what the clusters become, how right that is, and that nothing loses them."""

import csv
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from iic_studio import jobs
from iic_studio.curation import Curator, edits, label_edits, load_curated, pixel_edits, split_pixels
from iic_studio.curation.pixel_labels import PixelLabels
from iic_studio.errors import StudioError
from iic_studio.evaluation.pixel_parts import division_of
from iic_studio.events import Event, RunFailed, RunFinished, WarningRaised
from iic_studio.export.request import ExportRequest
from iic_studio.export.words import masks_words
from iic_studio.iic.networks import MAIN, OVERCLUSTERING
from iic_studio.images.masks import read_mask
from iic_studio.jobs.label_request import LabelRequest
from iic_studio.jobs.mask_views import mask_views
from iic_studio.jobs.mask_writer import Classes
from iic_studio.jobs.pixel_label_words import pixel_label_text
from iic_studio.jobs.pixel_parts import known_overlaps, over_sub_head
from iic_studio.jobs.pixel_sampling import PixelSamples, divided_points
from iic_studio.project.records import OK
from iic_studio.project.store import Project
from iic_studio.project.task import PIXELS, choose_task
from iic_studio.records import Part
from iic_studio.training.pixel_points import at_points
from tests.gui import grounds

NAMES = ("sky", "ground")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return grounds.make_project(tmp_path_factory.mktemp("pixels"))


@pytest.fixture
def project(made: Path) -> Iterator[Project]:
    """Trained on pixels; everything a test did is taken back."""
    with Project.open(made) as opened:
        yield opened
        while opened.edits.undo() is not None:
            pass


def some_pixels(pictures: int = grounds.COUNT, each: int = 4, seed: int = 0) -> list[tuple[str, int, int, str]]:
    """Rows of a label file: random pixels with their true class."""
    draws = np.random.default_rng(seed)
    rows = []
    for number in range(pictures):
        true = grounds.truth(number)
        for x, y in zip(draws.integers(0, grounds.WIDTH, each).tolist(), draws.integers(0, grounds.HEIGHT, each).tolist(), strict=True):
            rows.append((f"p{number}.png", x, y, NAMES[true[y, x]]))
    return list(dict.fromkeys(rows))


def write(place: Path, rows: list[tuple[Any, ...]], *more: str) -> Path:
    with place.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("path", "x", "y", "label", *more), *rows])
    return place


def label(project: Project, request: LabelRequest) -> list[Event]:
    return list(jobs.label(project, request))


def summary_of(seen: list[Event]) -> dict[str, Any]:
    assert isinstance(seen[-1], RunFinished), seen[-1]
    return seen[-1].summary


def failure_of(seen: list[Event]) -> RunFailed:
    assert isinstance(seen[-1], RunFailed), seen[-1]
    return seen[-1]


def test_single_pixels_are_told_as_in_whole_masks(project: Project) -> None:
    run, views = project.runs()[0].id, mask_views(project)
    image = project.images(OK)[2].id
    view = views.mask(run, image)
    segmenter, facts, picture = views.opened(run, image)
    points = np.array([(0, 0), (79, 63), (40, 31), (1, 62), (78, 2), (33, 17)])
    said = at_points(segmenter, picture, facts.width, facts.height, points, {MAIN: segmenter.sub_head, OVERCLUSTERING: 0})
    whole = view.probabilities[:, points[:, 1], points[:, 0]].T
    assert said[MAIN] == pytest.approx(whole.astype(np.float32), abs=2e-3)
    assert said[OVERCLUSTERING].sum(axis=1) == pytest.approx(np.ones(len(points)), abs=1e-5)
    views.close()


def test_a_few_pixels_make_classes_and_tell_how_right_they_are(project: Project, tmp_path: Path) -> None:
    rows = some_pixels()
    found = summary_of(label(project, LabelRequest(labels=write(tmp_path / "few.csv", rows))))
    assert found["of"] == "pixels"
    assert (found["import"]["matched"], found["import"]["new"]) == (len(rows), len(rows))
    assert {one["class"] for one in found["map"]["clusters"]} == set(NAMES)
    assert sum(one["labels"] for one in found["classes"]) == len(rows)
    estimate = found["estimate"]
    assert estimate["value"] > 0.9
    assert estimate["low"] < estimate["value"] <= estimate["high"]
    assert (estimate["num_labels"], estimate["num_images"], estimate["left_out"]) == (len(rows), grounds.COUNT, "image")
    assert estimate["worth"] <= grounds.COUNT, "labels of one picture count as one"
    assert estimate["assumes_random_labels"]
    assert set(found["compared"]) == {"many-to-one", "one-to-one", "overclusters"}
    words = pixel_label_text(found)
    assert "in other pictures" in words
    assert f"{len(rows)} labelled pixels in 6 pictures: ground" in words


def test_what_does_not_fit_is_told(project: Project, tmp_path: Path) -> None:
    rows = [
        ("p0.png", 3, 2, "sky"),
        ("p0.png", 3, 2, "sky"),
        ("p1.png", 5, 60, "ground"),
        ("p1.png", 6, 60, "ground"),
        ("p1.png", 6, 60, "sky"),
        ("nowhere.png", 1, 1, "sky"),
        ("p2.png", 80, 1, "sky"),
        ("p2.png", -1, 1, "sky"),
        ("p2.png", "left", 1, "sky"),
        ("p2.png", 1, 1, ""),
        ("p2.png", 1, 2, "cheese"),
    ]
    label(project, LabelRequest(classes=NAMES))
    seen = label(project, LabelRequest(labels=write(tmp_path / "few.csv", rows)))
    found = summary_of(seen)["import"]
    assert (found["rows"], found["matched"], found["num_doubles"], found["without_label"]) == (11, 2, 1, 1)
    assert (found["num_unknown_paths"], found["num_outside"], found["num_no_place"], found["num_conflicts"]) == (1, 2, 1, 1)
    assert found["outside"] == ["p2.png (80, 1)", "p2.png (-1, 1)"]
    assert found["conflicts"] == {"p1.png (6, 60)": ["ground", "sky"]}
    assert found["unknown_classes"] == {"cheese": 1}
    assert len([one for one in seen if isinstance(one, WarningRaised)]) == 6
    words = pixel_label_text(summary_of(seen))
    assert "2 places outside their picture" in words
    assert "1 place with contradicting labels" in words


def test_wrong_requests_get_a_sentence(project: Project, tmp_path: Path) -> None:
    plain = tmp_path / "plain.csv"
    plain.write_text("path,label\np0.png,sky\n", encoding="utf-8")
    assert "has no column x, y" in failure_of(label(project, LabelRequest(labels=plain))).message
    assert "no map bayes for pixels" in failure_of(label(project, LabelRequest(method="bayes"))).message
    assert "folder of masks" in failure_of(label(project, LabelRequest(labels=plain, truth=True))).message
    assert "--from-folders" in failure_of(label(project, LabelRequest(from_folders=True))).message
    nothing = write(tmp_path / "nothing.csv", [("p9.png", 1, 1, "sky")])
    assert "The only row" in failure_of(label(project, LabelRequest(labels=nothing))).message


def test_labels_in_one_picture_judge_nothing(project: Project, tmp_path: Path) -> None:
    rows = [("p0.png", 3, 2, "sky"), ("p0.png", 3, 60, "ground"), ("p0.png", 9, 61, "ground")]
    found = summary_of(label(project, LabelRequest(labels=write(tmp_path / "few.csv", rows))))
    assert found["estimate"]["value"] is None
    assert {one["class"] for one in found["map"]["clusters"]} == set(NAMES)
    assert "all labels are in one picture" in pixel_label_text(found)


def test_picked_pixels_make_the_map_but_tell_nothing_of_the_others(project: Project) -> None:
    curator = Curator.of(project)
    curator.apply(label_edits.define_classes(curator.curated, NAMES))
    ids = {row.path: row.id for row in project.images(OK)}
    for path, x, y, name in some_pixels():
        uid = curator.curated.curation.known.uid_of(name)
        assert uid is not None
        curator.apply(pixel_edits.label_pixels(curator.curated, np.array([(ids[path], x, y)]), uid))
    found = summary_of(label(project, LabelRequest()))
    assert found["estimate"]["value"] is None
    assert found["labels_right"] > 20
    assert "no label is a fair sample" in pixel_label_text(found)
    assert curator.undo() == f"Label 1 pixel as {name}"
    assert len(load_curated(project).curation.known.pixels) == found["num_labelled"] - 1


def test_drawn_pixels_come_as_a_table_and_keep_their_weight(project: Project, tmp_path: Path) -> None:
    queue = tmp_path / "queue.csv"
    found = summary_of(label(project, LabelRequest(next_count=25, queue=queue)))
    assert len(found["next"]) == 25
    with queue.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["path", "x", "y", "label", "weight"]
    filled = [(path, x, y, NAMES[grounds.truth(int(path[1]))[int(y), int(x)]], weight) for path, x, y, _, weight in rows[1:]]
    found = summary_of(label(project, LabelRequest(labels=write(tmp_path / "filled.csv", filled, "weight"))))
    assert found["estimate"]["num_labels"] == found["num_labelled"] > 20
    assert not found["estimate"]["assumes_random_labels"]


def test_a_cluster_can_be_mapped_by_hand_without_any_label(project: Project) -> None:
    found = summary_of(label(project, LabelRequest(corrections=("0=water",))))
    assert [one["class"] for one in found["map"]["clusters"]] == ["water", ""]
    assert found["map"]["unlabelled"] == [0, 1]
    assert found["estimate"]["num_labels"] == 0
    assert "Cluster 1: no class" in pixel_label_text(found)


def test_finer_clusters_can_be_chosen(project: Project, tmp_path: Path) -> None:
    file = write(tmp_path / "few.csv", some_pixels(each=8))
    found = summary_of(label(project, LabelRequest(labels=file, method="overclusters")))
    assert (found["map"]["method"], found["map"]["chosen_by"]) == ("overclusters", "person")
    finer = found["map"]["overclusters"]
    assert set(finer["class_of"]) <= {*NAMES, ""}
    assert found["compared"]["overclusters"]["value"] > 0.9
    assert "finer clusters have no label" in pixel_label_text(found)
    assert summary_of(label(project, LabelRequest(method="auto")))["map"]["chosen_by"] == "cross-validation"


def test_training_again_keeps_the_labels(project: Project, tmp_path: Path) -> None:
    rows = some_pixels()
    label(project, LabelRequest(labels=write(tmp_path / "few.csv", rows)))
    assert isinstance(list(jobs.train(project, grounds.settings(seed=3)))[-1], RunFinished)
    found = summary_of(label(project, LabelRequest()))
    newest = project.runs()[-1].id
    assert found["run"] == newest
    assert found["num_labelled"] == len(rows)
    assert found["estimate"]["value"] > 0.9
    project.delete_run(newest)


def test_what_was_looked_at_is_not_looked_at_again(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    label(project, LabelRequest(labels=write(tmp_path / "few.csv", some_pixels())))
    run = project.runs()[0].id
    assert over_sub_head(project.run_dir(run)) is not None
    curated = load_curated(project)
    pixels = curated.curation.known.pixels

    def looks(labels: PixelLabels) -> tuple[int, Any]:
        views = mask_views(project)
        reading, steps = PixelSamples(project, run, views).read(labels, curated.model), []
        while True:
            try:
                steps.append(next(reading))
            except StopIteration as stop:
                views.close()
                return (steps[-1][1] if steps else 0), stop.value

    count, before = looks(pixels)
    assert count == 0, "the cache has it"
    (project.cache / f"pixels-{run}.npz").write_bytes(b"spoilt")
    count, after = looks(pixels)
    assert count == grounds.COUNT
    assert np.array_equal(before.places, after.places)
    assert np.array_equal(before.main, after.main)
    more, whole = pixels, (project.cache / f"pixels-{run}.npz").stat().st_mtime_ns
    monkeypatch.setattr("iic_studio.jobs.pixel_sampling._MOST_PARTS", 2)
    for place, parts in ((40, 1), (41, 2), (42, 0)):
        more = more.having([(1, place, 5)], [(0, 0, 0.0)])
        count, found = looks(more)
        assert (count, len(found.places), found.lost) == (1, len(more), 0)
        assert looks(more)[0] == 0, "it was kept"
        assert len(list(project.cache.glob(f"pixels-{run}.part*.npz"))) == parts
        assert ((project.cache / f"pixels-{run}.npz").stat().st_mtime_ns == whole) == (parts > 0), "all are written anew at times only"
    more = more.having([(2, 43, 5)], [(0, 0, 0.0)])
    found = looks(more)[1]
    (project.cache / f"pixels-{run}.part00.npz").write_bytes(b"spoilt")
    count, again = looks(more)
    assert count == 1, "a part that is lost costs another look at its pictures"
    assert np.array_equal(found.main, again.main)
    count, found = looks(pixels.having([(1, 400, 5), (99, 0, 0)], [(0, 0, 0.0), (0, 0, 0.0)]))
    assert found.lost == 2, "one lies outside its picture, the other's picture is unknown"
    (project.cache / f"pixels-{run}.npz").unlink()  # parts say nothing without it
    views = mask_views(project)
    reading = PixelSamples(project, run, views).read(pixels, curated.model)
    assert [next(reading) for _ in range(3)] == [(0, grounds.COUNT), (1, grounds.COUNT), (2, grounds.COUNT)]
    reading.close()
    views.close()
    assert looks(pixels)[0] == grounds.COUNT - 2, "two had been looked at when it was stopped"


def test_a_picture_that_changed_and_went_tells_nothing_any_more(project: Project, tmp_path: Path) -> None:
    rows, row = some_pixels(), project.images(OK)[0]
    found = summary_of(label(project, LabelRequest(labels=write(tmp_path / "few.csv", rows))))
    assert found["num_lost"] == 0
    project.record_decoded([replace(row, quick_hash=b"another")])  # as after its file was read again
    (project.folder / row.path).rename(tmp_path / "away.png")
    assert summary_of(label(project, LabelRequest()))["num_lost"] == sum(path == row.path for path, *_ in rows) > 0
    (tmp_path / "away.png").rename(project.folder / row.path)
    assert summary_of(label(project, LabelRequest()))["num_lost"] == 0
    project.record_decoded([row])


def test_labels_wait_for_a_training(tmp_path: Path) -> None:
    grounds.make_pictures(tmp_path / "grounds")
    with Project.create(tmp_path / "new.iicproj", tmp_path / "grounds") as project:
        choose_task(project, PIXELS)
        list(jobs.index(project))
        found = summary_of(label(project, LabelRequest(labels=write(tmp_path / "few.csv", some_pixels()))))
        assert found["map"] is None
        assert "Train first" in pixel_label_text(found)
        with pytest.raises(StudioError):
            mask_views(project).segmenter("none")


# Out -----------------------------------------------------------------------------------------------------------------------------------


def export(project: Project, **asked: Any) -> list[Event]:
    return list(jobs.export(project, ExportRequest(**asked)))


def test_masks_by_class(project: Project, tmp_path: Path) -> None:
    assert "no classes of pixels yet" in failure_of(export(project, masks=tmp_path / "early", by_class=True)).message
    label(project, LabelRequest(labels=write(tmp_path / "few.csv", some_pixels())))
    assert "go into masks and reports" in failure_of(export(project, csv=tmp_path / "a.csv", by_class=True)).message
    before = project.runs()[0].summary
    for method in ("many-to-one", "overclusters"):
        label(project, LabelRequest(method=method))
        place = tmp_path / method
        summary_of(export(project, masks=place, also=("coco",), by_class=True))
        meta = json.loads((place / "masks.meta.json").read_text(encoding="utf-8"))
        assert [one["name"] for one in meta["classes"]][:2] == ["ground", "sky"]
        assert meta["class_map"]["map"]["method"] == method
        assert meta["class_map"]["estimate"]["value"] > 0.9
        for number in range(grounds.COUNT):
            ids = read_mask(place / f"p{number}.png")
            assert (ids == 1 - grounds.truth(number)).mean() > (0.9 if method == "many-to-one" else 0.8)
        coco = json.loads((place / "coco.json").read_text(encoding="utf-8"))
        assert [one["name"] for one in coco["categories"]][:2] == ["ground", "sky"]
        assert {one["supercategory"] for one in coco["categories"]} == {"class"}
        with (place / "areas.csv").open(encoding="utf-8", newline="") as file:
            assert next(csv.reader(file))[4:6] == ["ground", "sky"]
    assert project.runs()[0].summary == before, "how much each cluster covers is not what was counted"
    label(project, LabelRequest(method="auto"))


def cells(page: str) -> list[str]:
    return re.findall(r"<t[dh][^>]*>([^<]*)</t[dh]>", page)


@pytest.mark.parametrize("method", ["many-to-one", "overclusters"])
def test_a_report_by_class(project: Project, tmp_path: Path, method: str) -> None:
    assert "no classes of pixels yet" in failure_of(export(project, report=tmp_path / "early.html", by_class=True)).message
    label(project, LabelRequest(labels=write(tmp_path / "few.csv", some_pixels()), method=method))
    place = tmp_path / "masks"
    summary_of(export(project, masks=place, report=tmp_path / "both.html", by_class=True))
    summary_of(export(project, report=tmp_path / "alone.html", by_class=True))
    pages = [(tmp_path / name).read_text(encoding="utf-8") for name in ("both.html", "alone.html")]
    with (place / "areas.csv").open(encoding="utf-8", newline="") as file:
        head, *areas = csv.reader(file)
    shares, names = np.array([line[4:] for line in areas], float), head[4:]
    order = np.argsort(-shares.sum(axis=0), kind="stable").tolist()
    width = len(names) + 1
    listed = [[line[0], *(f"{one:.1%}" for one in row[order])] for line, row in zip(areas, shares, strict=True)]
    for page in pages:
        assert "every pixel in 2 classes" in page and "How right the classes are" in page
        assert "of all pixels get the right class" in page
        told = cells(page)
        start = told.index("Picture")
        assert told[start + 1 : start + width] == [names[one] for one in order], "classes, the largest first"
        rest = told[start + width :]
        assert [rest[width * line : width * (line + 1)] for line in range(len(areas))] == listed, "as they were counted"
        assert page.count("<figure") >= grounds.COUNT
        assert ("Finer clusters decide" in page) == (method == "overclusters")
    plain = tmp_path / "clusters.html"
    summary_of(export(project, report=plain))
    assert "every pixel in 2 clusters" in plain.read_text(encoding="utf-8")
    assert "Cluster 0" in cells(plain.read_text(encoding="utf-8"))


@pytest.mark.parametrize("method", ["many-to-one", "overclusters"])
def test_other_pictures_get_masks_by_class(project: Project, tmp_path: Path, method: str) -> None:
    grounds.make_pictures(tmp_path / "others")
    (tmp_path / "others" / "p5.png").rename(tmp_path / "others" / "other.png")
    early = list(jobs.segment_more(project, tmp_path / "others", tmp_path / "early", by_class=True))
    assert "no classes of pixels yet" in failure_of(early).message and not (tmp_path / "early").exists()
    label(project, LabelRequest(labels=write(tmp_path / "few.csv", some_pixels()), method=method))
    found = summary_of(list(jobs.segment_more(project, tmp_path / "others", tmp_path / "masks", by_class=True)))
    assert found["mask_kind"] == "class" and found["num_masks"] == grounds.COUNT
    assert "the classes cover" in masks_words(found)
    ids = read_mask(tmp_path / "masks" / "other.png")
    assert (ids == 1 - grounds.truth(5)).mean() > (0.9 if method == "many-to-one" else 0.8)
    meta = json.loads((tmp_path / "masks" / "masks.meta.json").read_text(encoding="utf-8"))
    assert [one["name"] for one in meta["classes"]][:2] == ["ground", "sky"]
    assert meta["class_map"]["map"]["method"] == method and meta["num_images"] == grounds.COUNT


def test_a_new_run_writes_masks_and_report_by_class(project: Project, made: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.iicproj"
    with Project.create(own, project.folder) as other:
        choose_task(other, PIXELS)
        early = list(jobs.segment(other, grounds.settings(steps=2), tmp_path / "early", by_class=True))
        assert "no classes of pixels yet" in failure_of(early).message, "before it trains"
    copy = tmp_path / "copy.iicproj"
    shutil.copytree(made, copy)
    with Project.open(copy) as other:
        label(other, LabelRequest(labels=write(tmp_path / "few.csv", some_pixels())))
        place, report = tmp_path / "masks", tmp_path / "r.html"
        found = summary_of(list(jobs.segment(other, grounds.settings(seed=1), place, report=report, by_class=True)))
        assert found["mask_kind"] == "class"
        ids = read_mask(place / "p0.png")
        assert (ids == 1 - grounds.truth(0)).mean() > 0.9, "whatever numbers the new run gives its clusters"
        page = report.read_text(encoding="utf-8")
        assert "every pixel in 2 classes" in page and {"sky", "ground"} <= set(cells(page))


def test_pixels_of_a_cluster_without_a_class_get_a_number_of_their_own(project: Project, tmp_path: Path) -> None:
    label(project, LabelRequest(corrections=("1=water",)))
    summary_of(export(project, masks=tmp_path / "masks", by_class=True))
    meta = json.loads((tmp_path / "masks" / "masks.meta.json").read_text(encoding="utf-8"))
    assert [one["name"] for one in meta["classes"]] == ["water", "no class"]
    assert set(np.unique(read_mask(tmp_path / "masks" / "p0.png"))) == {0, 1}


def test_other_pictures_get_masks_of_a_project_mapped_by_hand(project: Project, tmp_path: Path) -> None:
    label(project, LabelRequest(corrections=("1=water",)))
    grounds.make_pictures(tmp_path / "others")
    for by_class, kind in ((False, "cluster"), (True, "class")):
        found = summary_of(list(jobs.segment_more(project, tmp_path / "others", tmp_path / kind, by_class=by_class)))
        assert found["mask_kind"] == kind and found["num_masks"] == grounds.COUNT


def test_a_mask_by_class_has_no_room_for_more_than_a_byte_holds() -> None:
    of_cluster = np.zeros(2, np.int64)
    assert len(Classes(of_cluster, {}, [(0, 0, 0)] * 256, "class")) == 256
    with pytest.raises(StudioError, match="at most 256 classes, not 257"):
        Classes(of_cluster, {}, [(0, 0, 0)] * 257, "class")


def test_parts_of_a_cluster_are_classes_of_their_own(project: Project, tmp_path: Path) -> None:
    """A class of pixels that was split: each pixel's label speaks for the part that its finer cluster is in."""
    curator = Curator.of(project)
    run = curator.curated.run
    known_overlaps(project, run, ())
    curator = Curator.of(project)
    curator.apply(edits.split_pixels(curator.curated, 0, split_pixels(project.run_dir(run), curator.curated, 0, 2)))
    assert len(curator.curated.groups) == 3
    found = summary_of(label(project, LabelRequest(labels=write(tmp_path / "few.csv", some_pixels(each=12)))))
    clusters = found["map"]["clusters"]
    assert len(clusters) == 3
    assert clusters[0]["labels"] and clusters[2]["labels"], "both parts have labels"
    assert clusters[0]["class"] == clusters[2]["class"] != clusters[1]["class"]
    assert found["estimate"]["value"] > 0.9
    for method in ("many-to-one", "overclusters"):
        label(project, LabelRequest(method=method))
        summary_of(export(project, masks=tmp_path / method, by_class=True))
        ids = read_mask(tmp_path / method / "p0.png")
        assert (ids == 1 - grounds.truth(0)).mean() > (0.9 if method == "many-to-one" else 0.8)


def test_pixels_are_divided_as_masks_are() -> None:
    division = division_of([Part(2, 0, 0, (1, 3))], np.array([0, 1]), 4)
    assert division is not None
    main = np.array([[0.7, 0.3], [0.7, 0.3], [0.2, 0.8]], np.float32)
    assert divided_points(main, np.array([0, 3, 1]), division) == pytest.approx(
        np.array([[0.7, 0.3, 0], [0, 0.3, 0.7], [0, 0.8, 0.2]], np.float32)
    )
