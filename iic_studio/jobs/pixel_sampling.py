"""What a run says of labelled pixels, read once: each picture is opened for its new labels only, and what was found is kept in the cache.

Some hundred pixels around are looked at beside the labelled ones: they tell which main cluster a finer one belongs to, and how much of what
was looked at gets which class.
"""

import contextlib
import zipfile
from collections.abc import Generator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from iic_studio.curation.pixel_classes import Sampled
from iic_studio.curation.pixel_labels import PixelLabels
from iic_studio.errors import ProjectError, StudioError
from iic_studio.evaluation.pixel_parts import Division, division_of
from iic_studio.iic.networks import MAIN, OVERCLUSTERING
from iic_studio.jobs.mask_views import MaskViews
from iic_studio.jobs.pixel_parts import over_sub_head
from iic_studio.project.disk import disk_errors, replacing
from iic_studio.project.store import Project
from iic_studio.records import Assignments, FloatArray, IntArray, Part
from iic_studio.training.checkpoint import MODEL
from iic_studio.training.pixel_points import at_points, spread_points

_FORM = "1"  # of the file
_MOST_PARTS = 32


@dataclass(frozen=True, eq=False)
class _Picture:
    """What a run says of one picture: (n, 2) points with (n, K) and (n,), and (B, K) and (B,) of others. -1 without overclusters."""

    mark: str
    points: IntArray
    main: FloatArray
    over: IntArray
    around_main: FloatArray
    around_over: IntArray


_ARRAYS = ("points", "main", "over", "around_main", "around_over")


