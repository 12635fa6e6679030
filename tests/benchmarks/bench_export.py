"""How long results of 200,000 images take to write: the table beside the plainest way to write one, and the whole job.

    .venv/bin/python tests/benchmarks/bench_export.py [--images N] [--times T]

Made assignments in a temporary project, no pictures. Links are made to as many empty files.
"""

import argparse
import csv
import io
import platform
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from iic_studio import jobs
from iic_studio.curation import Curator, edits
from iic_studio.events import RunFinished
from iic_studio.export.csv_table import COLUMNS, csv_text
from iic_studio.export.folders import plan_folders
from iic_studio.export.json_lines import jsonl_text
from iic_studio.export.request import ExportRequest
from iic_studio.export.result_rows import ResultRows
from iic_studio.jobs.results import current_groups, result_rows
from iic_studio.project.records import ImageRow
from iic_studio.project.store import Project
from iic_studio.records import Assignments

CLUSTERS = 10


def make_project(place: Path, count: int) -> Project:
    """A project with `count` images and a finished run."""
    (place / "pictures").mkdir()
    project = Project.create(place / "bench.iicproj", place / "pictures")
    project.add_images((f"camera {one % 7}/day {one % 31:02d}/IMG_{one:06d}.jpg", 100_000 + one, one) for one in range(count))
    rows = project.images()
    project.record_decoded([ImageRow(row.id, row.path, row.size, row.mtime_ns, b"0123456789abcdef", 640, 480, "ok") for row in rows])
    rng = np.random.default_rng(0)
    logits = np.exp(3 * rng.gumbel(size=(count, CLUSTERS)))
    probabilities = (logits / logits.sum(axis=1, keepdims=True)).astype(np.float32)
    assignment = probabilities.argmax(axis=1)
    agreement = rng.integers(1, 6, count).astype(np.float32) / 5
    votes = np.repeat(assignment[:, None], 5, axis=1)
    run = project.add_run({"clusters": CLUSTERS, "seed": 0}, "cpu")
    ids = np.array([row.id for row in rows], dtype=np.int64)
    project.save_assignments(run.id, Assignments(ids, probabilities, assignment, votes, agreement, 0))
    project.update_run(run.id, state="finished")
    curator = Curator.of(project)
    for cluster in range(CLUSTERS):
        curator.apply(edits.rename(curator.curated, cluster, f"kind {cluster}"))
    return project


def plainest_table(rows: ResultRows) -> str:
    """The same columns by `csv.writer`, number by number."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in range(len(rows)):
        shares = (f"{float(values[row]):.4f}" for values in (rows.confidence, rows.margin, rows.agreement))
        cluster = int(rows.cluster[row])
        size = int(rows.width[row]), int(rows.height[row])
        writer.writerow([rows.paths[row], cluster, rows.names.get(cluster, ""), "", "", *shares, "model", 0, *size])
    return text.getvalue()


def seconds(what: str, times: int, do: Callable[[], object]) -> float:
    """Median of some tries, printed."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        do()
        taken.append(time.perf_counter() - began)
    print(f"{what:<44} {statistics.median(taken):6.2f} s (fastest {min(taken):.2f}, n = {times})")
    return statistics.median(taken)


def finish(project: Project, request: ExportRequest) -> None:
    last = list(jobs.export(project, request))[-1]
    assert isinstance(last, RunFinished), last


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--images", type=int, default=200_000)
    parser.add_argument("--times", type=int, default=5)
    options = parser.parse_args()
    print(f"{platform.machine()}, {options.images:,} images, {CLUSTERS} clusters")
    with tempfile.TemporaryDirectory() as name, make_project(Path(name), options.images) as project:
        place = Path(name)
        _, curated = current_groups(project)
        rows = result_rows(project, curated)
        assert csv_text(rows) == plainest_table(rows)
        table = seconds("text of the table", options.times, lambda: csv_text(rows))
        plain = seconds("the same by csv.writer, number by number", options.times, lambda: plainest_table(rows))
        print(f"{'ratio':<44} {plain / table:6.1f}")
        seconds("text of the JSON Lines", options.times, lambda: jsonl_text(rows))
        seconds("plan of folders", options.times, lambda: plan_folders(rows))
        seconds("whole job: CSV and its meta file", options.times, lambda: finish(project, ExportRequest(csv=place / "a.csv")))
        seconds("whole job: COCO", options.times, lambda: finish(project, ExportRequest(coco=place / "a.json")))
        for path in rows.paths:
            (project.folder / path).parent.mkdir(parents=True, exist_ok=True)
            (project.folder / path).touch()
        seconds("whole job: hard links", 1, lambda: finish(project, ExportRequest(folders=place / "tree", link="hard")))
        seconds("the same again, all there", 1, lambda: finish(project, ExportRequest(folders=place / "tree", link="hard")))


if __name__ == "__main__":
    main()
