"""Line charts and a heat map as inline SVG: text in, text out, colours from the style sheet of the page around them."""

import html
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

_WIDTH, _HEIGHT = 640, 240
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 12, 12, 40
_MOST_POINTS = 300


@dataclass(frozen=True)
class Line:
    """A curve: (n,) places, (n,) values, what it is called; `role` is the class of the style sheet that draws it."""

    x: Array
    y: Array
    name: str
    role: str = "one"


def ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Round numbers from `low` to `high`, `most` at the most and at least one."""
    span = max(high - low, 1e-12)
    size = 10.0 ** math.floor(math.log10(span / most))
    step = next(size * factor for factor in (1, 2, 5, 10, 20) if span / (size * factor) <= most - 1 or factor == 20)
    first = math.ceil(low / step - 1e-9)
    return [number * step for number in range(first, math.floor(high / step + 1e-9) + 1)] or [low]


def line_chart(lines: Sequence[Line], x_label: str, y_label: str, description: str) -> str:
    """Curves over a shared axis; empty when there is nothing to draw.

    Args:
        lines: drawn in order; values that are no numbers are left out.
        x_label, y_label: what the axes count.
        description: for people who cannot see it.
    """
    kept = [thinned for line in lines if len((thinned := _thinned(line)).x) > 1]
    if not kept:
        return ""
    x_low, x_high = _range([line.x for line in kept])
    y_low, y_high = _range([line.y for line in kept])

    def across(x: Array) -> Array:
        return _LEFT + (x - x_low) / (x_high - x_low) * (_WIDTH - _LEFT - _RIGHT)

    def down(y: Array) -> Array:
        return _HEIGHT - _BOTTOM - (y - y_low) / (y_high - y_low) * (_HEIGHT - _TOP - _BOTTOM)

    parts = [opening(_WIDTH, _HEIGHT, "chart", description)]
    for tick in ticks(y_low, y_high):
        at = float(down(np.array(tick)))
        parts.append(f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{at:.1f}" y2="{at:.1f}"/>')
        parts.append(f'<text class="tick end" x="{_LEFT - 6}" y="{at + 4:.1f}">{_number(tick)}</text>')
    for tick in ticks(x_low, x_high):
        parts.append(
            f'<text class="tick middle" x="{float(across(np.array(tick))):.1f}" y="{_HEIGHT - _BOTTOM + 16}">{_number(tick)}</text>'
        )
    middle = (_TOP + _HEIGHT - _BOTTOM) / 2
    parts.append(f'<text class="axis middle" x="{(_LEFT + _WIDTH - _RIGHT) / 2}" y="{_HEIGHT - 6}">{html.escape(x_label)}</text>')
    parts.append(f'<text class="axis middle" x="14" y="{middle}" transform="rotate(-90 14 {middle})">{html.escape(y_label)}</text>')
    for line in kept:
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(across(line.x), down(line.y), strict=True))
        parts.append(f'<polyline class="{line.role}" fill="none" points="{points}"><title>{html.escape(line.name)}</title></polyline>')
    return "".join([*parts, "</svg>"])


def heat_map(values: Array, names: Sequence[str], description: str) -> str:
    """(n, n) shares of 0–1 as a square of cells, the name of each row beside it; a cell says its sentence under the pointer."""
    count = len(names)
    cell = max(10, min(52, 620 // count))
    left, top = 150, 8
    side = cell * count
    parts = [opening(left + side + 8, top + side + 24, "heat", description)]
    for row, name in enumerate(names):
        short = name if len(name) <= 20 else f"{name[:19]}…"
        at = top + cell * row + cell / 2 + 4
        parts.append(f'<text class="tick end" x="{left - 8}" y="{at:.1f}">{html.escape(short)}<title>{html.escape(name)}</title></text>')
        for column, other in enumerate(names):
            share = float(values[row, column])
            words = html.escape(f"{share:.1%} of the pairs from {name} land in {other}")
            parts.append(
                f'<rect x="{left + cell * column}" y="{top + cell * row}" width="{cell - 1}" height="{cell - 1}" '
                f'fill-opacity="{max(share, 0.0) ** 0.5:.2f}"><title>{words}</title></rect>'
            )
    parts.append(f'<text class="axis middle" x="{left + side / 2}" y="{top + side + 18}">where the transformed copy lands</text>')
    return "".join([*parts, "</svg>"])


def opening(width: float, height: float, role: str, description: str) -> str:
    """The first tag of a drawing, which says in words what it is."""
    label = html.escape(description)
    return f'<svg class="{role}" viewBox="0 0 {width} {height}" role="img" aria-label="{label}" style="max-width:{width}px">'


def _thinned(line: Line) -> Line:
    """At most `_MOST_POINTS` of the points that are numbers, with the last one."""
    known = np.flatnonzero(np.isfinite(line.x) & np.isfinite(line.y))
    if len(known) > _MOST_POINTS:
        known = known[np.linspace(0, len(known) - 1, _MOST_POINTS).round().astype(np.int64)]
    return Line(line.x[known], line.y[known], line.name, line.role)


def _range(parts: Sequence[Array]) -> tuple[float, float]:
    low, high = float(min(part.min() for part in parts)), float(max(part.max() for part in parts))
    room = (high - low) * 0.04 or abs(high) * 0.1 or 1.0
    return (low, high) if low < high and low == 0 else (low - room, high + room)


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:g}" if abs(value) < 1e-9 else f"{value:.4g}"
