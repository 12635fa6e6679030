"""How many clusters a run really found: which are used, how they merge, and what K that suggests. Reads a finished run, changes nothing."""

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from iic_studio.curation import cluster_names, load_curation
from iic_studio.errors import ProjectError, StudioError
from iic_studio.evaluation.matching import contingency
from iic_studio.evaluation.merge_tree import Candidate, MergeTree, Suggestion, build_merge_tree, count_use, suggest_num_clusters
from iic_studio.events import Event, ProgressMade
from iic_studio.iic.networks import MAIN, OVERCLUSTERING
from iic_studio.jobs.results import newest_assignments
from iic_studio.jobs.running import JobBody, Outcome, run_job
from iic_studio.project.arrays import kept_arrays
from iic_studio.project.records import RunRow
from iic_studio.project.store import Project
from iic_studio.records import Assignments, IntArray

_MOST_LEAVES = 100
_MAIN_CLUSTERS_NAMED = 3


@dataclass(frozen=True)
class _Merged:
    """The head whose clusters are merged: that of the overclusters, or the main head of a run that has none.

    Attributes:
        head: its name.
        joints: (H, K, K).
        sub_head: whose tree is shown.
        assignment: (N,) its clusters, for the images of the assignments.
    """

    head: str
    joints: npt.NDArray[np.floating]
    sub_head: int
    assignment: IntArray


def clusters(project: Project, run: str | None = None) -> Iterator[Event]:
    """Count used, tiny and unused clusters of a finished run, merge its overclusters, suggest a number; all of it is the job's summary.

    Of clusters of pixels, an image counts for the one that covers most of it.

    Args:
        project: may be open for reading only.
        run: id; the newest finished run if not given.
    """

    def body() -> JobBody:
        row, assignments = _finished_run(project, run)
        merged = _merged_head(project.run_dir(row.id), assignments)
        num_images, trees = len(assignments.assignment), []
        for sub_head, joint in enumerate(merged.joints):
            trees.append(build_merge_tree(joint, num_images))
            yield ProgressMade(stage="merge", done=sub_head + 1, total=len(merged.joints), unit="sub-heads")
        summary = _summary(row, assignments, merged, trees, cluster_names(assignments, load_curation(project), row.id))
        return Outcome(num_images, summary=summary)

    return run_job("clusters", body(), project=project)


def _finished_run(project: Project, run: str | None) -> tuple[RunRow, Assignments]:
    """A run with its assignments and joints.

    Raises:
        StudioError: there is no such run, or it has not finished.
    """
    wanted = [row for row in reversed(project.runs()) if _joints_file(project, row).is_file()] if run is None else [project.run(run)]
    row = wanted[0] if wanted else newest_assignments(project)[0]
    assignments = project.load_assignments(row.id)
    if assignments is None or not _joints_file(project, row).is_file():
        raise StudioError(
            f"Run {row.id} has not finished, so there is no joint of all images yet.", "Go on with `iic-studio resume PROJECT`."
        )
    return row, assignments


def _joints_file(project: Project, row: RunRow) -> Path:
    return project.run_dir(row.id) / "joints.npz"


def _merged_head(folder: Path, assignments: Assignments) -> _Merged:
    joints = _arrays(folder / "joints.npz")
    if OVERCLUSTERING not in joints:
        return _Merged(MAIN, joints[MAIN], assignments.sub_head, assignments.assignment)
    over = _arrays(folder / "overclusters.npz")
    place = {int(image): number for number, image in enumerate(over["image_ids"])}
    try:
        rows = [place[int(image)] for image in assignments.image_ids]
    except KeyError as error:
        raise ProjectError(f"The overclusters in {folder} are of other images.", "Train again.") from error
    return _Merged(OVERCLUSTERING, joints[OVERCLUSTERING], int(over["sub_head"]), over["assignment"][rows])


def _arrays(path: Path) -> dict[str, npt.NDArray[Any]]:
    """What `jobs.training` kept of a finished run.

    Raises:
        ProjectError: the file is missing or damaged.
    """
    found = kept_arrays(path, "reading the clusters")
    if not found:
        raise ProjectError(f"{path} is missing or damaged.", "Train again.")
    return found


