"""Labels for a real project: what of a file fits, what the clusters become, and every way out with classes in it."""

import csv
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from iic_studio import jobs
from iic_studio.curation import Curator, edits, label_edits, load_curation
from iic_studio.events import Event, RunFailed, RunFinished, WarningRaised
from iic_studio.export.request import ExportRequest
from iic_studio.jobs import class_learning
from iic_studio.jobs.classes import load_learned
from iic_studio.jobs.label_words import label_text
from iic_studio.project.store import Project
from iic_studio.records import Assignments
from iic_studio.training import fine_tune
from tests.jobs.conftest import QUICK

Run = Callable[[Iterator[Event]], list[Event]]
KINDS = ("stripes", "dots", "gradient", "checks")


@pytest.fixture
def trained(project: Project, run: Run) -> Project:
    """A trained project whose clusters were put in order: cluster k holds the pictures of kind k, but two of all are in the next one."""
    assert isinstance(run(jobs.train(project, QUICK))[-1], RunFinished)
    (row,) = project.runs()
    assignments = project.load_assignments(row.id)
    assert assignments is not None
    kinds = np.array([KINDS.index(kind) for kind in kinds_of(project).values()])
    main = kinds.copy()
    main[[0, 20]] = (main[[0, 20]] + 1) % 4
    probabilities = np.full((len(main), 4), 0.02, np.float32)
    probabilities[np.arange(len(main)), main] = 0.94
    votes = np.repeat(main[:, None], 2, axis=1)
    put = Assignments(assignments.image_ids, probabilities, main, votes, np.ones(len(main), np.float32), assignments.sub_head)
    project.save_assignments(row.id, put)
    over = main * 2 + (np.arange(len(main)) % 2)
    np.savez(
        project.run_dir(row.id) / "overclusters.npz",
        image_ids=put.image_ids,
        assignment=over,
        second=over,
        sub_head=np.array(0),
    )
    return project


def kinds_of(project: Project) -> dict[str, str]:
    """path -> kind, in the order of the images' ids."""
    labels = dict(read(project.path.parent / "labels.csv"))
    ids, paths = project.image_columns("id", "path")
    assert ids == sorted(ids)
    return {path: labels[path] for path in paths}


def read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]


def label_file(place: Path, rows: list[tuple[str, str]]) -> Path:
    with place.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("path", "label"), *rows])
    return place


def summary_of(seen: list[Event]) -> dict[str, Any]:
    assert isinstance(seen[-1], RunFinished), seen[-1]
    return seen[-1].summary


def few(project: Project, step: int = 3) -> Path:
    """Labels of every third picture."""
    return label_file(project.path.parent / "few.csv", list(kinds_of(project).items())[::step])


def test_labels_become_classes_of_all_images(trained: Project, run: Run) -> None:
    summary = summary_of(run(jobs.label(trained, jobs.LabelRequest(few(trained)))))
    assert summary["import"]["matched"] == summary["import"]["new"] == summary["num_labelled"] == 14
    assert {one["name"]: one["labels"] for one in summary["classes"]}.keys() == set(KINDS)
    clusters = summary["map"]["clusters"]
    assert [one["class"] for one in clusters] == list(KINDS)
    assert summary["estimate"]["num_labels"] == 14
    assert summary["estimate"]["low"] <= 38 / 40 <= summary["estimate"]["high"]
    assert summary["estimate"]["assumes_random_labels"]
    assert sum(map(sum, summary["confusion"]["labels"])) == 14
    text = label_text(summary)
    assert "14 of 14 rows read as labels: 14 new" in text
    assert "Cluster 0:" in text and "stripes" in text


