"""Maps that lie with a run: where each image is on the plane, in one file `map.npz` that is whole or not there.

A layout is kept with what is needed to place new images without moving the others: the principal components it was made from, and which
image it saw under which id (`marks`, from the contents).
"""

import contextlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from iic_studio.errors import ProjectError
from iic_studio.project.arrays import DAMAGED
from iic_studio.project.disk import disk_errors, replacing
from iic_studio.project.record_file import Marks
from iic_studio.records import FloatArray, IntArray

PCA, UMAP = "pca", "umap"
METHODS = (UMAP, PCA)
FEATURES, PROBABILITIES = "features", "probabilities"
SOURCES = (FEATURES, PROBABILITIES)
FILE = "map.npz"


@dataclass(frozen=True)
class Layout:
    """Positions of the images of a project by one method.

    Attributes:
        method: `PCA` or `UMAP`.
        of: `FEATURES` of the network, or the `PROBABILITIES` of all its sub-heads.
        image_ids: (N,).
        positions: (N, 2) float32.
        marks: (N,) digest of the contents of each image when it was placed.
        fitted: (N,) whether the method itself placed it; the others were put beside their neighbours.
        mean, components: (D,) and (P, D) principal components; a `PCA` has two, a `UMAP` those it compared images by.
        model: digest of the trained network.
    """

    method: str
    of: str
    image_ids: IntArray
    positions: FloatArray
    marks: Marks
    fitted: npt.NDArray[np.bool_]
    mean: FloatArray
    components: FloatArray
    model: str


@dataclass(frozen=True)
class SavedMaps:
    """What there is of a run: whether it has a trained network to make maps with, and its layouts by (method, of)."""

    can_make: bool = False
    layouts: dict[tuple[str, str], Layout] = field(default_factory=dict)


def load_layouts(run_dir: Path) -> dict[tuple[str, str], Layout]:
    """Layouts of a run by (method, of); empty before the first.

    Raises:
        ProjectError: the file is damaged.
    """
    try:
        with disk_errors("reading the map"), (run_dir / FILE).open("rb") as file, np.load(file, allow_pickle=False) as pack:
            names = {name.partition("/")[0] for name in pack.files}
            layouts = [_unpacked(name, {key: pack[f"{name}/{key}"] for key in _ARRAYS}, str(pack[f"{name}/model"])) for name in names]
    except FileNotFoundError:
        return {}
    except DAMAGED as error:
        raise ProjectError(f"The map in {run_dir} is damaged.", "Make it again: `iic-studio map PROJECT --afresh`.") from error
    return {(layout.method, layout.of): layout for layout in layouts}


def save_layout(run_dir: Path, layout: Layout) -> None:
    """Keep a layout beside those by other methods; the file is replaced in one move.

    Raises:
        DiskFullError, ProjectError: no room or no permission; what was there is untouched.
    """
    layouts: dict[tuple[str, str], Layout] = {}
    with contextlib.suppress(ProjectError):  # a damaged file is made anew
        layouts = load_layouts(run_dir)
    layouts[layout.method, layout.of] = layout
    arrays: dict[str, npt.NDArray[Any]] = {}
    for (method, of), one in layouts.items():
        name = f"{method}-{of}"
        arrays |= {f"{name}/{key}": getattr(one, key) for key in _ARRAYS}
        arrays[f"{name}/model"] = np.array(one.model)
    with disk_errors("saving the map"), replacing(run_dir / FILE) as file:
        np.savez(file, **arrays)  # type: ignore[arg-type] # its other parameters are no arrays


_ARRAYS = ("image_ids", "positions", "marks", "fitted", "mean", "components")


def _unpacked(name: str, arrays: dict[str, npt.NDArray[Any]], model: str) -> Layout:
    method, _, of = name.partition("-")
    return Layout(method, of, **arrays, model=model)
