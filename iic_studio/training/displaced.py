"""Joints of single displacements, for looking at: pixels of x with those of its copy some cells further on, over a few tiles.

Training shows the joint of all displacements together. Which of them the network has learned, and from how far on neighbours say nothing
any more, is seen in the single ones. Maps are computed once; each displacement then costs one matrix product.
"""

import numpy as np
import torch
from torch import Tensor

from iic_studio.iic.displacements import some_displacement_counts
from iic_studio.iic.losses import normalise_joint
from iic_studio.iic.networks import HEADS
from iic_studio.iic.pixel_networks import PixelNetwork
from iic_studio.records import FloatArray
from iic_studio.training.tiles import TileBatches

_CHUNK = 16
_LEAST = 1e-9  # farther apart than a tile is wide, nothing meets


class PixelPairs:
    """Maps of tiles and of their copies, laid upon each other.

    Args:
        network: in evaluation mode.
        batches: tiles of the run.
        most: how many tiles, spread evenly over all.
    """

    @torch.no_grad()
    def __init__(self, network: PixelNetwork, batches: TileBatches, most: int) -> None:
        chosen = np.unique(np.linspace(0, len(batches) - 1, min(len(batches), most)).round().astype(np.int64))
        self._maps: dict[str, list[tuple[Tensor, Tensor, Tensor]]] = {head: [] for head in HEADS}
        for start in range(0, len(chosen), _CHUNK):
            batch = batches.views_of(chosen[start : start + _CHUNK])
            z, z_transformed = network(batch.x, HEADS), network(batch.x_transformed, HEADS)
            for head in HEADS:
                self._maps[head].append(batch.aligned(z[head], z_transformed[head]))

    def joints(self, right: int, down: int) -> dict[str, FloatArray]:
        """Head -> (H, K, K) joint of cells with those so many further right and down; each (K, K) sums to 1."""
        displacement = torch.tensor([[down, right]])
        found = {}
        for head, maps in self._maps.items():
            counts = torch.stack([some_displacement_counts(z, upon, displacement, mask)[:, 0] for z, upon, mask in maps]).sum(dim=0)
            found[head] = normalise_joint(counts.clamp_min(_LEAST)).cpu().numpy()
        return found
