"""A small project that was indexed and trained twice, made once and copied for each test: the runs are written, not learned.

44 pictures of four kinds: the first run puts nearly all of them into the cluster of their kind, the second numbers the clusters otherwise
and moves some. Eight pictures carry a date and a camera, two are the same picture, one file cannot be read.
"""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from iic_studio import jobs
from iic_studio.config import TrainSettings
from iic_studio.events import EpochFinished, HeadReport, RunFinished, RunStarted, StepsFinished, SubHeadReport, to_json
from iic_studio.project.records import OK
from iic_studio.project.store import Project
from iic_studio.records import Assignments, FloatArray, IntArray

KINDS = ("checks", "dots", "gradient", "stripes")
CLUSTERS, SUB_HEADS = len(KINDS), 3
SETTINGS = TrainSettings(clusters=CLUSTERS, sub_heads=SUB_HEADS, steps=80, seed=3)


def make_template(place: Path, make_pictures: Callable[..., dict[str, str]]) -> Path:
    """Pictures and project in a folder; returns the project."""
    pictures, home = place / "pictures", place / "template.iicproj"
    labels = make_pictures(pictures)
    _add_shots(pictures, labels)
    with Project.create(home, pictures) as project:
        for _ in jobs.index(project):
            pass
        kinds = {path: KINDS.index(kind) for path, kind in labels.items()}
        rows = project.images(OK)
        truth = np.array([kinds[row.path] for row in rows])
        ids = np.array([row.id for row in rows])
        _add_run(project, SETTINGS, assignments(ids, truth, seed=0))
        moved = (truth + 1) % CLUSTERS
        moved[:5] = (moved[:5] + 1) % CLUSTERS
        _add_run(project, replace(SETTINGS, seed=4, sub_heads=5), assignments(ids, moved, seed=1))
    return home


def _add_shots(pictures: Path, labels: dict[str, str]) -> None:
    jpegs = [path for path in labels if path.endswith(".jpg")]
    for number, path in enumerate(jpegs[:8]):
        exif = Image.Exif()
        exif[0x0132] = f"2024:0{1 + number // 2}:15 12:00:0{number}"
        exif[0x010F], exif[0x0110] = ("NIKON", "D90") if number % 2 else ("Canon", "Canon EOS 5D")
        with Image.open(pictures / path) as image:
            image.save(pictures / path, exif=exif, quality=92)
    for number, path in enumerate(jpegs[:4]):
        copy = f"copies/copy{number}.jpg"
        (pictures / "copies").mkdir(exist_ok=True)
        shutil.copy(pictures / path, pictures / copy)
        labels[copy] = labels[path]
    (pictures / "torn.jpg").write_bytes(b"")


def assignments(ids: IntArray, clusters: IntArray, seed: int) -> Assignments:
    """Mostly sure assignments to these clusters."""
    rng = np.random.default_rng(seed)
    probabilities: FloatArray = rng.dirichlet(np.full(CLUSTERS, 0.4), len(ids)).astype(np.float32)
    probabilities[np.arange(len(ids)), clusters] += 1.2
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    assignment = probabilities.argmax(axis=1).astype(np.int64)
    votes = np.repeat(assignment[:, None], SUB_HEADS, axis=1)
    votes[::7, 1:] = (votes[::7, 1:] + 1) % CLUSTERS
    agreement = (votes == assignment[:, None]).mean(axis=1).astype(np.float32)
    return Assignments(ids, probabilities, assignment, votes, agreement, 0)


def _add_run(project: Project, settings: TrainSettings, said: Assignments) -> None:
    run = project.add_run(settings.as_dict(), "cpu")
    folder = project.run_dir(run.id)
    project.save_assignments(run.id, said)
    joint = np.full((SUB_HEADS, CLUSTERS, CLUSTERS), 0.01, np.float32) + np.eye(CLUSTERS, dtype=np.float32)
    np.savez(folder / "joints.npz", main=joint / joint.sum(axis=(1, 2), keepdims=True))
    log = [RunStarted(run=run.id, job="train")]
    for step in range(10, 90, 10):
        losses = tuple(-1.2 * step / (step + 20 + 5 * one) for one in range(SUB_HEADS))
        told = {"main_losses": losses, "overclustering_losses": (), "mutual_information": 1.0, "ceiling": 2.0, "images_per_s": 100.0}
        log.append(StepsFinished(step=step, epoch=step // 20, elapsed_s=float(step), fraction_done=step / 80, eta_s=None, **told))
        report = tuple(SubHeadReport(loss=loss, mutual_information=-loss, marginal_entropy=2.0, conditional_entropy=1.0) for loss in losses)
        head = HeadReport(head="main", num_clusters=CLUSTERS, ceiling=2.0, best_sub_head=0, sub_heads=report)
        log.append(EpochFinished(epoch=step // 10, step=step, elapsed_s=float(step), heads=(head,)))
    log.append(RunFinished(run=run.id, job="train", elapsed_s=81.0))
    (folder / "events.jsonl").write_text("".join(f"{to_json(event)}\n" for event in log), encoding="utf-8")
    summary = {"losses": {"main": [-1.0, -0.9, -0.8]}, "sub_head": 0, "steps": 80, "training_s": 80.0, "mutual_information_share": 0.72}
    project.update_run(run.id, state="finished", summary=summary)
