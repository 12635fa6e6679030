"""The map of a finished run: every image a place on the plane, like beside like, kept with the run.

Principal components first, saved at once; then UMAP in a child process. A map that is there is never made again behind anybody's back: the
job then only places images that are new, and leaves the others where they are.
"""

from collections.abc import Generator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from iic_studio.errors import StudioError, UsageError
from iic_studio.evaluation.projection import Pca, fit_pca, has_umap, on_a_plane, place_beside
from iic_studio.evaluation.umap_worker import FEWEST, PLACING
from iic_studio.events import Event, MapSaved, ProgressMade, WarningRaised
from iic_studio.export.files import write_text
from iic_studio.export.map_table import map_text
from iic_studio.jobs.features import Features, collect_features, model_digest
from iic_studio.jobs.results import check_target, newest_assignments
from iic_studio.jobs.running import JobBody, Outcome, run_job
from iic_studio.jobs.umap_process import arrange
from iic_studio.project.disk import writing
from iic_studio.project.maps import FEATURES, METHODS, PCA, SOURCES, UMAP, Layout, SavedMaps, load_layouts, save_layout
from iic_studio.project.records import OK, PROBLEM, RunRow
from iic_studio.project.store import Project, disk_errors
from iic_studio.records import FloatArray
from iic_studio.training.checkpoint import MODEL

COMPARED = 50
NO_UMAP = ("UMAP is not installed, so the map shows the two main directions (PCA).", "Install it with `pip install umap-learn`.")


def make_map(
    project: Project, *, of: str = FEATURES, method: str = UMAP, run: str | None = None, afresh: bool = False, target: Path | None = None
) -> Iterator[Event]:
    """Place every readable image on the plane.

    Args:
        of: `FEATURES` of the network, or the `PROBABILITIES` of all its sub-heads.
        method: `UMAP`, or only `PCA`, which is made on the way in any case.
        run: id; the newest run with a trained network if not given.
        afresh: make the map again although there is one.
        target: CSV to write, with the columns path, x, y.
    """

    def body() -> JobBody:
        if of not in SOURCES or method not in METHODS:
            raise UsageError(
                f"There is no map by {method} of {of}.", f"Choose one of {', '.join(METHODS)} and one of {', '.join(SOURCES)}."
            )
        if target is not None:
            check_target(project, target)
        row = _run_with_network(project, run)
        features = yield from collect_features(project, row, afresh=afresh)
        vectors = _Vectors(project, row, features, of, {} if afresh else load_layouts(project.run_dir(row.id)))
        layout, placed = yield from _lay_out(vectors, PCA)
        lacking = _umap_lacks(len(features.image_ids)) if vectors.known(UMAP) is None else None
        if method == UMAP and lacking is not None:
            yield WarningRaised(message=lacking[0], hint=lacking[1])
        elif method == UMAP:
            layout, placed = yield from _lay_out(vectors, UMAP, layout)
        summary: dict[str, Any] = {"run": row.id, "method": layout.method, "of": of, "num_placed": placed}
        if target is not None:
            summary |= {"csv": str(target), "rows": _write(project, target, layout)}
        return Outcome(len(features.image_ids), project.count_images(PROBLEM), summary=summary)

    return run_job("map", body(), project=project)


def saved_maps(project: Project, run: str) -> SavedMaps:
    """The maps of a run as it is now; those of an earlier state of its network do not count.

    Raises:
        ProjectError: the file is damaged.
    """
    if not (project.run_dir(run) / MODEL).is_file():
        return SavedMaps()
    layouts = load_layouts(project.run_dir(run))
    model = model_digest(project, run) if layouts else ""
    return SavedMaps(True, {key: layout for key, layout in layouts.items() if layout.model == model})


def _run_with_network(project: Project, run: str | None) -> RunRow:
    """The run asked for, or the newest with a trained network; if there is none, the newest at all, which then says what it lacks."""
    if run is not None:
        return project.run(run)
    finished = [row for row in project.runs() if (project.run_dir(row.id) / MODEL).is_file()]
    return finished[-1] if finished else newest_assignments(project)[0]


def _umap_lacks(num_images: int) -> tuple[str, str] | None:
    if not has_umap():
        return NO_UMAP
    if num_images < FEWEST:
        return f"UMAP needs at least {FEWEST} images, so the map shows the two main directions (PCA).", ""
    return None


