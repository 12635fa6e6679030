"""What the runs of a project tell of themselves."""

import dataclasses
import json
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from iic_studio import jobs
from iic_studio.config import TrainSettings, pixel_settings
from iic_studio.curation import Curator, edits
from iic_studio.errors import StudioError
from iic_studio.events import DiagnosisChanged, Event, HealthMeasured, StepsFinished, to_json
from iic_studio.jobs.runs import RunReader, as_table, card_text, compare_runs, differing_settings, run_card, say_settings
from iic_studio.project.store import Project
from tests.jobs.conftest import QUICK

Run = Callable[[Iterator[Event]], list[Event]]


def test_runs_with_their_settings_and_results(project: Project, run: Run) -> None:
    assert as_table(jobs.runs(project)) == "This project has no runs yet."
    for seed in (0, 1):
        run(jobs.train(project, dataclasses.replace(QUICK, seed=seed)))
    newest, older = jobs.runs(project)
    assert (newest["seed"], older["seed"]) == (1, 0)
    assert newest["state"] == "finished"
    assert newest["clusters"] == 4
    assert newest["num_images"] == 40
    assert newest["differs"] == {"sub_heads": 2, "steps": 8, "batch_size": 16, "image_size": 24}
    assert newest["loss"] == min(project.run(newest["run"]).summary["losses"]["main"])
    table = as_table([newest, older]).splitlines()
    assert len(table) == 3
    assert "sub heads 2, steps 8" in table[1]
    comparison = compare_runs(project, older["run"], newest["run"])
    assert len(comparison.image_ids) == 40
    assert 0 <= comparison.moved_share <= 1


def test_the_card_names_what_is_needed_to_repeat_it(project: Project, run: Run) -> None:
    run(jobs.train(project, QUICK))
    reader = RunReader()
    (facts,) = reader.all(project)
    card = run_card(facts)
    assert json.loads(json.dumps(card)) == card
    assert card["settings"]["seed"] == 0
    assert set(card["versions"]) == {"iic-studio", "python", "torch", "numpy"}
    assert len(card["data_fingerprint"]) == 32
    assert card["device"] == "cpu"
    assert len(card["losses"]["main"]) == 2
    text = card_text(facts)
    assert card["data_fingerprint"] in text
    assert "learning_rate" in text
    (again,) = reader.all(project)
    assert again.curve is facts.curve, "the log is read once"
    curator = Curator.of(project)
    curator.apply(edits.name_run(curator.curated, facts.row, "the good one"))
    (named,) = reader.all(project)
    assert named.title == "the good one"
    assert card_text(named).startswith("the good one")


def test_a_run_that_has_said_nothing_yet(project: Project) -> None:
    project.add_run(QUICK.as_dict(), "cpu")
    (facts,) = RunReader().all(project)
    assert facts.loss is None
    assert np.shape(facts.curve) == (0, 2)
    assert card_text(facts)
    with pytest.raises(StudioError, match="no clusters yet"):
        compare_runs(project, facts.row.id, facts.row.id)


def test_the_log_tells_how_it_went(project: Project) -> None:
    row = project.add_run(QUICK.as_dict(), "cpu")
    health = HealthMeasured(
        step=20, epoch=2, mutual_information=1.2, mutual_information_excess=1.1, ceiling=2.0, churn=0.05, nmi_previous=0.9, num_used=4,
        num_dead=0, largest_share=0.3, largest_share_in_use=0.3, agreement=0.8, consistency=0.7,
    )  # fmt: skip
    told = {
        "overclustering_losses": (),
        "mutual_information": 1.0,
        "ceiling": 2.0,
        "images_per_s": 1.0,
        "fraction_done": 0.5,
        "eta_s": None,
    }
    steps = [
        StepsFinished(step=step, epoch=0, elapsed_s=1.0, main_losses=(loss, 0.0), **told)  # type: ignore[arg-type]
        for step, loss in ((10, -0.5), (20, float("nan")), (30, -0.9), (20, -0.6))
    ]
    log = [*steps, health, DiagnosisChanged(state="learning", message="It learns.", action="")]
    (project.run_dir(row.id) / "events.jsonl").write_text("".join(f"{to_json(event)}\n" for event in log), encoding="utf-8")
    (facts,) = RunReader().all(project)
    assert facts.curve.tolist() == [[10, -0.5], [20, -0.6]], "what was done anew after a resume counts once"
    assert facts.loss == -0.6
    assert facts.diagnosis == "It learns."
    assert facts.health["churn"] == 0.05
    assert "churn: 0.05" in card_text(facts)


def test_settings_in_words() -> None:
    asked = {**QUICK.as_dict(), "learning_rate": 1e-3, "seed": 9, "made_up": 1, "transforms": {"hue": 0.1}}
    words = say_settings(differing_settings(asked))
    assert "learning rate 0.001" in words
    assert "transforms own" in words
    assert "seed" not in words
    assert "made" not in words


def test_pixels_have_defaults_of_their_own() -> None:
    assert say_settings(differing_settings(pixel_settings().as_dict())) == "task pixels"
    assert say_settings(differing_settings(pixel_settings(steps=9, clusters=3).as_dict())) == "task pixels, steps 9"
    aerial = pixel_settings(preset="aerial", sub_heads=2).as_dict()
    assert say_settings(differing_settings(pixel_settings(short_side=96).as_dict())) == "task pixels, short side 96 px"
    assert say_settings(differing_settings(aerial)) == "task pixels, preset aerial, sub heads 2"
    assert differing_settings(aerial | {"preset": "deleted since"})["preset"] == "deleted since"
    assert differing_settings(TrainSettings(method="iic", sub_heads=1).as_dict()) == {"method": "iic", "sub_heads": 1}
