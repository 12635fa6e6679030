"""Images that look alike: near-duplicates from the training cache, and what the network of a run sees. No file is read again."""

from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from iic_studio.errors import StudioError
from iic_studio.evaluation.duplicates import Prints, group_near, prints_of
from iic_studio.events import Event, ProgressMade
from iic_studio.export.duplicates_table import duplicates_text
from iic_studio.export.files import write_text
from iic_studio.jobs.features import Features, collect_features
from iic_studio.jobs.indexing import has_cache, index_folder, open_cache
from iic_studio.jobs.results import check_target
from iic_studio.jobs.running import JobBody, Outcome, run_job
from iic_studio.project.disk import writing
from iic_studio.project.records import OK, PROBLEM
from iic_studio.project.store import Project
from iic_studio.records import IntArray

_CHUNK = 512
_SHARE_OF_PRINTS = 0.7


def duplicates(project: Project, target: Path | None = None) -> Iterator[Event]:
    """Group near-duplicates; the groups of ids are in the job's summary, those with the most images first.

    Args:
        target: CSV to write.
    """

    def body() -> JobBody:
        if target is not None:
            check_target(project, target)
        if not has_cache(project):
            yield from index_folder(project)
        rows = project.images(OK)
        if not rows:
            raise StudioError("This project has no readable images.", "Put images into its folder, then look for new pictures.")
        ids = np.array([row.id for row in rows], dtype=np.int64)
        groups = yield from _grouped(project, ids)
        found = sorted((ids[groups == number].tolist() for number in range(int(groups.max()) + 1)), key=lambda group: -len(group))
        summary: dict[str, Any] = {
            "num_images": len(rows),
            "num_groups": len(found),
            "num_in_groups": sum(map(len, found)),
            "num_to_spare": sum(len(group) - 1 for group in found),
            "groups": found,
        }
        if target is not None:
            by_id = {row.id: row for row in rows}
            with writing(target):
                write_text(target, duplicates_text([[by_id[one] for one in group] for group in found]))
            summary["csv"] = str(target)
        return Outcome(len(rows), project.count_images(PROBLEM), summary=summary)

    return run_job("duplicates", body(), project=project)


def _grouped(project: Project, ids: IntArray) -> Generator[Event, None, IntArray]:
    total, parts = len(ids), []
    with open_cache(project) as cache:
        pixels = cache.pixels()
        for start in range(0, total, _CHUNK):
            parts.append(prints_of(np.asarray(pixels[ids[start : start + _CHUNK] - 1])))
            done = min(start + _CHUNK, total)
            yield ProgressMade(stage="duplicates", done=round(_SHARE_OF_PRINTS * done), total=total)
    prints = Prints(np.concatenate([part.bits for part in parts]), np.concatenate([part.colours for part in parts]))
    left, groups = 1.0 - _SHARE_OF_PRINTS, np.zeros(0, np.int64)
    for step in group_near(prints):
        if isinstance(step, int):
            left /= 2
            yield ProgressMade(stage="duplicates", done=round((1.0 - left) * total), total=total)
        else:
            groups = step
    return groups


def see_images(project: Project, run: str, keep: Callable[[Features], object]) -> Iterator[Event]:
    """Compute what the network of a run sees in the images, as far as it is not in the cache, and hand it to `keep`."""

    def body() -> JobBody:
        features = yield from collect_features(project, project.run(run))
        keep(features)
        return Outcome(len(features.image_ids))

    return run_job("features", body(), project=project)