class PixelSamples:
    """What one run says of pixels of a project; for one thread.

    Args:
        views: open pictures and the network.
    """

    def __init__(self, project: Project, run: str, views: MaskViews) -> None:
        self._project, self._run, self._views = project, run, views
        self._num_overclusters = 0
        self._key = ""
        self._known: dict[int, _Picture] = {}
        self._unkept: set[int] = set()
        self._is_kept = False  # a file of this key is there, to which parts can be added

    def read(self, labels: PixelLabels, model: Assignments) -> Generator[tuple[int, int], None, Sampled]:
        """Look at all labelled pixels; yields (pictures done, pictures to look at) as it goes. What was looked at outlives a stop.

        Args:
            model: what the run says, with its clusters divided as people split them.

        Raises:
            StudioError: the run has no network for pixels.
        """
        self._begin(model.parts)
        hash_of = dict(zip(*self._project.image_columns("id", "quick_hash"), strict=True))
        wanted = {image: labels.in_image(image)[0] for image in np.unique(labels.images).tolist() if image in hash_of}
        marks = {image: bytes(hash_of[image] or b"").hex() for image in wanted}
        open_ = [image for image, points in wanted.items() if self._lacking(image, marks[image], points)]
        try:
            for done, image in enumerate(open_):
                yield done, len(open_)
                with contextlib.suppress(StudioError):  # it is told as lost
                    self._look(image, marks[image], wanted[image])
        finally:
            if open_:
                self._keep()
        if open_:
            yield len(open_), len(open_)
        seen = {image for image, known in self._known.items() if known.mark == marks.get(image)}  # not as it was before its file changed
        found = self._sampled({image: points for image, points in wanted.items() if image in seen}, len(labels))
        division = division_of(model.parts, (model.whole or model).cluster_labels, self._num_overclusters)
        if division is None or found.over is None or found.around_over is None:
            return found
        main, around = (divided_points(*one, division) for one in ((found.main, found.over), (found.around_main, found.around_over)))
        return replace(found, main=main, around_main=around)

    # Looking --------------------------------------------------------------------------------------------------------------------------

    def _begin(self, parts: tuple[Part, ...]) -> None:
        folder = self._project.run_dir(self._run)
        segmenter = self._views.segmenter(self._run)
        over = over_sub_head(folder, parts)
        self._heads = {MAIN: segmenter.sub_head} | ({OVERCLUSTERING: over} if over is not None else {})
        self._num_overclusters = segmenter.network.head(OVERCLUSTERING).num_clusters if over is not None else 0
        with disk_errors("reading the network"):
            key = f"{_FORM} {(folder / MODEL).stat().st_mtime_ns} {segmenter.sub_head} {over}"
        if key != self._key:
            kept = _load(self._file, key)
            self._key, self._known, self._unkept, self._is_kept = key, kept or {}, set(), kept is not None
            for part in self._parts() if self._is_kept else ():
                self._known |= _load(part, key) or {}

    @property
    def _file(self) -> Path:
        return self._project.cache / f"pixels-{self._run}.npz"

    def _parts(self) -> list[Path]:
        """What was looked at since that file was written, the oldest first."""
        return sorted(self._project.cache.glob(f"pixels-{self._run}.part*.npz"))

    def _lacking(self, image: int, mark: str, points: IntArray) -> bool:
        known = self._known.get(image)
        return known is None or known.mark != mark or not set(map(tuple, points.tolist())) <= set(map(tuple, known.points.tolist()))

    def _look(self, image: int, mark: str, points: IntArray) -> None:
        before = self._known.get(image)
        segmenter, facts, picture = self._views.opened(self._run, image)
        inside = points[(points >= 0).all(axis=1) & (points < (facts.width, facts.height)).all(axis=1)]
        if before is not None and before.mark == mark:
            seen = set(map(tuple, before.points.tolist()))
            inside = inside[np.fromiter((tuple(point) not in seen for point in inside.tolist()), np.bool_, len(inside))]
        else:
            before = None
        self._unkept.add(image)
        said = at_points(segmenter, picture, facts.width, facts.height, inside, self._heads)
        if before is None:
            around = spread_points(segmenter, picture, self._heads)
            self._known[image] = _Picture(mark, inside, said[MAIN], _overs(said), around[MAIN], _overs(around))
        else:
            self._known[image] = replace(
                before,
                points=np.concatenate([before.points, inside]),
                main=np.concatenate([before.main, said[MAIN]]),
                over=np.concatenate([before.over, _overs(said)]),
            )

    def _sampled(self, wanted: dict[int, IntArray], count: int) -> Sampled:
        places, main, over = [_NO_PLACES], [], []
        for image, points in wanted.items():
            known = self._known[image]
            row_of = {tuple(point): row for row, point in enumerate(known.points.tolist())}
            rows = np.array([row_of[tuple(point)] for point in points.tolist() if tuple(point) in row_of], np.int64)
            places.append(np.column_stack([np.full(len(rows), image), known.points[rows]]))
            main.append(known.main[rows])
            over.append(known.over[rows])
        found = [self._known[image] for image in wanted]
        num_clusters = self._views.segmenter(self._run).settings.clusters
        nothing = np.zeros((0, num_clusters), np.float32)
        has_over = bool(self._num_overclusters)
        at = np.concatenate(places)
        return Sampled(
            places=at,
            main=np.concatenate([nothing, *main]),
            over=np.concatenate([_NONE, *over]) if has_over else None,
            num_overclusters=self._num_overclusters,
            around_main=np.concatenate([nothing, *(one.around_main for one in found)]),
            around_over=np.concatenate([_NONE, *(one.around_over for one in found)]) if has_over else None,
            lost=count - len(at),
        )

    # The cache ------------------------------------------------------------------------------------------------------------------------

    def _keep(self) -> None:
        """Write what is new as a part of its own; now and then all anew, as one file.

        A part says all of its pictures, and holds for the run's network that it names: one that is lost or too old costs another look.
        """
        new = [image for image in self._unkept if image in self._known]
        if not self._project.writable or not new:
            return
        parts = self._parts()
        with contextlib.suppress(ProjectError, OSError):  # what cannot be kept is looked at again
            if self._is_kept and len(parts) < _MOST_PARTS:
                self._write(self._file.with_suffix(f".part{len(parts):02d}.npz"), new)
            else:
                self._write(self._file, list(self._known))
                self._is_kept = True
                for part in parts:
                    part.unlink(missing_ok=True)
            self._unkept.clear()

    def _write(self, path: Path, images: list[int]) -> None:
        known = [self._known[image] for image in images]
        arrays: dict[str, npt.NDArray[Any]] = {"key": np.array(self._key), "images": np.array(images, np.int64)}
        arrays["marks"] = np.array([one.mark for one in known])
        for name in _ARRAYS:
            values = [getattr(one, name) for one in known]
            arrays[name] = np.concatenate(values) if values else np.zeros(0)
            arrays[f"{name}_counts"] = np.array([len(value) for value in values], np.int64)
        with replacing(path) as file:
            np.savez(file, **arrays)  # type: ignore[arg-type] # its other parameters are no arrays


_NONE = np.zeros(0, np.int64)
_NO_PLACES = np.zeros((0, 3), np.int64)


def _overs(said: dict[str, FloatArray]) -> IntArray:
    if OVERCLUSTERING in said:
        return np.asarray(said[OVERCLUSTERING].argmax(axis=1), np.int64)
    return np.full(len(said[MAIN]), -1, np.int64)


def divided_points(main: FloatArray, over: IntArray, division: Division) -> FloatArray:
    """(n, K) probabilities to (n, K + P): each pixel's of a cluster goes to the part that its (n,) overcluster stands in."""
    is_there = np.arange(len(division.owners)) == division.table[division.owners][:, over].T
    return np.where(is_there, main[:, division.owners], 0).astype(np.float32)


def _load(file: Path, key: str) -> dict[int, _Picture] | None:
    """What a file keeps; None if there is none that can be read, or it is of another network."""
    try:
        with np.load(file, allow_pickle=False) as pack:
            if str(pack["key"]) != key:
                return None
            parts = {name: np.split(pack[name], np.cumsum(pack[f"{name}_counts"])[:-1]) for name in _ARRAYS}
            found = zip(pack["images"].tolist(), pack["marks"].tolist(), *(parts[name] for name in _ARRAYS), strict=True)
            return {image: _Picture(mark, *arrays) for image, mark, *arrays in found}
    except (OSError, zipfile.BadZipFile, ValueError, KeyError, EOFError):
        return None
