"""Networks of IIC: an input layer, a trunk, a main head with K clusters and an overclustering head with more, each with H sub-heads.

All sub-heads of a head are one `Linear`, so they cost one matrix product. A projection for a contrastive loss may stand beside them.
Source: paper, section 4.1.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from iic_studio.iic.inputs import InputLayer
from iic_studio.iic.trunks import build_trunk

MAIN = "main"
OVERCLUSTERING = "overclustering"
PROJECTION = "projection"
HEADS = (MAIN, OVERCLUSTERING)

_PROJECTED = 128


@dataclass(frozen=True)
class NetworkShape:
    """What a network is made of.

    Attributes:
        channels: of the images, 1 to 16.
        num_clusters, num_overclusters: K of the main and of the overclustering head.
        num_sub_heads: H of each head.
        encoder: a name of `trunks.TRUNKS`.
        inputs: a kind of `inputs.InputLayer`.
        has_projection: with a projection for a contrastive loss.
    """

    channels: int
    num_clusters: int
    num_overclusters: int
    num_sub_heads: int
    encoder: str = "small"
    inputs: str = "all"
    has_projection: bool = False


class Head(nn.Module):
    """H parallel linear sub-heads over K clusters, weights N(0, 0.01) at first. Input (B, D), output (H, B, K) in float32."""

    def __init__(self, num_features: int, num_clusters: int, num_sub_heads: int) -> None:
        super().__init__()
        self.num_clusters = num_clusters
        self.num_sub_heads = num_sub_heads
        self.linear = nn.Linear(num_features, num_clusters * num_sub_heads)
        nn.init.normal_(self.linear.weight, 0.0, 0.01)
        nn.init.zeros_(self.linear.bias)

    def forward(self, features: Tensor) -> Tensor:
        logits: Tensor = self.linear(features).float()
        return functional.softmax(logits.view(-1, self.num_sub_heads, self.num_clusters).transpose(0, 1), dim=-1)


class Projection(nn.Module):
    """Features (B, D) to unit vectors (B, 128) in which views of an image are to lie close together."""

    def __init__(self, num_features: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(num_features, 512), nn.ReLU(inplace=True), nn.Linear(512, _PROJECTED))

    def forward(self, features: Tensor) -> Tensor:
        return functional.normalize(self.layers(features).float(), dim=-1)


class ClusterNetwork(nn.Module):
    """Input layer, trunk and heads.

    Attributes:
        shape: what it is made of.
        mixed_precision: run the trunk in bfloat16; heads, softmax and loss stay in float32.
    """

    def __init__(self, shape: NetworkShape) -> None:
        super().__init__()
        self.shape = shape
        self.mixed_precision = False
        self.inputs = InputLayer(shape.inputs, shape.channels)
        self.trunk, num_features = build_trunk(shape.encoder, self.inputs.num_channels)
        heads: dict[str, nn.Module] = {
            MAIN: Head(num_features, shape.num_clusters, shape.num_sub_heads),
            OVERCLUSTERING: Head(num_features, shape.num_overclusters, shape.num_sub_heads),
        }
        if shape.has_projection:
            heads[PROJECTION] = Projection(num_features)
        self.heads = nn.ModuleDict(heads)

    def forward(self, x: Tensor, heads: Iterable[str] = HEADS) -> dict[str, Tensor]:
        """(B, C, S, S) pixels in 0–1 to (H, B, K) soft assignments for each of the named heads; (B, 128) for the projection."""
        features = self.features(x)
        return {name: self.heads[name](features) for name in heads}

    def features(self, x: Tensor) -> Tensor:
        """(B, C, S, S) pixels in 0–1 to (B, D) float32 features."""
        seen = self.inputs(x).contiguous(memory_format=torch.channels_last)
        with torch.autocast(x.device.type, torch.bfloat16, enabled=self.mixed_precision):
            features: Tensor = self.trunk(seen)
        return features.float()

    def head(self, name: str) -> Head:
        """A clustering head by name."""
        found = self.heads[name]
        assert isinstance(found, Head)
        return found


def build_network(shape: NetworkShape, *, seed: int, device: torch.device) -> ClusterNetwork:
    """A freshly initialised network on a device, the same for the same seed; the global random state is left as it was."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = ClusterNetwork(shape)
    return network.to(device)
