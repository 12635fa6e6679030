"""Training through the project: store, log, states; stop, close, resume; export and assign."""

import csv
import dataclasses
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from iic_studio import jobs, paths
from iic_studio.config import TrainSettings
from iic_studio.curation import Curator, accept_newest, edits, load_curated
from iic_studio.errors import ProjectError
from iic_studio.events import (
    AssignmentsSaved,
    CheckpointSaved,
    Event,
    RunFailed,
    RunFinished,
    RunStarted,
    SettingsChosen,
    StepsFinished,
    WarningRaised,
)
from iic_studio.jobs import training
from iic_studio.project.store import Project
from iic_studio.training import checkpoint, narrator, trainer
from iic_studio.training.live import Control
from tests.jobs.conftest import QUICK, name_cluster

Run = Callable[[Iterator[Event]], list[Event]]


def test_train_leaves_all_that_the_window_and_export_need(project: Project, run: Run) -> None:
    events = run(jobs.train(project, QUICK))
    (row,) = project.runs()
    assert row.state == "finished"
    (chosen,) = [event for event in events if isinstance(event, SettingsChosen)]
    assert row.settings == chosen.settings
    assert TrainSettings.from_dict(row.settings).as_dict() == row.settings
    assignments = project.load_assignments(row.id)
    assert assignments is not None
    assert sorted(assignments.image_ids) == sorted(image.id for image in project.images("ok"))
    final = [event for event in events if isinstance(event, AssignmentsSaved)][-1]
    assert (final.final, final.num_images) == (True, 40)
    with np.load(project.run_dir(row.id) / "joints.npz") as joints:
        assert joints["main"].shape == (2, 4, 4)
    with np.load(project.run_dir(row.id) / "overclusters.npz") as over:
        assert over["assignment"].shape == over["second"].shape == (40,)
    logged = jobs.read_run_log(project.run_dir(row.id) / "events.jsonl")
    assert isinstance(logged[0], RunStarted)
    assert isinstance(logged[-1], RunFinished)
    assert sum(row.summary["cluster_sizes"]) == 40


def test_excluded_images_take_no_part_and_have_a_place_afterwards(project: Project, tmp_path: Path, run: Run) -> None:
    run(jobs.train(project, QUICK))
    curator = Curator.of(project)
    out = project.images("ok")[3:8]
    gone = np.array([row.id for row in out], np.int64)
    curator.apply(edits.exclude(curator.curated, gone))
    events = run(jobs.train(project, QUICK))
    (chosen,) = [event for event in events if isinstance(event, SettingsChosen)]
    assert chosen.num_images == 35
    row = project.runs()[-1]
    taking_part = np.load(project.run_dir(row.id) / "image_ids.npy", allow_pickle=False)
    assert len(taking_part) == 35
    assert not np.isin(taking_part, gone).any()
    assert (row.summary["num_images"], row.summary["num_left_out"]) == (35, 5)
    assert sum(row.summary["cluster_sizes"]) == 35
    with np.load(project.run_dir(row.id) / "overclusters.npz") as over:
        assert not np.isin(over["image_ids"], gone).any()
    said = project.load_assignments(row.id)
    assert said is not None
    assert sorted(said.image_ids.tolist()) == [image.id for image in project.images("ok")]
    assert np.allclose(said.probabilities.sum(axis=1), 1, atol=1e-4)
    accept_newest(project, curator)
    table = tmp_path / "out.csv"
    run(jobs.export_csv(project, table))
    lines = {line["path"]: line for line in csv.DictReader(table.read_text(encoding="utf-8").splitlines())}
    assert len(lines) == 40
    assert [(lines[one.path]["cluster"], lines[one.path]["excluded"]) for one in out] == [("", "1")] * 5
    assert json.loads((tmp_path / "out.meta.json").read_text(encoding="utf-8"))["num_left_out_of_training"] == 5
    curator.undo()
    curator.undo()
    assert (load_curated(project).group >= 0).all()


def test_with_every_image_excluded_there_is_nothing_to_train_on(project: Project, run: Run) -> None:
    run(jobs.train(project, QUICK))
    curator = Curator.of(project)
    curator.apply(edits.exclude(curator.curated, curator.curated.image_ids))
    failed = run(jobs.train(project, QUICK))[-1]
    assert isinstance(failed, RunFailed)
    assert failed.message == "Every picture is excluded, so there is nothing to learn from."


def test_same_seed_same_table(project: Project, tmp_path: Path, run: Run) -> None:
    tables = []
    for name in ("a", "b"):
        run(jobs.cluster(project, QUICK, tmp_path / f"{name}.csv", probabilities=True))
        tables.append((tmp_path / f"{name}.csv").read_bytes())
    assert tables[0] == tables[1]


