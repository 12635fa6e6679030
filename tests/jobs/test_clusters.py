"""What the job says about a finished run, and what it says when there is none."""

import dataclasses
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from iic_studio import events, jobs
from iic_studio.events import Event, RunFailed, RunFinished
from iic_studio.project.store import Project
from iic_studio.tree_text import clusters_text, printable
from tests.jobs.conftest import QUICK, name_cluster

Run = Callable[[Iterator[Event]], list[Event]]


@pytest.fixture
def trained(project: Project, run: Run) -> Project:
    assert isinstance(run(jobs.train(project, QUICK))[-1], RunFinished)
    return project


def summary_of(seen: list[Event]) -> dict[str, Any]:
    assert isinstance(seen[-1], RunFinished)
    return seen[-1].summary


def failure_of(seen: list[Event]) -> RunFailed:
    assert isinstance(seen[-1], RunFailed)
    return seen[-1]


def nodes_of(tree: dict[str, Any]) -> list[dict[str, Any]]:
    return [tree, *(node for part in tree.get("parts", []) for node in nodes_of(part))]


def keep_plain_result(project: Project) -> None:
    """Put a result in the newest run's place in which eight overclusters are four kinds, two each, and so are the main clusters."""
    (row,) = project.runs()
    assignments = project.load_assignments(row.id)
    assert assignments is not None
    over = np.arange(len(assignments.image_ids)) % 8
    project.save_assignments(row.id, dataclasses.replace(assignments, assignment=over // 2))
    kind = np.arange(8) // 2
    joint = np.where(kind[:, None] == kind[None, :], 1.0, 0.02)
    folder = project.run_dir(row.id)
    joints = np.stack([joint / joint.sum()] * 2).astype(np.float32)
    np.savez(folder / "joints.npz", main=np.stack([np.eye(4, dtype=np.float32) / 4] * 2), overclustering=joints)
    np.savez(folder / "overclusters.npz", image_ids=assignments.image_ids, assignment=over, second=over, sub_head=1)


def test_a_finished_run_is_judged(trained: Project, run: Run) -> None:
    seen = run(jobs.clusters(trained))
    summary = summary_of(seen)
    (row,) = trained.runs()
    assert summary["run"] == row.id
    assert summary["num_images"] == 40
    assert summary["num_clusters"] == 4
    for head, num_clusters in (("main", 4), ("overclustering", row.settings["overclusters"])):
        use = summary[head]
        assert use["num_used"] + use["num_tiny"] + use["num_unused"] == use["num_clusters"] == num_clusters
        assert sum(use["sizes"]) == 40
        assert use["largest_share"] == max(use["sizes"]) / 40
    assert summary["reason"]
    assert sum(merge["cost_share"] for merge in summary["merges"]) == pytest.approx(1)
    assert summary["merges"][-1]["images"] == summary["tree"]["images"] == 40
    assert summary["merges"][-1]["clusters_left"] == 1
    for node in nodes_of(summary["tree"]):
        assert sum(part["images"] for part in node.get("parts", [node])) == node["images"]
    json.loads(events.to_json(seen[-1]))


def test_plain_kinds_are_found_and_called_by_the_names_people_gave(trained: Project, run: Run) -> None:
    keep_plain_result(trained)
    name_cluster(trained, 2, "dots")
    summary = summary_of(run(jobs.clusters(trained)))
    assert summary["suggested_k"] == 4
    assert summary["names"] == {"2": "dots"}
    groups = [node for node in nodes_of(summary["tree"]) if node["is_suggested"]]
    assert sorted(group["members"] for group in groups) == [[0, 1], [2, 3], [4, 5], [6, 7]]
    (dots,) = [group for group in groups if group["members"] == [4, 5]]
    assert dots["main_clusters"] == [{"cluster": 2, "name": "dots", "images": 10}]
    text = clusters_text(summary)
    assert "4 stands out" in text
    assert "100% in cluster 2 dots" in text
    assert text.count("●") == 4 + 1
    assert "--clusters" not in text, "it was trained with that number"
    assert printable(text, "utf-8") == text
    assert "* 10 images" in printable(text, "cp1252")


def test_a_run_without_overclusters_merges_its_clusters(trained: Project, run: Run) -> None:
    (row,) = trained.runs()
    with np.load(trained.run_dir(row.id) / "joints.npz", allow_pickle=False) as pack:
        main = pack["main"]
    np.savez(trained.run_dir(row.id) / "joints.npz", main=main)
    (trained.run_dir(row.id) / "overclusters.npz").unlink()
    name_cluster(trained, 0, "dots")
    summary = summary_of(run(jobs.clusters(trained)))
    assert summary["overclustering"] is None
    assert len(summary["merges"]) == 3
    assert "How the clusters merge" in clusters_text(summary)


def test_the_run_asked_for_is_judged_and_a_wrong_id_is_a_sentence(trained: Project, run: Run) -> None:
    first = trained.runs()[0].id
    run(jobs.train(trained, QUICK))
    assert summary_of(run(jobs.clusters(trained)))["run"] == trained.runs()[-1].id != first
    assert summary_of(run(jobs.clusters(trained, first)))["run"] == first
    assert "no run nonsense" in failure_of(run(jobs.clusters(trained, "nonsense"))).message


def test_no_run_and_an_unfinished_run_are_sentences(project: Project, run: Run) -> None:
    assert "no clusters yet" in failure_of(run(jobs.clusters(project))).message
    run(jobs.train(project, QUICK))
    (row,) = project.runs()
    (project.run_dir(row.id) / "joints.npz").unlink()
    assert "has not finished" in failure_of(run(jobs.clusters(project))).message


@pytest.mark.parametrize("name", ["joints.npz", "overclusters.npz"])
def test_damaged_arrays_are_a_sentence(trained: Project, run: Run, name: str) -> None:
    path: Path = trained.run_dir(trained.runs()[0].id) / name
    path.write_bytes(path.read_bytes()[:100])
    assert "damaged" in failure_of(run(jobs.clusters(trained))).message


def test_nothing_is_changed(trained: Project, run: Run) -> None:
    def files() -> dict[str, bytes]:
        return {str(path): path.read_bytes() for path in sorted(trained.path.rglob("*")) if path.is_file() and "runs" in path.parts}

    before, states = files(), [row.state for row in trained.runs()]
    with Project.open(trained.path, writable=False) as reader:
        summary_of(run(jobs.clusters(reader)))
    assert files() == before
    assert [row.state for row in trained.runs()] == states
