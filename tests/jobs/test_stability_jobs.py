"""The same method with other seeds: runs that are there count, others are trained, none of them is ever taken unasked."""

import dataclasses
import json
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from iic_studio import jobs
from iic_studio.cli import main
from iic_studio.curation import load_curation
from iic_studio.curation.curator import current_run
from iic_studio.events import Event, ProgressMade, RunFailed, RunFinished
from iic_studio.jobs.stability import repeats_of
from iic_studio.project.records import REPEAT
from iic_studio.project.store import Project
from tests.jobs.conftest import QUICK

Run = Callable[[Iterator[Event]], list[Event]]


def test_missing_runs_are_trained_on_the_same_images(project: Project, run: Run) -> None:
    run(jobs.train(project, QUICK))
    first = project.runs()[0]
    refused = run(jobs.stability(project))[-1]
    assert isinstance(refused, RunFailed)
    assert "another seed" in refused.message
    assert "--runs" in refused.hint
    events = run(jobs.stability(project, runs=2, steps=4))
    last = events[-1]
    assert isinstance(last, RunFinished), last
    assert any(isinstance(event, ProgressMade) and event.stage == "repeats" for event in events)
    others = [row for row in project.runs(beside=True) if row.beside == REPEAT]
    assert [row.settings["seed"] for row in others] == [1, 2]
    assert [row.summary["steps"] for row in others] == [4, 4]
    assert [row.state for row in others] == ["finished", "finished"]
    ids = [project.load_assignments(row.id).image_ids.tolist() for row in (first, *others)]  # type: ignore[union-attr]
    assert ids[0] == ids[1] == ids[2]
    assert len(last.summary["clusters"]) == 4
    for one in last.summary["clusters"]:
        assert 0 <= one["came_back"] <= 2
        assert one["sentence"] == f"This cluster came back in {one['came_back']} of 2 other runs."
    again = run(jobs.stability(project, runs=2))[-1]
    assert isinstance(again, RunFinished)
    assert again.summary == last.summary, "they are there, so nothing is trained"
    assert project.runs() == [project.run(first.id)]
    current = current_run(project, load_curation(project))
    assert current is not None
    assert current.id == first.id


def test_trainings_with_other_seeds_count_and_others_do_not(project: Project, run: Run) -> None:
    for settings in (QUICK, dataclasses.replace(QUICK, seed=5), dataclasses.replace(QUICK, seed=6, steps=9)):
        run(jobs.train(project, settings))
    first, same, longer = project.runs()
    assert [row.id for row in repeats_of(project, first)] == [same.id]
    assert repeats_of(project, longer) == []
    found = run(jobs.stability(project, first.id))[-1]
    assert isinstance(found, RunFinished)
    assert [one["seed"] for one in found.summary["others"]] == [5]
    said, other = project.load_assignments(first.id), project.load_assignments(same.id)
    assert said is not None
    assert other is not None
    sets = [set(other.image_ids[other.assignment == one]) for one in range(4)]
    for one in found.summary["clusters"]:
        mine = set(said.image_ids[said.assignment == one["cluster"]].tolist())
        best = max((len(mine & its) / len(mine | its) for its in sets if mine | its), default=0.0)
        assert one["mean_jaccard"] == pytest.approx(best) if mine else one["mean_jaccard"] is None


def test_a_stop_leaves_what_is_done(project: Project, run: Run) -> None:
    run(jobs.train(project, QUICK))
    job = jobs.stability(project, runs=3)
    for event in job:
        if isinstance(event, ProgressMade) and event.done > 1:
            break
    job.close()  # type: ignore[attr-defined]
    assert [row.state for row in project.runs(beside=True) if row.beside] == ["finished", "stopped"]


def test_the_command_says_it_in_lines_or_json(project: Project, run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    run(jobs.train(project, QUICK))
    path = str(project.path)
    project.close()
    assert main(["stability", path, "--quiet"]) == 1
    assert "another seed" in capsys.readouterr().err
    assert main(["stability", path, "--runs", "1", "--steps", "2", "--quiet"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "beside 1 other with the same settings (seed 1)" in lines[0]
    assert len(lines) == 6
    assert main(["stability", path, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["num_runs"] == 1
    assert main(["runs", path]) == 0
    assert np.char.count(capsys.readouterr().out, "finished") == 2
