"""The map of a run as one inline SVG: points as a picture in it, so that 200,000 weigh little, and names of the largest clusters."""

import base64
import html
import io
from collections.abc import Sequence

import numpy as np
from PIL import Image

from iic_studio.curation.colours import rgb
from iic_studio.export.svg import opening
from iic_studio.records import FloatArray, IntArray
from iic_studio.words import counted

WIDTH, HEIGHT = 900, 560
_SHARP = 2  # pixels of the picture for one of the page
_EDGE = 14
_MOST_NAMED = 24
_FAR = 0.2  # percent of the points on each side that do not count for the frame
_GREY = (150, 150, 150)


def map_picture(positions: FloatArray, cluster: IntArray, colours: Sequence[str], names: Sequence[str], description: str) -> str:
    """Pictures as points, like beside like.

    Args:
        positions: (N, 2).
        cluster: (N,) 0…K-1; -1 for pictures in none, which are grey.
        colours, names: of the K clusters, colours as `#rrggbb`.
    """
    if not len(positions):
        return ""
    places = _in_frame(positions)
    parts = [
        opening(WIDTH, HEIGHT, "map", description),
        f'<image width="{WIDTH}" height="{HEIGHT}" href="{_points(places, cluster, colours)}"/>',
    ]
    sizes = np.bincount(cluster[cluster >= 0], minlength=len(names))
    for number in np.argsort(-sizes, kind="stable")[:_MOST_NAMED].tolist():
        if sizes[number]:
            x, y = np.median(places[cluster == number], axis=0)
            words = html.escape(names[number])
            told = f"{words}: {counted(sizes[number], 'pictures')}"
            parts.append(f'<text class="name middle" x="{x:.0f}" y="{y:.0f}">{words}<title>{told}</title></text>')
    return "".join([*parts, "</svg>"])


def _in_frame(positions: FloatArray) -> FloatArray:
    """(N, 2) places on the page, y downwards; a few far points stand at the edge."""
    low, high = np.percentile(positions, [_FAR, 100 - _FAR], axis=0)
    middle, room = (low + high) / 2, np.array([WIDTH, HEIGHT]) - 2 * _EDGE
    scale = np.min(room / np.maximum(high - low, 1e-9))
    places = (positions - middle) * [scale, -scale] + np.array([WIDTH, HEIGHT]) / 2
    return np.asarray(np.clip(places, _EDGE / 2, np.array([WIDTH, HEIGHT]) - _EDGE / 2), np.float32)


def _points(places: FloatArray, cluster: IntArray, colours: Sequence[str]) -> str:
    """The points as a PNG in a `data:` address, painted in a shuffled order: no cluster lies on top of the others."""
    palette = np.array([*(rgb(one) for one in colours), _GREY], np.uint8)  # -1 is the last one
    order = np.random.default_rng(0).permutation(len(places))
    at, number = np.round(places[order] * _SHARP).astype(np.int64), np.clip(cluster[order], -1, len(colours) - 1)
    radius = 1 if len(places) > 50_000 else 2 if len(places) > 5_000 else 4
    pixels = np.zeros((HEIGHT * _SHARP, WIDTH * _SHARP, 4), np.uint8)
    for down in range(-radius, radius + 1):
        for right in range(-radius, radius + 1):
            if down * down + right * right <= radius * radius:
                pixels[at[:, 1] + down, at[:, 0] + right, :3] = palette[number]
                pixels[at[:, 1] + down, at[:, 0] + right, 3] = 225
    file = io.BytesIO()
    Image.fromarray(pixels, "RGBA").quantize(256, method=Image.Quantize.FASTOCTREE).save(file, "PNG", optimize=True)
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode('ascii')}"