class _Vectors:
    """What images are compared by, and the layouts there are.

    Args:
        features: of all images.
        of: which of them.
        layouts: that may be kept.
    """

    def __init__(self, project: Project, row: RunRow, features: Features, of: str, layouts: dict[tuple[str, str], Layout]) -> None:
        self.project, self.row, self.features, self.of = project, row, features, of
        self.values = features.features if of == FEATURES else features.probabilities
        self._layouts = layouts

    def known(self, method: str) -> Layout | None:
        """The layout by a method, if it is of this network."""
        found = self._layouts.get((method, self.of))
        return found if found is not None and found.model == self.features.model else None

    def save(self, layout: Layout) -> MapSaved:
        save_layout(self.project.run_dir(self.row.id), layout)
        return MapSaved(run=self.row.id, method=layout.method, of=layout.of, num_images=len(layout.image_ids))


def _lay_out(vectors: _Vectors, method: str, start: Layout | None = None) -> Generator[Event, None, tuple[Layout, int]]:
    """A layout of all images and how many are new on it: the known one with new images added, or one from the beginning.

    Args:
        start: where UMAP begins.
    """
    known = vectors.known(method)
    if known is None:
        layout = (yield from _by_umap(vectors, start)) if start is not None else _by_pca(vectors)
        yield vectors.save(layout)
        return layout, len(layout.image_ids)
    layout, placed = yield from _with_new(vectors, known)
    if placed:
        yield vectors.save(layout)
    return layout, placed


def _by_pca(vectors: _Vectors) -> Layout:
    pca = fit_pca(vectors.values, 2)
    positions = on_a_plane(pca.project(vectors.values))
    return _layout(vectors, PCA, positions, np.ones(len(positions), np.bool_), pca)


def _by_umap(vectors: _Vectors, start: Layout) -> Generator[Event, None, Layout]:
    yield ProgressMade(stage="umap-load", done=0)
    pca = fit_pca(vectors.values, COMPARED)
    first = _aligned(start, vectors.features)
    with disk_errors("arranging the map"):
        positions, rows = yield from arrange(pca.project(vectors.values), first, vectors.project.cache)
    fitted = np.zeros(len(positions), np.bool_)
    fitted[rows] = True
    return _layout(vectors, UMAP, positions, fitted, pca)


def _aligned(layout: Layout, features: Features) -> FloatArray:
    """(N, 2) positions of a layout that holds all images, in their order."""
    order = np.argsort(layout.image_ids)
    return layout.positions[order[np.searchsorted(layout.image_ids[order], features.image_ids)]]


def _layout(vectors: _Vectors, method: str, positions: FloatArray, fitted: np.ndarray, pca: Pca) -> Layout:
    seen = vectors.features
    return Layout(method, vectors.of, seen.image_ids, positions, seen.marks, fitted, pca.mean, pca.components, seen.model)


def _with_new(vectors: _Vectors, known: Layout) -> Generator[Event, None, tuple[Layout, int]]:
    """Add images that the layout does not have, or had with other contents; none of the others moves."""
    seen, pca = vectors.features, Pca(known.mean, known.components)
    order = np.argsort(known.image_ids)
    place = order[np.minimum(np.searchsorted(known.image_ids[order], seen.image_ids), len(order) - 1)]
    stays = (known.image_ids[place] == seen.image_ids) & (known.marks[place] == seen.marks)
    if stays.all():
        return known, 0
    compared = pca.project(vectors.values)
    positions, fitted = known.positions[place], known.fitted[place] & stays
    if known.method == PCA:
        positions[~stays] = on_a_plane(compared[~stays])
    elif not stays.any():
        raise StudioError("None of the images on the map is left.", "Make the map again: `iic-studio map PROJECT --afresh`.")
    else:
        for step in place_beside(compared[stays], positions[stays], compared[~stays]):
            if isinstance(step, int):
                yield ProgressMade(stage=PLACING, done=step, total=int((~stays).sum()))
            else:
                positions[~stays] = step
    fresh = replace(known, image_ids=seen.image_ids, marks=seen.marks, positions=positions, fitted=fitted)
    return fresh, int((~stays).sum())


def _write(project: Project, target: Path, layout: Layout) -> int:
    """Write the table; returns its number of rows."""
    paths = {row.id: row.path for row in project.images(OK)}
    with writing(target):
        write_text(target, map_text([paths[image] for image in layout.image_ids.tolist()], layout.positions))
    return len(layout.image_ids)