def test_rows_that_do_not_fit_are_told_apart(trained: Project, run: Run) -> None:
    paths = list(kinds_of(trained))
    rows = [(paths[0], "cat"), (paths[1], "dog"), (paths[0], "cat"), (paths[2], "cat"), (paths[2], "dog"), (paths[2], "cat")]
    rows += [("nowhere.jpg", "cat"), (paths[3], ""), (paths[4], "  cat ")]
    seen = run(jobs.label(trained, jobs.LabelRequest(label_file(trained.path.parent / "few.csv", rows))))
    found = summary_of(seen)["import"]
    assert (found["rows"], found["matched"], found["without_label"]) == (9, 3, 1)
    assert found["unknown_paths"] == ["nowhere.jpg"]
    assert found["doubles"] == [paths[0]]
    assert found["conflicts"] == {paths[2]: ["cat", "dog"]}
    assert len([one for one in seen if isinstance(one, WarningRaised)]) == 3
    known = load_curation(trained).known
    assert known.labels.classes.tolist() == [0, 1, 0]
    assert "Left out: 1 unknown path, 1 double, 1 path with contradicting labels, 1 row without a label." in label_text(summary_of(seen))


def test_a_fixed_list_of_classes_takes_no_others(trained: Project, run: Run) -> None:
    paths = list(kinds_of(trained))
    rows = [(paths[0], "cat"), (paths[1], "cow"), (paths[2], "cow")]
    request = jobs.LabelRequest(label_file(trained.path.parent / "few.csv", rows), classes=["cat", "dog"])
    summary = summary_of(run(jobs.label(trained, request)))
    assert summary["import"]["unknown_classes"] == {"cow": 2}
    assert summary["classes_are_fixed"] and [one["name"] for one in summary["classes"]] == ["cat", "dog"]


def test_reading_a_file_again_changes_nothing(trained: Project, run: Run) -> None:
    request = jobs.LabelRequest(few(trained))
    run(jobs.label(trained, request))
    edits_before = len(trained.edits.entries())
    found = summary_of(run(jobs.label(trained, request)))["import"]
    assert (found["new"], found["changed"], found["unchanged"]) == (0, 0, 14)
    assert len(trained.edits.entries()) == edits_before


def test_a_file_that_fits_nothing_is_refused(trained: Project, run: Run) -> None:
    end = run(jobs.label(trained, jobs.LabelRequest(label_file(trained.path.parent / "few.csv", [("a.jpg", "cat")]))))[-1]
    assert isinstance(end, RunFailed) and "The only row" in end.message
    assert load_curation(trained).known.is_empty


def test_folder_names_as_truth_judge_and_never_teach(trained: Project, run: Run) -> None:
    summary = summary_of(run(jobs.label(trained, jobs.LabelRequest(from_folders=True, truth=True))))
    assert summary["num_truth"] == 40 and summary["num_labelled"] == 0 and summary["map"] is None
    run(jobs.label(trained, jobs.LabelRequest(few(trained))))
    before = summary_of(run(jobs.label(trained, jobs.LabelRequest())))
    assert before["truth"]["value"] == 0.0, "folders are no kinds"
    whole = label_file(trained.path.parent / "truth.csv", list(kinds_of(trained).items()))
    after = summary_of(run(jobs.label(trained, jobs.LabelRequest(whole, truth=True))))
    assert after["truth"]["num_labels"] == 40 and after["truth"]["value"] >= 0.9
    assert after["map"] == before["map"] and after["estimate"] == before["estimate"]


def test_a_person_chooses_the_map(trained: Project, run: Run) -> None:
    summary = summary_of(run(jobs.label(trained, jobs.LabelRequest(few(trained), method="one-to-one", prior="labels"))))
    assert (summary["map"]["method"], summary["map"]["chosen_by"]) == ("one-to-one", "person")
    again = summary_of(run(jobs.label(trained, jobs.LabelRequest(method="auto"))))
    assert again["map"]["chosen_by"] == "cross-validation"
    wrong = run(jobs.label(trained, jobs.LabelRequest(method="magic")))[-1]
    assert isinstance(wrong, RunFailed) and "Choose one of: auto" in wrong.hint


