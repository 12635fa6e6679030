"""Which clusters of a run do not hang on chance: other runs with the same settings and other seeds are asked whether they found them too.

Runs that are there count; more can be trained. Those are kept as repeats: listed, compared, never taken unasked.
"""

import dataclasses
import math
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from iic_studio.config import TrainSettings
from iic_studio.curation import cluster_names, load_curation
from iic_studio.errors import StudioError, UsageError
from iic_studio.evaluation.stability import STABLE, Stability, measure_stability
from iic_studio.events import Event, ProgressMade, RunFailed, StepsFinished
from iic_studio.jobs.indexing import has_cache, index_folder
from iic_studio.jobs.results import newest_assignments
from iic_studio.jobs.running import JobBody, Outcome, run_job
from iic_studio.jobs.tiles import IMAGE_IDS
from iic_studio.jobs.training import train_again
from iic_studio.project.arrays import has_assignments
from iic_studio.project.records import BASELINE, REPEAT, RunRow
from iic_studio.project.store import Project
from iic_studio.records import IntArray
from iic_studio.words import counted, numbered

MOST_RUNS = 20
# In these, runs of one method on the same pictures may differ; repeats may also be shorter.
_CHANCE = ("seed", "device", "weights")
_LENGTH = ("steps", "minutes")


@dataclass(frozen=True, eq=False)
class Repeated:
    """A run beside those that did the same with other seeds. `stability` has no runs where there are none."""

    run: RunRow
    others: tuple[RunRow, ...]
    stability: Stability


def repeats_of(project: Project, run: RunRow) -> list[RunRow]:
    """Runs with clusters that did the same as this one with other seeds, oldest first; one for each seed, of the same the newest."""
    by_seed: dict[Any, RunRow] = {}
    for row in project.runs(beside=True):
        if row.beside == BASELINE or row.state != "finished" or row.settings.get("seed") == run.settings.get("seed"):
            continue
        if _same(row, run) and has_assignments(project.run_dir(row.id)):
            by_seed[row.settings.get("seed")] = row
    return list(by_seed.values())


def _same(one: RunRow, other: RunRow) -> bool:
    origins = {one.summary.get("of", one.id), other.summary.get("of", other.id)}
    free = _CHANCE + _LENGTH if len(origins) == 1 else _CHANCE
    left, right = ({name: value for name, value in row.settings.items() if name not in free} for row in (one, other))
    return left == right


def stability_of(project: Project, run: RunRow, image_ids: IntArray, clusters: IntArray, num_clusters: int) -> Repeated:
    """How far clusters of a run are there again in its repeats.

    Args:
        image_ids, clusters: (N,) what the run says, or groups of its clusters.
    """
    others = repeats_of(project, run)
    said = [project.load_assignments(one.id) for one in others]
    compared = [(one.image_ids, one.assignment, one.probabilities.shape[1]) for one in said if one is not None]
    return Repeated(run, tuple(others), measure_stability(image_ids, clusters, num_clusters, compared))


def stability(project: Project, run: str | None = None, *, runs: int = 0, steps: int | None = None) -> Iterator[Event]:
    """Say of each cluster of a run in how many other runs it came back; what was found is the job's summary.

    Args:
        run: id; the newest with clusters if not given.
        runs: train with more seeds until there are so many others; 0 takes those that are there.
        steps: of optimiser for each of these; as many as the run had if not given.
    """

    def body() -> JobBody:
        row = newest_assignments(project)[0] if run is None else project.run(run)
        if row.beside == BASELINE:
            raise UsageError(f"{row.title} is a simple method, not a training.", "Name a training.")
        if row.settings.get("task") == "pixels":
            raise UsageError("Stability is told of groups of whole pictures, not of pixels.", "Name a run that groups pictures.")
        if not 0 <= runs <= MOST_RUNS:
            raise UsageError(f"--runs must be between 0 and {MOST_RUNS}, not {runs}.")
        said = project.load_assignments(row.id)
        if said is None or row.state != "finished":
            raise StudioError(f"Run {row.id} has not finished.", "Go on with `iic-studio resume PROJECT`, or name another run.")
        yield from _train_more(project, row, runs, steps)
        found = stability_of(project, row, said.image_ids, said.assignment, said.probabilities.shape[1])
        if not found.others:
            raise StudioError(f"No other run has the settings of {row.title} and another seed.", "Train some: add --runs 5.")
        return Outcome(len(said.image_ids), summary=_summary(found, cluster_names(said, load_curation(project), row.id)))

    return run_job("stability", body(), project=project)


