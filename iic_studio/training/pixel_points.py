"""What a trained network says of single pixels, at the cost of what it sees around each: a picture of any size takes no longer than a small
one. The values are those that whole masks are made of.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from iic_studio.records import FloatArray, IntArray
from iic_studio.training.predict import predict
from iic_studio.training.segment import Picture, Segmenter

_PIECES = 2  # along each axis
_PIECE = 64  # its side in pixels
_EVERY = 4  # cells of a piece, along each axis


@torch.no_grad()
def at_points(
    segmenter: Segmenter, picture: Picture, width: int, height: int, points: IntArray, heads: Mapping[str, int]
) -> dict[str, FloatArray]:
    """Probabilities at some pixels of the original.

    Args:
        picture: at training scale.
        width, height: of the original.
        points: (n, 2) columns and lines of the original.
        heads: head -> sub-head that speaks.

    Returns:
        Head -> (n, K), rows sum to 1.
    """
    found: dict[str, list[npt.NDArray[np.float32]]] = {head: [] for head in heads}
    _, rows, columns = picture.shape
    for x, y in points.tolist():
        left, right, along = _between(x, width, columns, segmenter.network.stride)
        top, bottom, down = _between(y, height, rows, segmenter.network.stride)
        for head, cells in _cells(segmenter, picture, slice(top, bottom + 1), slice(left, right + 1), heads).items():
            rows_between = torch.lerp(cells[:, 0], cells[:, -1], down)
            found[head].append(torch.lerp(rows_between[:, 0], rows_between[:, -1], along).cpu().numpy())
    return {
        head: np.stack(values) if values else np.zeros((0, segmenter.network.head(head).num_clusters), np.float32)
        for head, values in found.items()
    }


@torch.no_grad()
def spread_points(segmenter: Segmenter, picture: Picture, heads: Mapping[str, int]) -> dict[str, FloatArray]:
    """Probabilities of some hundred cells of a few pieces of a picture, evenly spread: head -> (B, K)."""
    _, rows, columns = picture.shape
    stride = segmenter.network.stride
    found: dict[str, list[FloatArray]] = {head: [] for head in heads}
    for down in _pieces(rows, stride):
        for across in _pieces(columns, stride):
            for head, cells in _cells(segmenter, picture, down, across, heads).items():
                found[head].append(cells[:, ::_EVERY, ::_EVERY].flatten(1).T.cpu().numpy())
    return {head: np.concatenate(values) for head, values in found.items()}


def _pieces(pixels: int, stride: int) -> list[slice]:
    """Cells of the pieces along one axis; the whole axis where it is short."""
    cells, side = -(-pixels // stride), -(-_PIECE // stride)
    if cells <= _PIECES * side:
        return [slice(0, cells)]
    middles = [round(cells * (number + 0.5) / _PIECES) for number in range(_PIECES)]
    return [slice(middle - side // 2, middle - side // 2 + side) for middle in middles]


def _between(pixel: int, pixels: int, extent: int, stride: int) -> tuple[int, int, float]:
    """The two cells a pixel lies between, and how far it is from the first to the second; as in whole masks."""
    cells = -(-extent // stride)
    at = min(max((pixel + 0.5) * extent / stride / pixels - 0.5, 0.0), cells - 1.0)
    lower = min(int(at), max(cells - 2, 0))
    return lower, min(lower + 1, cells - 1), at - lower


def _cells(segmenter: Segmenter, picture: Picture, down: slice, across: slice, heads: Mapping[str, int]) -> dict[str, Tensor]:
    """Head -> (K, h, w) probabilities of some cells, by all that the network sees around them."""
    _, height, width = picture.shape
    network = segmenter.network
    stride, reach = network.stride, network.reach
    top, left = max(down.start * stride - reach, 0), max(across.start * stride - reach, 0)
    band = picture[:, top : min(down.stop * stride + reach, height)]
    pixels = np.array(band[: network.shape.channels, :, left : min(across.stop * stride + reach, width)])
    x = torch.from_numpy(pixels).to(segmenter.device).float().div_(255)[None]
    if network.shape.sees_place:
        x = torch.cat([x, segmenter.places(top, left, x.shape[-2:], height, width)], dim=1)
    said = predict(network, x, tuple(heads))
    rows, columns = (slice(cells.start - first // stride, cells.stop - first // stride) for cells, first in ((down, top), (across, left)))
    return {head: said[head][sub_head, 0][:, rows, columns] for head, sub_head in heads.items()}
