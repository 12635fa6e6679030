"""Networks of IIC: a convolutional trunk, a main head with K clusters and an overclustering head with more, each with H sub-heads.

All sub-heads of a head are one `Linear`, so they cost one matrix product. BatchNorm keeps running statistics, so a single image is
assigned as it would be in a batch. Source: paper, section 4.1; trunk in the manner of its MNIST network with half the
width and small kernels, which a CPU can train in minutes.
"""

from collections.abc import Iterable

import torch
from torch import Tensor, nn
from torch.nn import functional

MAIN = "main"
OVERCLUSTERING = "overclustering"
HEADS = (MAIN, OVERCLUSTERING)

_POOLED_SIDE = 3


def _conv_block(channels_in: int, channels_out: int, side: int = 3, stride: int = 1) -> nn.Sequential:
    conv = nn.Conv2d(channels_in, channels_out, side, stride, padding=side // 2, bias=False)
    return nn.Sequential(conv, nn.BatchNorm2d(channels_out), nn.ReLU(inplace=True))


class SmallTrunk(nn.Module):
    """Four convolutions with 32, 64, 128, 256 channels; the size is halved by the first one's stride and by pooling after the next two.

    The stride replaces the paper's first pooling: at full size, BatchNorm and ReLU cost a CPU more than all the convolutions.
    Any input size: the last map is pooled to 3x3 (exact for 24 pixels), so that where something is still counts.
    Input (B, C, S, S), output (B, 2304).
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.stem = _conv_block(channels, 32, side=5, stride=2)
        self.blocks = nn.ModuleList([_conv_block(32, 64), _conv_block(64, 128), _conv_block(128, 256)])
        self.num_features = 256 * _POOLED_SIDE**2

    def forward(self, x: Tensor) -> Tensor:
        x = self.stem(x)
        for index, block in enumerate(self.blocks):
            if index and min(x.shape[-2:]) > _POOLED_SIDE:
                x = functional.max_pool2d(x, 2)
            x = block(x)
        return functional.adaptive_avg_pool2d(x, _POOLED_SIDE).flatten(1)


class Head(nn.Module):
    """H parallel linear sub-heads over K clusters. Input (B, D), output (H, B, K) soft assignments in float32."""

    def __init__(self, num_features: int, num_clusters: int, num_sub_heads: int) -> None:
        super().__init__()
        self.num_clusters = num_clusters
        self.num_sub_heads = num_sub_heads
        self.linear = nn.Linear(num_features, num_clusters * num_sub_heads)

    def forward(self, features: Tensor) -> Tensor:
        logits: Tensor = self.linear(features).float()
        return functional.softmax(logits.view(-1, self.num_sub_heads, self.num_clusters).transpose(0, 1), dim=-1)


class ClusterNetwork(nn.Module):
    """Trunk and both heads.

    Args:
        channels: 1 or 3.
        num_clusters, num_overclusters: K of the main and of the overclustering head.
        num_sub_heads: H of each head.

    Attributes:
        mixed_precision: run the trunk in bfloat16; heads, softmax and loss stay in float32.
    """

    def __init__(self, channels: int, num_clusters: int, num_overclusters: int, num_sub_heads: int) -> None:
        super().__init__()
        self.channels = channels
        self.mixed_precision = False
        self.trunk = SmallTrunk(channels)
        self.heads = nn.ModuleDict(
            {
                MAIN: Head(self.trunk.num_features, num_clusters, num_sub_heads),
                OVERCLUSTERING: Head(self.trunk.num_features, num_overclusters, num_sub_heads),
            }
        )
        initialise(self)

    def forward(self, x: Tensor, heads: Iterable[str] = HEADS) -> dict[str, Tensor]:
        """(B, C, S, S) pixels in 0–1 to (H, B, K) soft assignments for each of the named heads."""
        with torch.autocast(x.device.type, torch.bfloat16, enabled=self.mixed_precision):
            features = self.trunk(x.contiguous(memory_format=torch.channels_last))
        return {name: self.heads[name](features.float()) for name in heads}

    def head(self, name: str) -> Head:
        """A head by name."""
        found = self.heads[name]
        assert isinstance(found, Head)
        return found


def initialise(network: nn.Module) -> None:
    """Kaiming normal convolutions, unit BatchNorm, linear layers N(0, 0.01) with zero bias. Uses the global random state."""
    for module in network.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_in", nonlinearity="relu")
        elif isinstance(module, nn.Linear):
            nn.init.normal_(module.weight, 0.0, 0.01)
            nn.init.zeros_(module.bias)


def build_network(
    channels: int, num_clusters: int, num_overclusters: int, num_sub_heads: int, *, seed: int, device: torch.device
) -> ClusterNetwork:
    """A freshly initialised network on a device, the same for the same seed; the global random state is left as it was."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = ClusterNetwork(channels, num_clusters, num_overclusters, num_sub_heads)
    return network.to(device)
