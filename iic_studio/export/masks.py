"""Masks as files: class ids in indexed PNG, how unsure a pixel is, probabilities, areas; each written whole or not at all.

An id is the value of a pixel; the palette is for people only.
"""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from iic_studio.export.csv_table import safe_cell, table_text
from iic_studio.export.files import printable_path

Mask = npt.NDArray[np.uint8]
Colour = tuple[int, int, int]
META, AREAS = "masks.meta.json", "areas.csv"
PROBABILITIES, ENTROPY, LABELS, OVERLAY = ".probabilities.tif", ".entropy.png", ".labels.tif", ".overlay.png"
COCO = "coco.json"
_OPACITY = 0.5


def mask_names(paths: Iterable[str], suffix: str = ".png") -> list[str]:
    """Where the mask of each picture goes: its path with another suffix; with its own suffix before it where another is called the same."""
    names: list[str] = []
    taken: set[str] = set()
    for path in paths:
        folder, slash, name = path.rpartition("/")
        stem = name.rpartition(".")[0] or name
        wanted = f"{folder}{slash}{stem}{suffix}"
        # Compared without case, for some file systems see no difference.
        if wanted.lower() in taken:
            wanted = f"{path}{suffix}"
        taken.add(wanted.lower())
        names.append(wanted)
    return names


def plan_in(folder: Path) -> str:
    """Which masks a folder holds, as their record says; empty where it does not."""
    try:
        record = json.loads((folder / META).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""
    return str(record.get("plan", "")) if isinstance(record, dict) else ""


def save_overlay(path: Path, pixels: npt.NDArray[np.uint8], ids: Mask, colours: Sequence[Colour]) -> None:
    """Write a picture (3, h, w) with its (h, w) ids laid over it in their colours."""
    picture = Image.fromarray(np.ascontiguousarray(pixels.transpose(1, 2, 0)))
    save_picture(path, Image.blend(picture, Image.fromarray(np.array(colours, np.uint8)[ids]), _OPACITY))


def coco_annotations(ids: Mask, image_id: int, first_id: int) -> list[dict[str, Any]]:
    """One annotation for each cluster in a (h, w) mask, as uncompressed run lengths down the columns, zeros first."""
    found: list[dict[str, Any]] = []
    for cluster in np.unique(ids).tolist():
        inside = ids == cluster
        flat = np.concatenate([[False], inside.ravel(order="F"), [False]])
        changes = np.flatnonzero(flat[1:] != flat[:-1])
        runs = np.diff(np.concatenate([[0], changes, [inside.size]]))
        counts = runs.tolist() if runs[-1] or len(runs) == 1 else runs[:-1].tolist()
        rows, columns = (np.flatnonzero(inside.any(axis=axis)) for axis in (1, 0))
        box = [int(columns[0]), int(rows[0]), int(columns[-1] - columns[0] + 1), int(rows[-1] - rows[0] + 1)]
        found.append(
            {
                "id": first_id + len(found),
                "image_id": image_id,
                "category_id": cluster,
                "segmentation": {"counts": counts, "size": list(ids.shape)},
                "area": int(inside.sum()),
                "bbox": box,
                "iscrowd": 1,
            }
        )
    return found


def save_picture(path: Path, picture: Image.Image, **options: Any) -> None:
    """Write a PNG, or what the options say, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".new")
    try:
        with fresh.open("wb") as file:
            picture.save(file, **(options or {"format": "PNG", "compress_level": 4}))
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


class ProbabilityFile:
    """(K, h, w) probabilities as a TIFF of K pages with 8 bits, 255 for 1; filled band by band on the disk."""

    def __init__(self, path: Path, num_clusters: int, height: int, width: int) -> None:
        import tifffile

        path.parent.mkdir(parents=True, exist_ok=True)
        self._path, self._fresh = path, path.with_name(path.name + ".new")
        self._values = tifffile.memmap(self._fresh, shape=(num_clusters, height, width), dtype=np.uint8, photometric="minisblack")

    def add(self, row: int, probabilities: npt.NDArray[np.float32]) -> None:
        """Put in the (K, n, w) probabilities of the rows from `row` on."""
        self._values[:, row : row + probabilities.shape[1]] = np.rint(probabilities * 255)

    def close(self) -> None:
        """The file is whole: bring it to its place."""
        self._values.flush()
        del self._values
        self._fresh.replace(self._path)

    def discard(self) -> None:
        """Leave nothing behind."""
        self._fresh.unlink(missing_ok=True)


def areas_text(rows: Sequence[tuple[str, str, int, int, npt.NDArray[np.int64]]], names: dict[int, str]) -> str:
    """How much of each picture each cluster covers, as CSV text: shares that add up to 1, a column for each cluster.

    Args:
        rows: path, name of the mask, width, height, (K,) pixels of each cluster.
        names: cluster -> name given by a person.
    """
    num_clusters = len(rows[0][4]) if rows else 0
    titles = [safe_cell(names[cluster]) if names.get(cluster) else f"area_{cluster}" for cluster in range(num_clusters)]
    lines = []
    for path, mask, width, height, pixels in sorted(rows, key=lambda row: row[0]):
        shares = pixels / max(int(pixels.sum()), 1)
        lines.append([printable_path(path), printable_path(mask), width, height, *(f"{share:.6f}" for share in shares.tolist())])
    return table_text(["path", "mask", "width", "height", *titles], lines)
