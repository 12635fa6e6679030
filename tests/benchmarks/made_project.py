"""A large project made by a generator: files on the disk, rows, thumbnails, training cache, two runs, a map. No Qt, nothing decoded.

64 small pictures are linked into folders until there are enough. Everything that a person would have waited for (reading, training,
arranging) is written straight into the project, in the shapes and sizes that the jobs leave behind.
"""

import io
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from PIL import Image

from iic_studio.config import TrainSettings
from iic_studio.events import (
    EpochFinished,
    Event,
    HeadReport,
    HealthMeasured,
    RunFinished,
    RunStarted,
    StepsFinished,
    SubHeadReport,
    to_json,
)
from iic_studio.images.cache import ImageCache, training_file
from iic_studio.images.scan import FoundFile, scan
from iic_studio.jobs.features import model_digest
from iic_studio.project.maps import FEATURES, UMAP, Layout, save_layout
from iic_studio.project.records import OK, PENDING, ImageRow
from iic_studio.project.store import Project
from iic_studio.records import Assignments, FloatArray, IntArray, LiveArrays
from iic_studio.training.checkpoint import MODEL
from iic_studio.training.joint_log import JointLog

SIDE, CLUSTERS, OVERCLUSTERS, SUB_HEADS = 24, 10, 50, 5
KINDS, WIDTH, HEIGHT = 64, 96, 72
STEPS, EPOCHS = 4000, 60
CAMERAS = ("NIKON D90", "Canon EOS 5D", "RECONYX HC600", "")


def make_in_child(place: Path, rows: int) -> Path:
    """The project, made in a process of its own, so that what this takes is not counted in this one."""
    with ProcessPoolExecutor(1, get_context("spawn")) as other:
        return other.submit(make, place, rows).result()


def make(place: Path, rows: int) -> Path:
    """Pictures and project in a folder; returns the project."""
    pictures, home = place / "pictures", place / "bench.iicproj"
    drawn = [_draw(kind) for kind in range(KINDS)]
    link_files(pictures, drawn, rows)
    with Project.create(home, pictures) as project:
        project.add_images((file.path, file.size, file.mtime_ns) for file in scan(pictures) if isinstance(file, FoundFile))
        found = project.images(PENDING)
        _record(project, found, drawn)
        ids = np.array([row.id for row in found])
        cluster = np.arange(len(ids)) % KINDS % CLUSTERS
        for seed in (0, 1):
            _add_run(project, ids, cluster, seed)
    return home


def link_files(folder: Path, drawn: list[bytes], rows: int) -> None:
    """Fill a folder with pictures, 5,000 to each folder in it; most are links to the first of their kind."""
    for number in range(rows):
        place = folder / f"{number // 5000:03d}" / f"{number:06d}.png"
        if number % 5000 == 0:
            place.parent.mkdir(parents=True)
        if number < KINDS:
            place.write_bytes(drawn[number])
        else:
            os.link(folder / "000" / f"{number % KINDS:06d}.png", place)


def _draw(kind: int) -> bytes:
    rng = np.random.default_rng(kind)
    coarse = rng.integers(0, 256, (6, 8, 3), np.uint8)
    with io.BytesIO() as file:
        Image.fromarray(coarse).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC).save(file, "PNG")
        return file.getvalue()


