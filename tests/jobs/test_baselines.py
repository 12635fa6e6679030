"""The table of simple methods: every row has scores, the same seed gives the same ones, mistakes are told in words."""

import json
import math
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from iic_studio import jobs
from iic_studio.cli import main
from iic_studio.curation import Curator, label_edits, load_curation
from iic_studio.curation.proposals import load_proposal, open_proposal
from iic_studio.evaluation import baselines as simple
from iic_studio.evaluation.scores import score_clustering
from iic_studio.events import Event, ProgressMade, RunFailed, RunFinished
from iic_studio.export.request import ExportRequest
from iic_studio.jobs.baselines import BASELINES
from iic_studio.jobs.results import newest_assignments
from iic_studio.jobs.runs import RunReader, compare_runs, known_labels
from iic_studio.project.records import BASELINE
from iic_studio.project.store import Project
from iic_studio.records import Assignments
from tests.jobs.conftest import QUICK

Run = Callable[[Iterator[Event]], list[Event]]


def table(events: list[Event]) -> dict[str, dict[str, float]]:
    assert isinstance(events[-1], RunFinished), events[-1]
    return {row["name"]: row for row in events[-1].summary["rows"]}


def test_every_method_has_a_row(project: Project, tmp_path: Path, run: Run) -> None:
    events = run(jobs.baselines(project, tmp_path / "labels.csv", steps=4))
    rows = table(events)
    assert list(rows) == list(BASELINES)
    for row in rows.values():
        assert 0.25 <= row["accuracy_one_to_one"] <= 1
        assert 0 <= row["nmi"] <= 1
        assert -0.5 <= row["ari"] <= 1
        assert row["seconds"] > 0
    assert {event.message for event in events if isinstance(event, ProgressMade) and event.stage == "baselines"} == set(BASELINES)
    again = table(run(jobs.baselines(project, tmp_path / "labels.csv", steps=4, only=("pixels", "dec"))))
    assert list(again) == ["pixels", "dec"]
    assert all(again[name]["nmi"] == rows[name]["nmi"] for name in again)
    assert rows["dec"]["seconds"] > rows["autoencoder"]["seconds"]


