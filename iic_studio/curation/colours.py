"""Colours of clusters: the same for a cluster in every view, mask and report, told apart as well as can be, also by people who see colours
differently."""

import functools
import tomllib

import numpy as np
import numpy.typing as npt

from iic_studio.curation.state import Group
from iic_studio.paths import shipped

Array = npt.NDArray[np.float64]
NUM_COLOURS = 256


def colour_of(group: Group) -> str:
    """A group's colour as `#rrggbb`: what a person chose, or that of its number."""
    return group.colour or palette_colour(group.uid)


def palette_colour(number: int) -> str:
    """The colour that a number has as long as nobody chooses another, as `#rrggbb`."""
    colours = _cluster_colours()
    return colours[number % len(colours)]


def rgb(colour: str) -> tuple[int, int, int]:
    """`#rrggbb` as three numbers from 0 to 255."""
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return red, green, blue


@functools.lru_cache(maxsize=1)
def _cluster_colours(count: int = NUM_COLOURS) -> tuple[str, ...]:
    """Okabe and Ito's colours, then always the candidate farthest from all taken ones, for full and for red-green-blind sight."""
    levels = np.linspace(0.0, 1.0, 12)
    candidates = np.stack(np.meshgrid(levels, levels, levels, indexing="ij"), axis=-1).reshape(-1, 3)
    lab = _lab(candidates)
    chroma = np.hypot(lab[:, 1], lab[:, 2])
    usable = (lab[:, 0] > 38) & (lab[:, 0] < 82) & (chroma > 22)
    candidates, lab = candidates[usable], lab[usable]
    blind = _lab(_deuteranope(candidates))
    chosen = [str(name) for name in tomllib.loads(shipped("resources", "theme.toml").read_text(encoding="utf-8"))["clusters"]["first"]]
    distance = np.full(len(candidates), np.inf)
    for position in range(count):
        if position < len(chosen):
            taken = np.array([[int(chosen[position][start : start + 2], 16) / 255 for start in (1, 3, 5)]])
        else:
            taken = candidates[[int(distance.argmax())]]
            red, green, blue = (round(float(part) * 255) for part in taken[0])
            chosen.append(f"#{red:02x}{green:02x}{blue:02x}")
        seen = np.linalg.norm(lab - _lab(taken), axis=1)
        seen_blind = np.linalg.norm(blind - _lab(_deuteranope(taken)), axis=1)
        distance = np.minimum(distance, np.minimum(seen, 1.5 * seen_blind))
    return tuple(chosen)


def _linear(rgb: Array) -> Array:
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def _lab(rgb: Array) -> Array:
    """CIELAB (D65) of sRGB in 0–1, shape (N, 3)."""
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = _linear(rgb) @ to_xyz.T / np.array([0.9505, 1.0, 1.089])
    root = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.stack([116 * root[:, 1] - 16, 500 * (root[:, 0] - root[:, 1]), 200 * (root[:, 1] - root[:, 2])], axis=1)


def _deuteranope(rgb: Array) -> Array:
    """How a deuteranope sees sRGB colours. Source: Machado, Oliveira, Fernandes 2009, severity 1."""
    matrix = np.array([[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]])
    seen = np.clip(_linear(rgb) @ matrix.T, 0.0, 1.0)
    return np.asarray(np.where(seen <= 0.0031308, seen * 12.92, 1.055 * seen ** (1 / 2.4) - 0.055))
