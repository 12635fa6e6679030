"""Figure 6 again: how many labels does it take to turn overclusters into classes, for several numbers of clusters?

One head with K clusters learns from the training images without any label. Then a share of the training labels maps each cluster to a
class, and the test images are scored. Each share is drawn ten times. Source: IIC paper, section 4.2, figure 6.
"""

import dataclasses
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from iic_studio.errors import UsageError
from iic_studio.events import Event, ProgressMade, SettingsChosen
from iic_studio.images.datasets import read_dataset
from iic_studio.jobs.paper_rows import BUDGETS, ROWS, Row
from iic_studio.jobs.reproduce import DRAWS, Material, as_table, learned_votes, mapped_accuracy, read_material
from iic_studio.jobs.running import JobBody, Outcome, run_job
from iic_studio.records import IntArray
from iic_studio.training.plan import choose_device, plan

NAME = "overclustering"
SHARES = (0.01, 0.02, 0.05, 0.1, 0.5, 1.0)
_DATASETS = ("mnist", "cifar10", "stl10")


def reproduce_overclustering(
    data: Path,
    *,
    shares: Sequence[float] = SHARES,
    clusters: Sequence[int] = (),
    dataset: str = "",
    budget: str = "quick",
    seed: int = 0,
    device: str = "auto",
    steps: int | None = None,
) -> Iterator[Event]:
    """Train one head for each number of clusters and score it by each share of the labels; the job's summary holds the curves.

    Args:
        data: where the data set lies, see `images.datasets`.
        shares: of the training labels, above 0 and up to 1.
        clusters: K of each run; those of the paper's row, and the number of classes, if not given.
        dataset: mnist, cifar10 or stl10; found out if empty.
        budget: one of `BUDGETS`.
        steps: instead of the budget's number of steps, for each run.

    Raises:
        UsageError: shares, clusters, data set or budget out of range.
    """
    _check(shares, clusters, dataset, budget)

    def body() -> JobBody:
        row = ROWS[f"{dataset or _dataset_at(data)}-{NAME}"]
        material = read_material(row, data)
        yield ProgressMade(stage="index", done=len(material.pixels), total=len(material.pixels))
        num_classes = int(material.labels.max()) + 1
        curves = []
        for count in clusters or sorted({num_classes, int(row.full["clusters"])}):
            curves.append((yield from _curve(row, material, count, shares, budget, seed, device, steps)))
        summary = {
            "row": NAME,
            "dataset": row.dataset,
            "source": row.source,
            "budget": budget,
            "seed": seed,
            "num_train": material.num_train,
            "num_test": len(material.labels) - material.num_train,
            "draws": DRAWS,
            "curves": curves,
        }
        return Outcome(len(material.rows), summary=summary)

    return run_job("reproduce", body())


def _check(shares: Sequence[float], clusters: Sequence[int], dataset: str, budget: str) -> None:
    if not shares or not all(0 < share <= 1 for share in shares):
        raise UsageError("Shares of labels lie above 0 % and up to 100 %.", "Write them as 1%,10%,100%.")
    if any(not 2 <= one <= 1000 for one in clusters):
        raise UsageError("There can be 2 to 1,000 clusters.", "Write numbers with commas between.")
    if budget not in BUDGETS:
        raise UsageError(f"There is no budget {budget}.", f"Choose one of: {', '.join(BUDGETS)}.")
    if dataset and dataset not in _DATASETS:
        raise UsageError(f"There is no data set {dataset}.", f"Choose one of: {', '.join(_DATASETS)}.")


def read_shares(text: str) -> tuple[float, ...]:
    """ "1%,10%" or "0.01,0.1" as shares; all of `SHARES` for an empty text.

    Raises:
        UsageError: it holds what is no share.
    """
    try:
        shares = tuple(float(one.rstrip("% ")) / (100 if "%" in one else 1) for one in text.split(",") if one.strip())
    except ValueError as error:
        raise UsageError(f"{text} holds what is no share of labels.", "Write shares as 1%,10%,100%.") from error
    return shares or SHARES


def read_counts(text: str) -> tuple[int, ...]:
    """Numbers with commas between.

    Raises:
        UsageError: one of them is no whole number.
    """
    try:
        return tuple(int(one) for one in text.split(",") if one.strip())
    except ValueError as error:
        raise UsageError(f"{text} holds what is no number of clusters.", "Write numbers with commas between, as 10,25,50.") from error


def _dataset_at(data: Path) -> str:
    """Which data set lies there: the first that can be read."""
    found = None
    for name in _DATASETS:
        try:
            read_dataset(data, name)
        except UsageError as error:
            found = found or error
        else:
            return name
    assert found is not None
    raise found


def _curve(
    row: Row, material: Material, clusters: int, shares: Sequence[float], budget: str, seed: int, device: str, steps: int | None
) -> Generator[Event, None, dict[str, Any]]:
    settings = dataclasses.replace(row.settings(budget, seed, device, steps), clusters=clusters, overclusters=clusters)
    planned = plan(settings, material.facts, choose_device(settings.device))
    yield SettingsChosen(num_images=len(material.rows), settings=planned.as_dict())
    votes, result = yield from learned_votes(row, material, planned)
    chosen = votes[:, result.assignments.sub_head]
    return {
        "clusters": clusters,
        "steps": result.joints.step,
        "training_s": result.elapsed_s,
        "by_share": [_scored(chosen, material.labels, material.num_train, share, seed) for share in shares],
    }


def _scored(clusters: IntArray, labels: IntArray, num_train: int, share: float, seed: int) -> dict[str, Any]:
    """Mean and spread of the accuracy on the test images over draws of training labels."""
    draws = np.random.default_rng(seed)
    count = max(1, round(share * num_train))
    known = [draws.choice(num_train, count, replace=False) for _ in range(DRAWS if count < num_train else 1)]
    accuracies = [mapped_accuracy(clusters, labels, num_train, one) for one in known]
    return {"share": share, "num_labels": count, "accuracy": float(np.mean(accuracies)), "std": float(np.std(accuracies))}


def table_of(summary: dict[str, Any]) -> str:
    """The summary of any row of the paper for people."""
    return as_curves(summary) if summary["row"] == NAME else as_table(summary)


def as_curves(summary: dict[str, Any]) -> str:
    """The summary of the job for people: a line for each number of clusters, a column for each share of the labels."""
    first = summary["curves"][0]["by_share"]
    lines = [
        f"{summary['dataset']}, {summary['source']}: accuracy on {summary['num_test']:,} test images, seed {summary['seed']}, "
        f"{summary['budget']} budget",
        f"{'labels':<12}" + "".join(f"{100 * one['share']:>14g} %" for one in first),
        f"{'':<12}" + "".join(f"{one['num_labels']:>16,}" for one in first),
    ]
    for curve in summary["curves"]:
        cells = (f"{one['accuracy']:.1%} ± {one['std']:.1%}" for one in curve["by_share"])
        lines.append(f"{'K = ' + str(curve['clusters']):<12}" + "".join(f"{cell:>16}" for cell in cells))
    return "\n".join(lines)
