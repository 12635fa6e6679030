"""Networks of IIC: an input layer, a trunk, a main head with K clusters and an overclustering head with more, each with H sub-heads.

All sub-heads of a head are one `Linear`, so they cost one matrix product. A projection for a contrastive loss may stand beside them.
Where the heads are centroids (DeepCluster), images are points of length 1 and each sub-head is a set of centroids among them: one rule,
`Head.put_centroids`, says how sure an image is. Sources: IIC paper, section 4.1; Caron et al., DeepCluster, ECCV 2018.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from iic_studio.iic.inputs import InputLayer
from iic_studio.iic.trunks import build_trunk
from iic_studio.iic.whitening import Whitening

MAIN = "main"
OVERCLUSTERING = "overclustering"
PROJECTION = "projection"
LOGITS = "overclustering logits"
HEADS = (MAIN, OVERCLUSTERING)

PROJECTED, WHITENED = "projected", "whitened"
TEMPERATURE = 0.1
_PROJECTED = 128
_WHITENED = 256


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
        points: empty for heads that learn. `PROJECTED`: both heads are centroids in the projection. `WHITENED`: the main head is centroids
            among whitened features, the overclustering head learns.
    """

    channels: int
    num_clusters: int
    num_overclusters: int
    num_sub_heads: int
    encoder: str = "small"
    inputs: str = "all"
    has_projection: bool = False
    points: str = ""


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
        return functional.softmax(self.logits(features), dim=-1)

    def logits(self, features: Tensor) -> Tensor:
        """(H, B, K) float32, before softmax."""
        logits: Tensor = self.linear(features).float()
        return logits.view(-1, self.num_sub_heads, self.num_clusters).transpose(0, 1)

    @torch.no_grad()
    def put_centroids(self, sub_head: int, centroids: Tensor) -> None:
        """Let a sub-head stand for (K, D) centroids: the probability of each falls with exp(-d² / 2τ), d the distance, τ `TEMPERATURE`."""
        rows = slice(sub_head * self.num_clusters, (sub_head + 1) * self.num_clusters)
        self.linear.weight[rows] = centroids / TEMPERATURE
        self.linear.bias[rows] = -0.5 * centroids.square().sum(dim=1) / TEMPERATURE


class Projection(nn.Module):
    """Features (B, D) to unit vectors (B, 128) in which views of an image are to lie close together."""

    def __init__(self, num_features: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(num_features, 512), nn.ReLU(inplace=True), nn.Linear(512, _PROJECTED))

    def forward(self, features: Tensor) -> Tensor:
        return functional.normalize(self.layers(features).float(), dim=-1)


class WhitenedPoints(nn.Module):
    """Features (B, D) to unit vectors (B, P) of whitened components, P up to 256; the components are found, not learned."""

    mean: Tensor
    matrix: Tensor

    def __init__(self, num_features: int) -> None:
        super().__init__()
        self.num_components = min(_WHITENED, num_features)
        self.register_buffer("mean", torch.zeros(num_features))
        self.register_buffer("matrix", torch.zeros(num_features, self.num_components))

    def forward(self, features: Tensor) -> Tensor:
        return functional.normalize((features.float() - self.mean) @ self.matrix, dim=-1)

    def put(self, whitening: Whitening) -> None:
        """Take over a whitening; components that it lacks stay zero."""
        self.mean.copy_(whitening.mean)
        self.matrix.zero_()
        self.matrix[:, : whitening.matrix.shape[1]] = whitening.matrix


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
        self._centroids = {PROJECTED: HEADS, WHITENED: (MAIN,)}.get(shape.points, ())
        points = min(_WHITENED, num_features) if shape.points == WHITENED else _PROJECTED
        width = {name: points if name in self._centroids else num_features for name in HEADS}
        heads: dict[str, nn.Module] = {
            MAIN: Head(width[MAIN], shape.num_clusters, shape.num_sub_heads),
            OVERCLUSTERING: Head(width[OVERCLUSTERING], shape.num_overclusters, shape.num_sub_heads),
        }
        for name in self._centroids:
            heads[name].requires_grad_(False)
        if shape.points == WHITENED:
            heads[PROJECTION] = WhitenedPoints(num_features)
        elif shape.points or shape.has_projection:
            heads[PROJECTION] = Projection(num_features)
        self.heads = nn.ModuleDict(heads)

    def forward(self, x: Tensor, heads: Iterable[str] = HEADS) -> dict[str, Tensor]:
        """(B, C, S, S) pixels in 0–1 to (H, B, K) soft assignments for each of the named heads; (B, P) for the projection.

        `LOGITS` stands for the overclustering head before softmax.
        """
        return self.outputs(self.features(x), heads)

    def outputs(self, features: Tensor, heads: Iterable[str] = HEADS) -> dict[str, Tensor]:
        """The same from (B, D) features."""
        names = tuple(heads)
        points = self.heads[PROJECTION](features) if PROJECTION in names or self._centroids else features
        found = {}
        for name in names:
            head = OVERCLUSTERING if name == LOGITS else name
            seen = points if head in self._centroids else features
            found[name] = points if head == PROJECTION else self.head(head).logits(seen) if name == LOGITS else self.heads[head](seen)
        return found

    def features(self, x: Tensor) -> Tensor:
        """(B, C, S, S) pixels in 0–1 to (B, D) float32 features."""
        seen = self.inputs(x)
        if seen.dim() == 4:
            seen = seen.contiguous(memory_format=torch.channels_last)
        with torch.autocast(x.device.type, torch.bfloat16, enabled=self.mixed_precision):
            features: Tensor = self.trunk(seen)
        return features.float()

    def points(self) -> nn.Module:
        """What stands between the trunk and the main head."""
        return self.heads[PROJECTION] if self._centroids else nn.Identity()

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