def test_a_cluster_mapped_by_hand_stays_so(trained: Project, run: Run) -> None:
    run(jobs.label(trained, jobs.LabelRequest(few(trained))))
    curator = Curator.of(trained)
    dots = curator.curated.curation.known.uid_of("dots")
    curator.apply(label_edits.correct_map(curator.curated, 0, dots))
    clusters = summary_of(run(jobs.label(trained, jobs.LabelRequest())))["map"]["clusters"]
    assert [one["class"] for one in clusters[:2]] == ["dots", "dots"]
    assert clusters[0]["images_by_class"] == {"dots": clusters[0]["images"]}


def test_clusters_can_be_mapped_by_hand_without_any_label(trained: Project, run: Run) -> None:
    summary = summary_of(run(jobs.label(trained, jobs.LabelRequest(corrections=("0=stripes", "1=dots")))))
    assert [one["class"] for one in summary["map"]["clusters"][:2]] == ["stripes", "dots"]
    assert summary["num_labelled"] == 0 and summary["estimate"]["value"] is None
    assert "no label is a fair sample" in label_text(summary)
    again = summary_of(run(jobs.label(trained, jobs.LabelRequest(corrections=("0=", "1=")))))
    assert again["map"] is None
    assert isinstance(run(jobs.label(trained, jobs.LabelRequest(corrections=("9=x",))))[-1], RunFailed)


def test_moved_and_excluded_images_follow_the_person(trained: Project, run: Run) -> None:
    run(jobs.label(trained, jobs.LabelRequest(few(trained))))
    curator = Curator.of(trained)
    moved, out = curator.curated.images_in(0)[:1], curator.curated.images_in(1)[:1]
    curator.apply(edits.move(curator.curated, moved, 3))
    curator.apply(edits.exclude(curator.curated, out))
    target = trained.path.parent / "out.csv"
    run(jobs.export_csv(trained, target))
    path_of = dict(zip(*trained.image_columns("id", "path"), strict=True))
    with target.open(encoding="utf-8", newline="") as file:
        rows = {row["path"]: row for row in csv.DictReader(file)}
    assert rows[path_of[int(moved[0])]]["class"] == "checks"
    assert rows[path_of[int(out[0])]]["class"] == rows[path_of[int(out[0])]]["class_probability"] == ""


def test_what_to_label_next(trained: Project, run: Run) -> None:
    found = summary_of(run(jobs.label(trained, jobs.LabelRequest(next_count=9))))["next"]
    assert len({one["path"] for one in found}) == 9
    assert [one["reason"] for one in found[:4]] == ["prototype of the biggest unnamed cluster"] * 4
    assert "weight" in found[0] and found[4]["weight"] > 0
    run(jobs.label(trained, jobs.LabelRequest(few(trained))))
    labelled = {path for path, _ in read(trained.path.parent / "few.csv")}
    after = summary_of(run(jobs.label(trained, jobs.LabelRequest(next_count=100))))["next"]
    assert len(after) == 26 and not labelled & {one["path"] for one in after}


def test_the_queue_as_a_table_keeps_its_weights(trained: Project, run: Run) -> None:
    table = trained.path.parent / "queue.csv"
    found = summary_of(run(jobs.label(trained, jobs.LabelRequest(next_count=12, queue=table))))["next"]
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["path"] for row in rows] == [one["path"] for one in found]
    kinds = kinds_of(trained)
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(row | {"label": kinds[row["path"]]} for row in rows)
    summary = summary_of(run(jobs.label(trained, jobs.LabelRequest(table))))
    assert summary["num_labelled"] == 12 and summary["estimate"]["num_labels"] == 8, "prototypes do not count"
    assert not summary["estimate"]["assumes_random_labels"]
    weights = dict(zip(load_curation(trained).known.labels.images.tolist(), load_curation(trained).known.labels.weights, strict=True))
    id_of = dict(zip(*trained.image_columns("path", "id"), strict=True))
    assert [weights[id_of[one["path"]]] for one in found] == pytest.approx([one["weight"] for one in found], abs=1e-4)
    inside = jobs.LabelRequest(next_count=3, queue=trained.folder / "queue.csv")
    assert isinstance(run(jobs.label(trained, inside))[-1], RunFailed)