def _record(project: Project, found: list[ImageRow], drawn: list[bytes]) -> None:
    """What reading the files would have left: facts, thumbnails, squares to train with."""
    rng, total = np.random.default_rng(0), len(found)
    squares = np.stack([np.asarray(Image.open(io.BytesIO(one)).convert("RGB").resize((SIDE, SIDE))).transpose(2, 0, 1) for one in drawn])
    with ImageCache.open(project.cache, SIDE, total) as cache:
        places = [place for _ in range(max(total // 20 // KINDS, 1)) for place in cache.append_thumbs(drawn)]
        cache.flush()
    with training_file(project.cache, SIDE).open("r+b") as file:
        for start in range(0, total, 20_000):
            some = squares[np.arange(start, min(start + 20_000, total)) % KINDS]
            file.write((some ^ rng.integers(0, 16, some.shape, np.uint8)).tobytes())
    project.set_meta("cache_side", str(SIDE))
    days = rng.integers(0, 900, total).astype("timedelta64[D]") + np.datetime64("2023-01-01")
    cameras = rng.integers(0, len(CAMERAS), total).tolist()
    sides = rng.integers(300, 5000, (total, 2)).tolist()
    project.record_decoded(
        [
            ImageRow(
                row.id, row.path, row.size, row.mtime_ns, number.to_bytes(16, "little"), *sides[number], OK, "", False,
                *places[number % len(places)], "JPEG", f"{days[number]} 12:00:00", CAMERAS[cameras[number]],
            )
            for number, row in enumerate(found)
        ]
    )  # fmt: skip


def _add_run(project: Project, ids: IntArray, cluster: IntArray, seed: int) -> None:
    rng, total = np.random.default_rng(seed), len(ids)
    settings = TrainSettings(clusters=CLUSTERS, overclusters=OVERCLUSTERS, sub_heads=SUB_HEADS, steps=STEPS, seed=seed)
    run = project.add_run(settings.as_dict(), "cpu")
    folder = project.run_dir(run.id)
    probabilities = rng.dirichlet(np.full(CLUSTERS, 0.2), total).astype(np.float32)
    probabilities[np.arange(total), cluster] += 1
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    assignment = probabilities.argmax(axis=1)
    votes = np.repeat(assignment[:, None], SUB_HEADS, axis=1)
    votes[rng.random(votes.shape) < 0.1] = 0
    agreement = (votes == assignment[:, None]).mean(axis=1).astype(np.float32)
    project.save_assignments(run.id, Assignments(ids, probabilities, assignment, votes, agreement, 0))
    np.savez(
        folder / "overclusters.npz",
        image_ids=ids,
        assignment=cluster * 5 + rng.integers(0, 5, total),
        second=rng.integers(0, OVERCLUSTERS, total),
        sub_head=np.int64(0),
    )
    joints = {"main": _joint(CLUSTERS), "overclustering": _joint(OVERCLUSTERS)}
    np.savez(folder / "joints.npz", **joints)
    log = JointLog(folder)
    for step in range(0, STEPS, 20):
        log.add(LiveArrays(step, joints), step / 10)
    log.save()
    lines = (to_json(event) for event in _events(run.id))
    (folder / "events.jsonl").write_text("\n".join([*lines, ""]), encoding="utf-8")
    (folder / MODEL).write_bytes(bytes(4 << 20))  # of the size of a network; nothing here looks through it
    marks = np.arange(total, dtype=np.uint64)
    fitted, mean, components = np.ones(total, np.bool_), np.zeros(256, np.float32), np.zeros((50, 256), np.float32)
    save_layout(folder, Layout(UMAP, FEATURES, ids, islands(cluster, seed), marks, fitted, mean, components, model_digest(project, run.id)))
    project.update_run(run.id, state="finished", summary={"sub_head": 0, "steps": STEPS, "training_s": STEPS / 10})


def islands(cluster: IntArray, seed: int) -> FloatArray:
    """Places as UMAP makes them: islands of uneven size with ragged edges, and some strays."""
    rng, rows = np.random.default_rng(seed), len(cluster)
    centres = rng.uniform(-8, 8, (CLUSTERS, 2))
    bend = rng.uniform(0, 2 * np.pi, rows)
    reach = rng.gamma(3.0, 0.25, rows) * rng.uniform(0.6, 2.0, CLUSTERS)[cluster]
    ring = np.stack([np.cos(bend), np.sin(bend)], axis=1) * reach[:, None]
    positions = (centres[cluster] + ring + rng.normal(0, 0.15, (rows, 2))).astype(np.float32)
    strays = rng.choice(rows, rows // 200, replace=False)
    positions[strays] = rng.uniform(-10, 10, (len(strays), 2))
    return np.asarray(positions, np.float32)


def _joint(side: int) -> FloatArray:
    joint = np.eye(side, dtype=np.float32) + np.float32(0.2) / side
    return np.repeat((joint / joint.sum())[None], SUB_HEADS, axis=0)


def _events(run: str) -> Iterator[Event]:
    yield RunStarted(run=run, job="train")
    for step in range(1, STEPS + 1):
        losses = tuple(-2.0 * step / (step + 200 + 20 * one) for one in range(SUB_HEADS))
        told = {"main_losses": losses, "overclustering_losses": losses, "mutual_information": -losses[0], "ceiling": 3.32}
        yield StepsFinished(
            step=step,
            epoch=step * EPOCHS // STEPS,
            elapsed_s=step / 10,
            fraction_done=step / STEPS,
            eta_s=None,
            images_per_s=2500.0,
            **told,
        )
        if step % (STEPS // EPOCHS):
            continue
        report = tuple(SubHeadReport(loss=one, mutual_information=-one, marginal_entropy=3.3, conditional_entropy=0.5) for one in losses)
        heads = tuple(
            HeadReport(head=head, num_clusters=count, ceiling=3.32, best_sub_head=0, sub_heads=report)
            for head, count in (("main", CLUSTERS), ("overclustering", OVERCLUSTERS))
        )
        yield EpochFinished(epoch=step * EPOCHS // STEPS, step=step, elapsed_s=step / 10, heads=heads)
        yield HealthMeasured(
            step=step, epoch=step * EPOCHS // STEPS, mutual_information=-losses[0], mutual_information_excess=-losses[0] * 0.95,
            ceiling=3.32, churn=50 / (100 + step), nmi_previous=step / (step + 100), num_used=CLUSTERS, num_dead=0, largest_share=0.1,
            largest_share_in_use=0.1, agreement=0.9, consistency=0.9, sub_head=0, cluster_sizes=(1 / CLUSTERS,) * CLUSTERS,
        )  # fmt: skip
    yield RunFinished(run=run, job="train", elapsed_s=STEPS / 10 + 1)
