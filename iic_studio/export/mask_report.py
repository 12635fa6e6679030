"""The part of a report that is about masks: what each class covers, pictures with their masks laid over them, a table of areas."""

import base64
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from iic_studio.export.files import printable_path
from iic_studio.export.masks import Colour
from iic_studio.export.result_rows import ResultRows
from iic_studio.records import FloatArray, IntArray

_OPACITY = 0.5
_MOST_SHOWN, _MOST_ROWS, _MOST_COLUMNS = 24, 200, 12
_QUALITY = 85


@dataclass(frozen=True)
class MaskFacts:
    """What a report says of masks.

    Attributes:
        colours, names: of the classes.
        shares: (N, G) of each picture, in the order of the rows; NaN where nothing is known.
        mask: (h, w) class ids of a row, or None if it has no mask; asked for the rows of `shown_rows` only.
    """

    colours: list[Colour]
    names: list[str]
    shares: FloatArray
    mask: Callable[[int], npt.NDArray[np.integer] | None]


def shown_rows(shares: FloatArray) -> IntArray:
    """Rows that are shown as pictures: those that show most of a class, then others, evenly spread over the folder."""
    known = np.flatnonzero(~np.isnan(shares).any(axis=1))
    if not len(known):
        return known
    per_class = max(1, _MOST_SHOWN // (2 * shares.shape[1]))
    best = np.argsort(-shares[known], axis=0, kind="stable")[:per_class].ravel()
    spread = np.linspace(0, len(known) - 1, min(len(known), _MOST_SHOWN)).round().astype(np.int64)
    order = list(dict.fromkeys([*best.tolist(), *spread.tolist()]))[:_MOST_SHOWN]
    return np.sort(known[order])


def mask_parts(facts: MaskFacts, rows: ResultRows, thumbnail: Callable[[int], bytes]) -> dict[str, Any]:
    """What the template asks for."""
    known = ~np.isnan(facts.shares).any(axis=1)
    pixels = (rows.width * rows.height)[known].astype(np.float64)
    total = (facts.shares[known] * pixels[:, None]).sum(axis=0) / max(float(pixels.sum()), 1.0)
    order = [int(one) for one in np.argsort(-total, kind="stable")]
    pictures = [_picture(facts, rows, row, thumbnail) for row in shown_rows(facts.shares).tolist()]
    columns = order[:_MOST_COLUMNS]
    listed = np.flatnonzero(known)
    return {
        "classes": [
            {"name": facts.names[one], "colour": _hex(facts.colours[one]), "share": f"{total[one]:.1%}", "bar": 100 * float(total[one])}
            for one in order
        ],
        "pictures": [picture for picture in pictures if picture is not None],
        "columns": [facts.names[one] for one in columns],
        "areas": [
            {"path": printable_path(rows.paths[row]), "shares": [f"{facts.shares[row, one]:.1%}" for one in columns]}
            for row in listed[:_MOST_ROWS].tolist()
        ],
        "more_areas": max(0, len(listed) - _MOST_ROWS),
        "more_columns": len(order) - len(columns),
    }


def _picture(facts: MaskFacts, rows: ResultRows, row: int, thumbnail: Callable[[int], bytes]) -> dict[str, str] | None:
    ids, encoded = facts.mask(row), thumbnail(int(rows.image_ids[row]))
    if ids is None or not encoded:
        return None
    with Image.open(io.BytesIO(encoded)) as opened:
        picture = opened.convert("RGB")
    small = np.asarray(Image.fromarray(ids.astype(np.uint8)).resize(picture.size, Image.Resampling.NEAREST))
    overlay = Image.blend(picture, Image.fromarray(np.array(facts.colours, np.uint8)[small]), _OPACITY)
    most = np.argsort(-facts.shares[row], kind="stable")[:3]
    covered = ", ".join(f"{facts.names[int(one)]} {facts.shares[row, one]:.0%}" for one in most if facts.shares[row, one] >= 0.005)
    return {
        "plain": _data(picture),
        "overlay": _data(overlay),
        "name": printable_path(rows.paths[row]),
        "words": covered,
    }


def _data(picture: Image.Image) -> str:
    held = io.BytesIO()
    picture.save(held, "JPEG", quality=_QUALITY)
    return f"data:image/jpeg;base64,{base64.b64encode(held.getvalue()).decode('ascii')}"


def _hex(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