def test_closing_keeps_a_checkpoint_and_resume_ends_as_if_uninterrupted(
    project: Project, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(narrator, "REPORT_INTERVAL_S", 0.0)
    run(jobs.train(project, QUICK))
    run(jobs.export_csv(project, tmp_path / "whole.csv", probabilities=True))
    job = jobs.train(project, QUICK)
    for event in job:
        if isinstance(event, StepsFinished) and event.step == 3:
            break
    job.close()
    cut = project.last_run()
    assert cut is not None
    assert cut.state == "stopped"
    assert jobs.resumable_run(project) == cut
    run(jobs.resume(project))
    assert project.run(cut.id).state == "finished"
    newest, whole = jobs.runs(project)
    assert newest["differs"] == whole["differs"], "what was asked for, not what was planned by then"
    run(jobs.export_csv(project, tmp_path / "cut.csv", probabilities=True))
    assert (tmp_path / "whole.csv").read_bytes() == (tmp_path / "cut.csv").read_bytes()
    (*_, last) = run(jobs.resume(project))
    assert isinstance(last, RunFailed)
    assert "no interrupted run" in last.message


def test_stop_and_keep_can_be_exported(project: Project, tmp_path: Path, run: Run) -> None:
    control = Control()
    job = jobs.train(project, TrainSettings(**{**QUICK.as_dict(), "steps": 100_000, "transforms": None}), control=control)
    seen = []
    for event in job:
        seen.append(event)
        if isinstance(event, StepsFinished):
            control.stop_and_keep()
    assert isinstance(seen[-1], RunFinished)
    assert seen[-1].stopped_early
    run(jobs.export_csv(project, tmp_path / "kept.csv"))
    with (tmp_path / "kept.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["path"] for row in rows] == sorted(row["path"] for row in rows)
    assert len(rows) == 40
    assert {row["source"] for row in rows} == {"model"}


def test_meta_names_settings_data_and_problems(broken_folder: Path, tmp_path: Path, run: Run) -> None:
    with Project.create(tmp_path / "p.iicproj", broken_folder) as project:
        run(jobs.cluster(project, QUICK, tmp_path / "out.csv"))
    meta = json.loads((tmp_path / "out.meta.json").read_text(encoding="utf-8"))
    assert (meta["seed"], meta["device"], meta["num_images"], meta["num_problems"]) == (0, "cpu", 40, 3)
    assert {problem["path"] for problem in meta["problems"]} == {"empty.jpg", "text.jpg", "day 1/truncated.jpg"}
    assert all(problem["reason"] for problem in meta["problems"])
    assert len(meta["losses"]["main"]) == 2
    assert meta["versions"]["torch"]
    assert meta["data_fingerprint"]
    assert meta["state"] == "finished", "although the job that trained it also wrote this"


def test_assign_gives_the_trained_pictures_their_clusters(
    project: Project, tmp_path: Path, run: Run, make_pictures: Callable[..., dict[str, str]]
) -> None:
    run(jobs.cluster(project, QUICK, tmp_path / "own.csv"))
    before = project.count_images()
    run(jobs.assign(project, project.folder, tmp_path / "again.csv"))
    own, again = ((tmp_path / f"{name}.csv").read_text(encoding="utf-8").splitlines() for name in ("own", "again"))
    assert [line.split(",")[:2] for line in own] == [line.split(",")[:2] for line in again]
    make_pictures(tmp_path / "new", per_kind=3, seed=9)
    events = run(jobs.assign(project, tmp_path / "new", tmp_path / "new.csv"))
    assert isinstance(events[-1], RunFinished)
    assert len((tmp_path / "new.csv").read_text(encoding="utf-8").splitlines()) == 13
    assert project.count_images() == before
    assert not list(project.cache.glob("assign-*"))
    refused = run(jobs.assign(project, tmp_path / "new", tmp_path / "new" / "out.csv"))
    assert isinstance(refused[-1], RunFailed) and len(refused) == 2, "before the work"


def test_evaluate_project_and_csv_agree(project: Project, tmp_path: Path, run: Run) -> None:
    run(jobs.cluster(project, QUICK, tmp_path / "own.csv"))
    of_project, of_csv = (run(jobs.evaluate(source, tmp_path / "labels.csv"))[-1] for source in (project.path, tmp_path / "own.csv"))
    assert isinstance(of_project, RunFinished)
    assert isinstance(of_csv, RunFinished)
    assert of_project.summary == of_csv.summary
    assert of_project.summary["num_labelled"] == 40


@pytest.mark.parametrize(
    ("settings", "words", "code"),
    [
        (TrainSettings(clusters=50, device="cpu"), "50 clusters cannot be made of 40 images", 2),
        (TrainSettings(preset="nonsense", device="cpu"), "no preset nonsense", 2),
    ],
)
def test_impossible_wishes_fail_in_words(project: Project, run: Run, settings: TrainSettings, words: str, code: int) -> None:
    (*_, last) = run(jobs.train(project, settings))
    assert isinstance(last, RunFailed)
    assert words in last.message
    assert last.exit_code == code
    assert project.runs()[-1].state == "failed"


def test_the_csv_is_never_written_beside_the_pictures(project: Project, run: Run) -> None:
    run(jobs.train(project, QUICK))
    (*_, last) = run(jobs.export_csv(project, project.folder / "out.csv"))
    assert isinstance(last, RunFailed)
    assert "inside the folder of images" in last.message
    assert not list(project.folder.glob("*.csv"))


def test_a_table_that_cannot_be_written_is_refused_before_the_work(project: Project, tmp_path: Path, run: Run) -> None:
    (tmp_path / "file").write_text("")
    for target in (project.folder / "out.csv", tmp_path, tmp_path / "file" / "out.csv"):
        seen = run(jobs.cluster(project, QUICK, target))
        assert isinstance(seen[-1], RunFailed)
        assert len(seen) == 2


def test_exporting_before_training_says_what_to_do(project: Project, tmp_path: Path, run: Run) -> None:
    (*_, last) = run(jobs.export_csv(project, tmp_path / "out.csv"))
    assert isinstance(last, RunFailed)
    assert "Train" in last.hint


def speak_through_another_sub_head(project: Project) -> np.ndarray:
    """Save the run's assignments as another sub-head with other numbers would have them; returns the new number of each cluster."""
    row = project.runs()[-1]
    first = project.load_assignments(row.id)
    assert first is not None
    renamed = np.array([3, 0, 1, 2])
    second = dataclasses.replace(
        first, assignment=renamed[first.assignment], probabilities=first.probabilities[:, np.argsort(renamed)], sub_head=first.sub_head + 1
    )
    training._save_assignments(project, row.id, second)
    return renamed


def test_names_stay_with_their_groups_when_another_sub_head_speaks(project: Project, run: Run) -> None:
    run(jobs.train(project, QUICK))
    name_cluster(project, 0, "suns")
    name_cluster(project, 2, "moons")
    before = load_curated(project)
    speak_through_another_sub_head(project)
    after = load_curated(project)
    assert sorted(after.names.values()) == ["moons", "suns"]
    # Clusters without an image have nothing that says which one they were.
    used = np.flatnonzero(before.sizes)
    assert np.array_equal(before.group, after.group)
    assert [before.groups[one] for one in used] == [after.groups[one] for one in used]
    curator = Curator.of(project)
    curator.undo()
    assert sorted(curator.curated.names.values()) == ["suns"]
    assert np.array_equal(curator.curated.group, before.group)


def test_an_edit_made_while_another_sub_head_began_to_speak_is_refused(project: Project, run: Run) -> None:
    run(jobs.train(project, QUICK))
    curator = Curator.of(project)
    edit = edits.rename(curator.curated, 1, "suns")
    speak_through_another_sub_head(project)
    with pytest.raises(ProjectError, match="changed meanwhile"):
        curator.apply(edit)
    assert load_curated(project).names == {}


def test_a_new_run_beside_corrections_is_a_proposal(project: Project, tmp_path: Path, run: Run) -> None:
    run(jobs.train(project, QUICK))
    name_cluster(project, 1, "suns")
    first = project.runs()[-1].id
    events = run(jobs.cluster(project, QUICK, tmp_path / "new.csv"))
    assert any(isinstance(event, WarningRaised) and "proposal" in event.message for event in events)
    second = project.runs()[-1].id
    assert load_curated(project).run == first
    assert json.loads((tmp_path / "new.meta.json").read_text(encoding="utf-8"))["run"] == second
    run(jobs.export_csv(project, tmp_path / "now.csv"))
    assert json.loads((tmp_path / "now.meta.json").read_text(encoding="utf-8"))["run"] == first
    assert "suns" in (tmp_path / "new.csv").read_text(encoding="utf-8")


def test_corrections_reach_every_result(project: Project, tmp_path: Path, run: Run, make_pictures: Callable[..., dict[str, str]]) -> None:
    run(jobs.train(project, QUICK))
    curator = Curator.of(project)
    curator.apply(edits.rename(curator.curated, 3, "suns"))
    curator.apply(edits.merge(curator.curated, [0, 3]))
    curator.apply(edits.move_to_new(curator.curated, np.array([1, 2]), "junk"))
    curator.apply(edits.exclude(curator.curated, np.array([5])))
    run(jobs.export_csv(project, tmp_path / "own.csv", probabilities=True))
    with (tmp_path / "own.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0])[-4:] == ["p_0", "p_1", "p_2", "p_3"]
    assert sum(row["source"] == "user" and (row["cluster"], row["cluster_name"]) == ("3", "junk") for row in rows) == 2
    assert [(row["cluster"], row["cluster_name"]) for row in rows if row["excluded"] == "1"] == [("", "")]
    assert {row["cluster"] for row in rows} <= {"", "0", "1", "2", "3"}
    meta = json.loads((tmp_path / "own.meta.json").read_text(encoding="utf-8"))
    assert meta["num_clusters"] == 4
    assert meta["corrections"]["merged"] == [{"cluster": 2, "name": "suns", "model_clusters": [0, 3]}]
    assert (meta["corrections"]["images_moved"], meta["corrections"]["images_excluded"]) == (2, 1)
    labels = tmp_path / "labels.csv"
    of_project, of_csv = (run(jobs.evaluate(source, labels))[-1] for source in (project.path, tmp_path / "own.csv"))
    assert isinstance(of_project, RunFinished)
    assert isinstance(of_csv, RunFinished)
    assert of_project.summary == of_csv.summary
    assert of_project.summary["num_labelled"] == 39
    # The model assigns new pictures to the same groups; what was said of single images is not said of others.
    run(jobs.assign(project, project.folder, tmp_path / "again.csv", probabilities=True))
    with (tmp_path / "again.csv").open(encoding="utf-8", newline="") as file:
        again = list(csv.DictReader(file))
    untouched = [row for row in rows if row["source"] == "model" and row["excluded"] == "0"]
    assert {(row["path"], row["cluster"], row["cluster_name"]) for row in untouched} <= {
        (row["path"], row["cluster"], row["cluster_name"]) for row in again
    }
    assert {(row["source"], row["excluded"]) for row in again} == {("model", "0")}
    assert list(again[0])[-4:] == ["p_0", "p_1", "p_2", "p_3"]


def test_demo_ends_finished_with_both_scores(tmp_path: Path, run: Run) -> None:
    settings = dataclasses.replace(QUICK, clusters=10, steps=2, batch_size=64, image_size=None)
    (*_, last) = run(jobs.demo(tmp_path, settings))
    assert isinstance(last, RunFinished)
    assert 0.5 < last.summary["kmeans_accuracy_one_to_one"] < 1
    with Project.open(tmp_path / "digits.iicproj") as project:
        assert project.runs()[-1].state == "finished"


def test_resume_reads_the_pictures_again_when_the_cache_is_gone(project: Project, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(narrator, "REPORT_INTERVAL_S", 0.0)
    job = jobs.train(project, QUICK)
    for event in job:
        if isinstance(event, StepsFinished):
            break
    job.close()
    shutil.rmtree(project.cache)
    (*_, last) = run(jobs.resume(project))
    assert isinstance(last, RunFinished)


def test_a_full_disk_is_a_sentence_and_the_run_goes_on_later(project: Project, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(narrator, "REPORT_INTERVAL_S", 0.0)
    monkeypatch.setattr(narrator, "FIRST_CHECKPOINT_S", 0.0)
    monkeypatch.setattr(trainer, "CHECKPOINT_INTERVAL_S", 0.0)
    job = jobs.train(project, QUICK)
    seen = []

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    for event in job:
        seen.append(event)
        if isinstance(event, CheckpointSaved) and event.step == 3:
            monkeypatch.setattr(checkpoint.os, "fsync", full)
    assert isinstance(seen[-1], RunFailed)
    assert "disk is full" in seen[-1].message
    assert project.runs()[-1].state == "failed"
    monkeypatch.undo()
    (*_, last) = run(jobs.resume(project))
    assert isinstance(last, RunFinished)
    assert last.summary["steps"] == 8


def test_extra_images_are_indexed_in_a_project_of_their_own(project: Project, run: Run, tmp_path: Path) -> None:
    more = tmp_path / "more"
    more.mkdir()
    for path in sorted(one for one in project.folder.rglob("*") if one.is_file())[:12]:
        shutil.copy(path, more / f"{path.parent.name}-{path.name}")
    events = run(jobs.train(project, dataclasses.replace(QUICK, extra=str(more))))
    assert isinstance(events[-1], RunFinished)
    assert events[-1].num_images == 40
    assert project.count_images() == 40
    with Project.open(paths.default_project_path(more), writable=False) as other:
        assert other.count_images("ok") == 12


@pytest.mark.parametrize(("extra", "words"), [("same", "are those of the project"), ("missing", "There is no folder")])
def test_extra_images_that_cannot_be_used_are_said(project: Project, run: Run, tmp_path: Path, extra: str, words: str) -> None:
    folder = project.folder if extra == "same" else tmp_path / "missing"
    last = run(jobs.train(project, dataclasses.replace(QUICK, extra=str(folder))))[-1]
    assert isinstance(last, RunFailed)
    assert words in last.message
    assert last.exit_code == 2