def test_the_command_prints_a_table_or_json(project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(project.path)
    project.close()
    asked = ["baselines", path, "--labels", str(tmp_path / "labels.csv"), "--only", "pixels"]
    assert main([*asked, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["num_clusters"] == 4
    assert found["num_images"] == 40
    assert main([*asked, "--quiet"]) == 0
    printed = capsys.readouterr().out
    assert f"{found['rows'][0]['accuracy_one_to_one']:.1%}" in printed
    assert "k-means on pixels" in printed


def test_a_run_that_was_cut_off_has_no_time(project: Project, tmp_path: Path, run: Run) -> None:
    run(jobs.index(project))
    ids = np.array([row.id for row in project.images("ok")])
    halves = (np.arange(len(ids)) % 2).astype(np.int64)
    said = Assignments(ids, np.eye(2, dtype=np.float32)[halves], halves, halves[:, None], np.ones(len(ids), np.float32), 0)
    project.save_assignments(project.add_run({"method": "iic"}, "cpu").id, said)
    last = run(jobs.baselines(project, tmp_path / "labels.csv", only=("pixels",)))[-1]
    assert isinstance(last, RunFinished)
    assert [row["seconds"] is None for row in last.summary["rows"]] == [True, False]
    json.dumps(last.summary, allow_nan=False)
    assert "unknown" in jobs.baselines_table(last.summary)


@pytest.mark.parametrize(
    ("labels", "more", "words"),
    [("path,label\nnowhere.jpg,a\n", {}, "No path in the label file"), (None, {"only": ("magic",)}, "no baseline magic"),
     (None, {"clusters": 41}, "41 clusters cannot be made of 40 images")],
)  # fmt: skip
def test_mistakes_are_told_in_words(project: Project, tmp_path: Path, run: Run, labels: str | None, more: dict, words: str) -> None:
    path = tmp_path / "labels.csv"
    if labels is not None:
        path.write_text(labels, encoding="utf-8")
    last = run(jobs.baselines(project, path, **more))[-1]
    assert isinstance(last, RunFailed)
    assert words in last.message


def test_a_large_set_is_sampled_for_spectral(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    kinds = np.arange(90) % 3
    pixels = (kinds[:, None, None] * 80 + rng.integers(0, 20, (90, 6, 6))).astype(np.uint8)
    monkeypatch.setattr(simple, "MOST_SPECTRAL", 45)
    found = simple.spectral_on_pixels(pixels, 3, 0)
    assert len(set(zip(found.tolist(), kinds.tolist(), strict=True))) == 3


def test_kmeans_on_much_is_fitted_on_a_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simple, "_MOST_VALUES", 100)
    monkeypatch.setattr(simple, "_FITTED", 30)
    vectors = np.repeat(np.array([[0.0], [5.0], [9.0]]), 40, axis=0)
    found = simple.kmeans_on_vectors(vectors, 3, 0)
    assert len(found) == 120
    assert not math.isclose(found[0], found[-1])
    assert len(set(found.tolist())) == 3


def test_without_labels_nothing_is_said_of_accuracy(project: Project, run: Run) -> None:
    last = run(jobs.baselines(project, clusters=3, only=("pixels",)))[-1]
    assert isinstance(last, RunFinished)
    assert jobs.baselines_table(last.summary).splitlines()[-1].split("pixels")[1].split() == [
        f"{last.summary['rows'][0]['seconds']:.1f}",
        "s",
    ]
    assert last.summary["rows"][0]["accuracy_one_to_one"] is None
    assert project.runs(beside=True) == [], "nothing is kept unasked"


def test_kept_ones_are_runs_that_are_never_taken_unasked(project: Project, tmp_path: Path, run: Run) -> None:
    run(jobs.train(project, QUICK))
    trained = project.runs()[0]
    job = jobs.baselines(project, tmp_path / "labels.csv", clusters=4, seed=7, steps=3, only=("pixels", "autoencoder"), keep=True)
    found = table(run(job))
    assert project.runs() == [trained]
    kept = [row for row in project.runs(beside=True) if row.beside == BASELINE]
    assert [row.id for row in kept] == [found[name]["run"] for name in ("pixels", "autoencoder")]
    assert [row.settings["seed"] for row in kept] == [7, 7]
    assert [row.settings.get("steps") for row in kept] == [None, 3]
    ours, theirs = project.load_assignments(trained.id), project.load_assignments(kept[0].id)
    assert ours is not None
    assert theirs is not None
    assert ours.image_ids.tolist() == theirs.image_ids.tolist(), "the same images"
    assert newest_assignments(project)[0].id == trained.id
    facts = {one.row.id: one for one in RunReader().all(project)}
    assert facts[kept[0].id].accuracy == found["pixels"]["accuracy_one_to_one"], "as the file said"
    assert facts[kept[0].id].num_judged == 40
    assert facts[trained.id].accuracy is None, "no label of it is known to the project"
    assert facts[kept[1].id].method == "autoencoder, then k-means"
    assert compare_runs(project, trained.id, kept[0].id).image_ids.tolist() == ours.image_ids.tolist()
    curator = Curator.of(project)
    curator.apply(label_edits.define_classes(curator.curated, ["all of a cluster"]))
    (uid,) = curator.curated.curation.known.classes
    curator.apply(label_edits.label(curator.curated, curator.curated.image_ids[curator.curated.group == 0], uid))
    assert RunReader().all(project)[-1].accuracy is None, "a cluster that was named does not judge itself"
    run(jobs.label(project, jobs.LabelRequest(labels=tmp_path / "labels.csv", truth=True)))
    facts = {one.row.id: one for one in RunReader().all(project)}
    scores = score_clustering(ours.assignment.tolist(), known_labels(project, ours.image_ids.tolist()))
    assert facts[trained.id].accuracy == scores.accuracy_one_to_one
    assert facts[trained.id].num_judged == 40
    known = table(run(jobs.baselines(project, only=("pixels",), seed=7)))
    assert known["pixels"]["accuracy_one_to_one"] == facts[kept[0].id].accuracy, "the labels of the project are used"


def test_one_that_was_accepted_is_what_is_exported(project: Project, tmp_path: Path, run: Run) -> None:
    run(jobs.train(project, QUICK))
    run(jobs.baselines(project, clusters=4, only=("pixels",), keep=True))
    (kept,) = (row for row in project.runs(beside=True) if row.beside == BASELINE)
    curator = Curator.of(project)
    assert curator.curated.run != kept.id
    curator.apply(load_proposal(project, kept, curator.curated).accept())
    assert Curator.of(project).curated.run == kept.id
    assert isinstance(run(jobs.export_csv(project, tmp_path / "out.csv"))[-1], RunFinished)
    rows = (tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()
    assert len(rows) == 41
    lacking = run(jobs.assign(project, project.folder, tmp_path / "more.csv"))[-1]
    assert isinstance(lacking, RunFailed), "it has no network to look at other pictures with"
    modelless = run(jobs.export(project, ExportRequest(onnx=tmp_path / "model")))[-1]
    assert isinstance(modelless, RunFailed)
    for failed in (lacking, modelless, run(jobs.make_map(project, run=kept.id))[-1]):
        assert isinstance(failed, RunFailed)
        assert "is a baseline (k-means on pixels): it has groups but no network" in failed.message
        assert "Accept a trained run" in failed.hint
    run(jobs.train(project, QUICK))
    proposal = open_proposal(project, load_curation(project))
    assert proposal is not None
    assert not proposal.beside