def test_every_way_out_has_the_classes(trained: Project, run: Run) -> None:
    run(jobs.label(trained, jobs.LabelRequest(few(trained))))
    out = trained.path.parent / "out"
    request = ExportRequest(
        csv=out / "a.csv", jsonl=out / "a.jsonl", coco=out / "a.json", report=out / "a.html", folders=out / "folders", link="symbolic"
    )
    assert isinstance(run(jobs.export(trained, request))[-1], RunFinished)
    with (out / "a.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    kinds = kinds_of(trained)
    assert list(rows[0])[-1] == "class_probability"
    assert sum(row["class"] == kinds[row["path"]] for row in rows) == 38
    assert all(row["label"] in ("", kinds[row["path"]]) for row in rows) and sum(bool(row["label"]) for row in rows) == 14
    assert all(0.3 < float(row["class_probability"]) <= 1 for row in rows)
    lines = [json.loads(line) for line in (out / "a.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [line["class"] for line in lines] == [row["class"] for row in rows]
    coco = json.loads((out / "a.json").read_text(encoding="utf-8"))
    names = {one["id"]: one["name"] for one in coco["categories"] if one["supercategory"] == "class"}
    assert set(names.values()) == set(KINDS)
    assert {names[one["category_id"]] for one in coco["annotations"]} == set(KINDS)
    said = {row["path"]: row["label"] or row["class"] for row in rows}
    assert sorted(folder.name for folder in (out / "folders").iterdir() if folder.is_dir()) == sorted(KINDS)
    assert len(list((out / "folders" / "dots").iterdir())) == list(said.values()).count("dots")
    page = (out / "a.html").read_text(encoding="utf-8")
    assert "<h2>Classes</h2>" in page and "of all pictures get the right class" in page
    meta = json.loads((out / "a.meta.json").read_text(encoding="utf-8"))
    assert meta["classes"]["estimate"]["num_labels"] == 14


def test_new_pictures_get_classes_too(trained: Project, run: Run, make_pictures: Callable[..., dict[str, str]], tmp_path: Path) -> None:
    run(jobs.label(trained, jobs.LabelRequest(few(trained), method="many-to-one")))
    make_pictures(tmp_path / "more", per_kind=2, seed=5)
    run(jobs.assign(trained, tmp_path / "more", tmp_path / "more.csv"))
    with (tmp_path / "more.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    of_cluster = dict(enumerate(KINDS))
    assert [row["class"] for row in rows] == [of_cluster[int(row["cluster"])] for row in rows]
    assert all(row["label"] == "" for row in rows), "labels are of the images of the project"


def test_new_pictures_get_classes_mapped_by_hand_too(
    trained: Project, run: Run, make_pictures: Callable[..., dict[str, str]], tmp_path: Path
) -> None:
    run(jobs.label(trained, jobs.LabelRequest(few(trained), corrections=tuple(f"{one}=mended" for one in range(4)))))
    make_pictures(tmp_path / "more", per_kind=2, seed=5)
    assert isinstance(run(jobs.assign(trained, tmp_path / "more", tmp_path / "more.csv"))[-1], RunFinished)
    with (tmp_path / "more.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["class"] for row in rows} == {"mended"}


def test_an_exported_model_tells_classes(trained: Project, run: Run, tmp_path: Path) -> None:
    pytest.importorskip("onnxruntime")
    pytest.importorskip("onnxscript")
    run(jobs.label(trained, jobs.LabelRequest(few(trained))))
    assert isinstance(run(jobs.export(trained, ExportRequest(onnx=tmp_path / "model")))[-1], RunFinished)
    how = json.loads((tmp_path / "model" / "preprocessing.json").read_text(encoding="utf-8"))
    shares = np.array(how["class_of_cluster"])
    assert shares.shape == (4, 4) and np.allclose(shares.sum(axis=1), 1, atol=1e-3)
    assert [how["classes"][one] for one in shares.argmax(axis=1)] == list(KINDS)
    path = trained.folder / next(iter(kinds_of(trained)))
    command = [sys.executable, "-I", str(tmp_path / "model" / "predict.py"), str(path)]
    found = json.loads(subprocess.run(command, capture_output=True, check=True, timeout=120).stdout)
    expected = np.array(found["probabilities"]) @ shares
    assert found["class"] == how["classes"][expected.argmax()]
    assert found["class_probability"] == pytest.approx(expected.max(), abs=1e-5)


def test_labels_are_kept_when_it_is_trained_again(trained: Project, run: Run) -> None:
    run(jobs.label(trained, jobs.LabelRequest(few(trained))))
    run(jobs.train(trained, QUICK))
    summary = summary_of(run(jobs.label(trained, jobs.LabelRequest())))
    assert summary["run"] == trained.runs()[-1].id
    assert summary["num_labelled"] == 14 and summary["estimate"]["num_labels"] == 14


def test_learning_from_labels_is_compared_and_the_best_is_used(trained: Project, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fine_tune, "MOST_STEPS", 10)
    request = jobs.LabelRequest(few(trained, step=2), fine_tune=True)
    summary = summary_of(run(jobs.label(trained, request)))
    assert list(summary["learned"]) == ["linear", "k-nn", "fine-tuned"]
    assert all(one["num_labels"] == 20 and 0 <= one["low"] <= one["value"] <= one["high"] <= 1 for one in summary["learned"].values())
    assert "linear" in label_text(summary)
    best = max(summary["compared"].values(), key=lambda one: one["value"])
    assert summary["compared"][summary["map"]["method"]]["value"] >= best["value"] - 0.15
    assert summary["num_without_class"] == 0
    chosen = summary_of(run(jobs.label(trained, jobs.LabelRequest(method="auto"))))
    assert chosen["map"]["chosen_by"] == "cross-validation"


def test_pictures_without_a_label_teach_in_one_more_way_if_that_is_asked_for(
    trained: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fine_tune, "MOST_STEPS", 10)
    monkeypatch.setattr(class_learning, "choose", lambda judged: list(judged)[-1])  # as if it were clearly the best
    weights: list[float] = []
    steps = class_learning.fine_tuning

    def noted(*given: Any) -> Any:
        weights.append(given[-1])
        return steps(*given)

    monkeypatch.setattr(class_learning, "fine_tuning", noted)
    summary = summary_of(run(jobs.label(trained, jobs.LabelRequest(few(trained, step=2), fine_tune=True, consistency=0.5))))
    assert list(summary["learned"]) == ["linear", "k-nn", "fine-tuned", "fine-tuned+unlabelled"]
    assert weights == [0.0] * 5 + [0.5] * 6, "five parts each, and all pictures by the best"
    assert "fine-tuned+unlabelled" in label_text(summary)
    kept = load_learned(trained.run_dir(summary["run"]))
    assert kept is not None and kept.method == "fine-tuned+unlabelled" and kept.consistency == 0.5
    chosen = summary_of(run(jobs.label(trained, jobs.LabelRequest(method="fine-tuned+unlabelled"))))
    assert chosen["map"]["method"] == "fine-tuned+unlabelled"
    assert "pictures that have none" in label_text(chosen)


def test_what_pictures_without_a_label_count_is_checked(trained: Project, run: Run) -> None:
    end = run(jobs.label(trained, jobs.LabelRequest(consistency=1.0)))[-1]
    assert isinstance(end, RunFailed) and "--fine-tune" in end.hint
    end = run(jobs.label(trained, jobs.LabelRequest(fine_tune=True, consistency=float("inf"))))[-1]
    assert isinstance(end, RunFailed) and "inf" in end.message


def test_too_few_labels_teach_nothing(trained: Project, run: Run) -> None:
    path = next(iter(kinds_of(trained)))
    end = run(jobs.label(trained, jobs.LabelRequest(label_file(trained.path.parent / "few.csv", [(path, "cat")]), fine_tune=True)))[-1]
    assert isinstance(end, RunFailed) and "Too few labels" in end.message