def _summary(row: RunRow, assignments: Assignments, merged: _Merged, trees: Sequence[MergeTree], names: dict[int, str]) -> dict[str, Any]:
    suggestion, tree = suggest_num_clusters(trees), trees[merged.sub_head]
    num_clusters = assignments.probabilities.shape[1]
    sizes = np.bincount(merged.assignment, minlength=tree.num_clusters)
    shown = _Drawing(tree, sizes, contingency(merged.assignment, assignments.assignment, tree.num_clusters, num_clusters), names)
    return {
        "run": row.id,
        "of": row.settings.get("task", "images"),
        "num_images": len(assignments.assignment),
        "num_clusters": num_clusters,
        "main": _use(np.bincount(assignments.assignment, minlength=num_clusters)),
        "overclustering": _use(sizes) if merged.head == OVERCLUSTERING else None,
        "names": {str(cluster): name for cluster, name in sorted(names.items())},
        "suggested_k": suggestion.num_clusters,
        "certainty": suggestion.certainty,
        "reason": suggestion.reason,
        "judged_up_to": suggestion.most,
        "candidates": [_candidate(one) for one in suggestion.candidates],
        "merged_head": merged.head,
        "sub_head": merged.sub_head,
        "information_nats": float(tree.information[0]),
        "merges": shown.merges(),
        "tree": shown.node(2 * tree.num_clusters - 2, _leaves(tree, suggestion, num_clusters), suggestion.num_clusters),
    }


def _use(sizes: IntArray) -> dict[str, Any]:
    use = count_use(sizes, int(sizes.sum()))
    return {
        "num_clusters": len(sizes),
        "num_used": len(use.used),
        "num_tiny": len(use.tiny),
        "num_unused": len(use.unused),
        "largest_share": use.largest_share,
        "sizes": sizes.tolist(),
        "tiny": list(use.tiny),
        "unused": list(use.unused),
    }


def _candidate(candidate: Candidate) -> dict[str, Any]:
    return dataclasses.asdict(candidate) | {"certainty": candidate.certainty}


def _leaves(tree: MergeTree, suggestion: Suggestion, num_clusters: int) -> int:
    """Parts to show: some more than the numbers that come into question, so that one sees what merges into them."""
    asked = max([num_clusters, *(one.num_clusters for one in suggestion.candidates[:1])])
    return min(round(1.5 * asked), _MOST_LEAVES, int((tree.masses > 0).sum()))


class _Drawing:
    """A merge tree with what people know the clusters by.

    Args:
        tree: of the overclusters, or of the main clusters.
        sizes: (K_A,) images in each of its clusters.
        counts: (K_A, K) images in each pair of one of its clusters and a main cluster.
        names: given to main clusters.
    """

    def __init__(self, tree: MergeTree, sizes: IntArray, counts: IntArray, names: dict[int, str]) -> None:
        self._tree, self._names = tree, names
        self._members = [[cluster] for cluster in range(tree.num_clusters)]
        for merge in tree.merges:
            self._members.append(self._members[merge.first] + self._members[merge.second])
        self._sizes, self._counts = sizes, counts

    def merges(self) -> list[dict[str, Any]]:
        """All merges in order, with images in the new cluster and how many clusters are left."""
        first = self._tree.num_clusters
        return [
            dataclasses.asdict(merge)
            | {
                "cost_share": self._cost_share(number),
                "images": int(self._sizes[self._members[first + number]].sum()),
                "clusters_left": first - number - 1,
            }
            for number, merge in enumerate(self._tree.merges)
        ]

    def node(self, number: int, leaves: int, suggested: int | None) -> dict[str, Any]:
        """A node with its parts, down to a cut at `leaves`.

        Args:
            number: id of the node; the root is the last.
            leaves: clusters at the cut.
            suggested: a second cut, whose clusters are marked.
        """
        first = self._tree.num_clusters
        members = self._members[number]
        record: dict[str, Any] = {
            "id": number,
            "images": int(self._sizes[members].sum()),
            "members": sorted(members),
            "main_clusters": self._main_clusters(members),
            "is_suggested": suggested is not None and self._is_group(members, suggested),
        }
        if number >= 2 * first - leaves:
            merge = self._tree.merges[number - first]
            parts = [self.node(part, leaves, suggested) for part in (merge.first, merge.second)]
            record["clusters_left"] = 2 * first - number - 1
            record["cost_nats"], record["cost_share"] = merge.cost, self._cost_share(number - first)
            record["parts"] = sorted(parts, key=lambda part: -int(part["images"]))
        return record

    def _cost_share(self, number: int) -> float:
        whole = float(self._tree.information[0])
        return self._tree.merges[number].cost / whole if whole else 0.0

    def _is_group(self, members: Sequence[int], num_clusters: int) -> bool:
        cut = self._tree.cut(num_clusters)
        return bool(np.array_equal(np.flatnonzero(cut == cut[members[0]]), sorted(members)))

    def _main_clusters(self, members: Sequence[int]) -> list[dict[str, Any]]:
        """Main clusters that most of the images lie in, the largest first."""
        counts = self._counts[list(members)].sum(axis=0)
        order = [int(one) for one in np.argsort(-counts, kind="stable")[:_MAIN_CLUSTERS_NAMED] if counts[one]]
        return [{"cluster": one, "name": self._names.get(one, ""), "images": int(counts[one])} for one in order]