def _train_more(project: Project, row: RunRow, wanted: int, steps: int | None) -> Iterator[Event]:
    there = repeats_of(project, row)
    missing = wanted - len(there)
    if missing <= 0:
        return
    path = project.run_dir(row.id) / IMAGE_IDS
    if not path.is_file():
        raise StudioError(f"It is not known which pictures the run {row.title} saw.", "Train anew, then compare with that run.")
    settings = _settings_of(row, steps)
    if not has_cache(project):
        yield from index_folder(project, None if settings.task == "pixels" else settings.image_size)
    image_ids = np.load(path, allow_pickle=False)
    taken = {settings.seed, *(one.settings.get("seed") for one in there)}
    seeds = [seed for seed in range(settings.seed + 1, settings.seed + wanted + len(taken) + 1) if seed not in taken][:missing]
    for place, seed in enumerate(seeds):
        yield ProgressMade(stage="repeats", done=place, total=missing, unit="runs", message=f"seed {seed}")
        yield from _train_one(project, row, dataclasses.replace(settings, seed=seed), image_ids, place, missing)
    yield ProgressMade(stage="repeats", done=missing, total=missing, unit="runs")


def _settings_of(row: RunRow, steps: int | None) -> TrainSettings:
    settings = TrainSettings.from_dict(row.settings)
    return settings if steps is None else dataclasses.replace(settings, steps=steps, minutes=None)


def _train_one(
    project: Project, of: RunRow, settings: TrainSettings, image_ids: IntArray, place: int, total: int
) -> Generator[Event, None, None]:
    """Train one repeat; of what it tells, only how far it is goes on."""
    made = project.add_run(settings.as_dict(), settings.device, beside=REPEAT)
    project.update_run(made.id, summary={"of": of.id})
    job = run_job("train", train_again(project, made, settings, image_ids), project=project, run=made.id, settings=settings)
    try:
        for event in job:
            if isinstance(event, StepsFinished):
                done = place + event.fraction_done
                eta = None if event.eta_s is None else event.eta_s + (total - place - 1) * (event.eta_s + event.elapsed_s)
                yield ProgressMade(stage="repeats", done=done, total=total, unit="runs", eta_s=eta, message=f"seed {settings.seed}")
            elif isinstance(event, RunFailed):
                raise StudioError(event.message, event.hint)
    finally:
        job.close()  # type: ignore[attr-defined] # a generator


def _summary(found: Repeated, names: dict[int, str]) -> dict[str, Any]:
    stable, clusters = found.stability, []
    for cluster, (size, times, mean) in enumerate(zip(stable.sizes.tolist(), stable.came_back.tolist(), stable.mean.tolist(), strict=True)):
        clusters.append(
            {
                "cluster": cluster,
                "name": names.get(cluster, ""),
                "images": size,
                "came_back": times,
                "num_runs": stable.num_runs,
                "mean_jaccard": None if math.isnan(mean) else mean,
                "sentence": came_back_words(times, stable.num_runs),
            }
        )
    return {
        "run": found.run.id,
        "num_runs": stable.num_runs,
        "others": [{"run": one.id, "seed": one.settings.get("seed"), "steps": one.summary.get("steps")} for one in found.others],
        "clusters": clusters,
    }


def came_back_words(times: int, runs: int) -> str:
    """What a person is told of a cluster."""
    return f"This cluster came back in {times} of {counted(runs, 'other runs')}."


def stability_text(summary: dict[str, Any]) -> str:
    """The summary for the terminal: a line for each cluster."""
    seeds = ", ".join(str(one["seed"]) for one in summary["others"])
    runs = summary["num_runs"]
    lines = [f"Run {summary['run']} beside {counted(runs, 'others')} with the same settings ({numbered(runs, 'seed', 'seeds')} {seeds}):"]
    for one in summary["clusters"]:
        name = one["name"] or f"Cluster {one['cluster']}"
        mean = one["mean_jaccard"]
        overlap = "" if mean is None else f"  mean overlap {mean:.2f}"
        images = numbered(one["images"], "image ", "images")
        lines.append(f"{name:<24.24} {one['images']:>9,} {images}   came back in {one['came_back']} of {runs}{overlap}")
    solid = sum(one["mean_jaccard"] is not None and one["mean_jaccard"] >= STABLE for one in summary["clusters"])
    stable = numbered(solid, "is stable: its", "are stable: their")
    lines.append(f"{solid} of {counted(len(summary['clusters']), 'clusters')} {stable} mean overlap is {STABLE:g} or more.")
    return "\n".join(lines)
