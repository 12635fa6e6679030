"""Trunks: from what the network sees, (B, C, S, S), to features (B, D), for any S.

`small` is made for a CPU. `vgg` and `resnet34` are those of the paper for MNIST and for CIFAR and STL, exact to the widths of their
layers; they pool adaptively at the end, so they take any size, and their BatchNorm keeps running statistics, so a single image is
assigned as it would be in a batch. Source: Ji, Henriques, Vedaldi, ICCV 2019, section 4.1 and its supplement.
"""

import itertools
from collections.abc import Callable, Iterable, Iterator
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional

from iic_studio.iic.whitening import fit_whitening, sample_of

_POOLED_SIDE = 3
_MOST_DIRECTIONS = 64


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


class VggTrunk(nn.Module):
    """The paper's network for MNIST: 5x5 convolutions with 64, 128, 256, 512 channels, 2x2 max-pooling after the first three.

    The paper's input of 24 pixels gives 3x3 maps and 4,608 features; other sizes are pooled to that. Output (B, 4608).
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        widths = (channels, 64, 128, 256, 512)
        self.blocks = nn.ModuleList([_conv_block(before, after, side=5) for before, after in itertools.pairwise(widths)])
        self.num_features = widths[-1] * _POOLED_SIDE**2

    def forward(self, x: Tensor) -> Tensor:
        for index, block in enumerate(self.blocks):
            if index and min(x.shape[-2:]) > 1:
                x = functional.max_pool2d(x, 2)
            x = block(x)
        return functional.adaptive_avg_pool2d(x, _POOLED_SIDE).flatten(1)


class ResNet34Trunk(nn.Module):
    """The paper's network for CIFAR and STL: a 3x3 stem, one max-pooling, the 3, 4, 6, 3 basic blocks of ResNet-34. Output (B, 512)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        from torchvision.models.resnet import BasicBlock, ResNet  # type: ignore[import-untyped]

        # torchvision's blocks, layers and names; the stem is the paper's.
        self.layers = ResNet(BasicBlock, [3, 4, 6, 3])
        self.layers.conv1 = nn.Conv2d(channels, 64, kernel_size=3, padding=1, bias=False)
        self.layers.maxpool = nn.MaxPool2d(kernel_size=2, stride=2, padding=1)
        self.layers.fc = nn.Identity()
        self.num_features = 512

    def forward(self, x: Tensor) -> Tensor:
        features: Tensor = self.layers(x)
        return features


class SeenTrunk(nn.Module):
    """Stands behind a frozen encoder: what it saw, about the mean of all images, at length 1, cut to the main directions.

    Nothing here learns; `fit` finds the directions. Few directions keep heads from learning single images by heart. Input (B, D), output
    (B, P), P up to 64.
    """

    mean: Tensor
    centre: Tensor
    matrix: Tensor

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.num_features = min(_MOST_DIRECTIONS, channels)
        self.register_buffer("mean", torch.zeros(channels))
        self.register_buffer("centre", torch.zeros(channels))
        self.register_buffer("matrix", torch.eye(channels, self.num_features))

    def forward(self, x: Tensor) -> Tensor:
        with torch.autocast(x.device.type, enabled=False):
            return (functional.normalize(x.float() - self.mean, dim=1) - self.centre) @ self.matrix

    @torch.no_grad()
    def fit(self, parts: Callable[[], Iterable[Tensor]], total: int) -> None:
        """Find mean and directions of the images, and bring the numbers of an image to a size of about 1.

        Args:
            parts: gives (B, D) of some images at a time, all of them once at each call.
            total: how many images these are.
        """
        self.mean.copy_(_mean(parts()))
        self.centre.copy_(_mean(functional.normalize(part - self.mean, dim=1) for part in parts()))

        def points() -> Iterator[Tensor]:
            for part in parts():
                yield functional.normalize(part - self.mean, dim=1) - self.centre

        generator = torch.Generator().manual_seed(0)
        found = fit_whitening(sample_of(points(), total, generator), self.num_features, generator).matrix
        directions = functional.normalize(found, dim=0)
        size = _mean((part @ directions).square().mean(dim=1, keepdim=True) for part in points()).sqrt().clamp_min(1e-6)
        self.matrix.zero_()
        self.matrix[:, : directions.shape[1]] = directions / size


def _mean(parts: Iterable[Tensor]) -> Tensor:
    """(D,) mean of the rows of all parts, summed up in double precision where the device knows it."""
    total, count = torch.zeros(()), 0
    for part in parts:
        kind = torch.float32 if part.device.type == "mps" else torch.float64
        total, count = total.to(part.device) + part.sum(dim=0, dtype=kind), count + len(part)
    return (total / max(count, 1)).float()


# The name of `SeenTrunk`, which is not a network of its own.
SEEN = "seen"
TRUNKS: dict[str, Callable[[int], nn.Module]] = {"small": SmallTrunk, "vgg": VggTrunk, "resnet34": ResNet34Trunk}


def build_trunk(encoder: str, channels: int) -> tuple[nn.Module, int]:
    """The trunk of a name and its number of features D, initialised with the global random state.

    Args:
        encoder: a key of `TRUNKS`, or `SEEN`.
        channels: of its input, 1 or more.
    """
    trunk = SeenTrunk(channels) if encoder == SEEN else TRUNKS[encoder](channels)
    # As in the paper: fan-out in the residual network, fan-in in the others.
    mode: Literal["fan_in", "fan_out"] = "fan_out" if encoder == "resnet34" else "fan_in"
    for module in trunk.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode=mode, nonlinearity="relu")
    num_features = trunk.num_features
    assert isinstance(num_features, int)
    return trunk, num_features
