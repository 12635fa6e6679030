"""What a trained network sees in images: the trunk's output and the soft assignments of every main sub-head, by the centre view."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch

from iic_studio.iic.networks import MAIN, ClusterNetwork
from iic_studio.records import FloatArray, IntArray
from iic_studio.training.batches import Batches
from iic_studio.training.predict import CHUNK


@dataclass(frozen=True)
class Sight:
    """Some images as the network sees them: `positions` (B,), `features` (B, D), `probabilities` (B, H * K), float32."""

    positions: IntArray
    features: FloatArray
    probabilities: FloatArray


@torch.no_grad()
def look(network: ClusterNetwork, batches: Batches, positions: IntArray) -> Iterator[Sight]:
    """Run the network over images of a set, some at a time, in float32 throughout.

    Args:
        network: in evaluation mode.
        positions: (N,) of the images in `batches`.
    """
    for start in range(0, len(positions), CHUNK):
        part = positions[start : start + CHUNK]
        features = network.features(batches.centre(part))
        soft = network.outputs(features, (MAIN,))[MAIN].transpose(0, 1).flatten(1)
        yield Sight(np.asarray(part), features.cpu().numpy(), soft.cpu().numpy())
