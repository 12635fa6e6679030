"""Networks that give every pixel a cluster: a trunk that keeps its map, a main head and an overclustering head of 1x1 convolutions.

Every convolution is padded by as much as it reaches, so the map lies exactly upon the image: cell (y, x) of a map of stride s stands for
the s x s pixels from (s·y, s·x) on, up to its border. (In the paper's code the dilated layers lose a rim and the heads are padded, which
shifts the map by up to two pixels and leaves a border that knows nothing.)
Source: paper, section 4.2, and its supplement.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from iic_studio.config import Border
from iic_studio.iic.inputs import InputLayer
from iic_studio.iic.networks import HEADS, MAIN, OVERCLUSTERING
from iic_studio.iic.pretrained import RESNETS, PretrainedPixelTrunk


@dataclass(frozen=True)
class PixelNetworkShape:
    """What a network for pixels is made of.

    Attributes:
        channels: of the images, 1 to 16; infra-red is one more channel.
        num_clusters, num_overclusters: K of the main and of the overclustering head.
        num_sub_heads: H of each head.
        encoder: a name of `PIXEL_TRUNKS` or of `pretrained.RESNETS`.
        inputs: a kind of `inputs.InputLayer`.
        border: what a network sees beyond the border of a picture: what lies at it goes on ("replicate"), or zeros. Zeros tell it where
            the border is: of use where pictures have an up and a down; where they have none, clusters of places instead of contents are
            an easy way to a low loss.
        fine_tune: whether a pretrained trunk learns too.
        sees_place: two more channels come with the images: where in its picture a pixel lies, across and down, 0–1.
    """

    channels: int
    num_clusters: int
    num_overclusters: int
    num_sub_heads: int = 1
    encoder: str = "small"
    inputs: str = "all"
    border: Border = "replicate"
    sees_place: bool = False
    fine_tune: bool = False


def _conv_block(channels_in: int, channels_out: int, border: Border, dilation: int = 1, side: int = 3) -> nn.Sequential:
    padding = dilation * (side // 2)
    conv = nn.Conv2d(channels_in, channels_out, side, 1, padding, dilation, bias=False, padding_mode=border)
    return nn.Sequential(conv, nn.BatchNorm2d(channels_out), nn.ReLU(inplace=True))


class PaperPixelTrunk(nn.Module):
    """The paper's trunk: 64, 128 channels at full size, then 256, 256 and, dilated by 2, 512, 512 at half size. Stride 2.

    Input (B, C, h, w), output (B, 512, ceil(h / 2), ceil(w / 2)).
    """

    stride = 2
    reach = 18
    num_features = 512

    def __init__(self, channels: int, border: Border) -> None:
        super().__init__()
        self.fine = nn.Sequential(_conv_block(channels, 64, border), _conv_block(64, 128, border))
        self.pool = nn.MaxPool2d(2, ceil_mode=True)
        self.coarse = nn.Sequential(_conv_block(128, 256, border), _conv_block(256, 256, border))
        self.dilated = nn.Sequential(_conv_block(256, 512, border, dilation=2), _conv_block(512, 512, border, dilation=2))

    def forward(self, x: Tensor) -> Tensor:
        features: Tensor = self.dilated(self.coarse(self.pool(self.fine(x))))
        return features


class SmallPixelTrunk(nn.Module):
    """For a CPU: an eleventh of the paper's work. Cells of 2 x 2 pixels from the first layer on; each sees a square of 50 pixels.

    Input (B, C, h, w), output (B, 128, ceil(h / 2), ceil(w / 2)).
    """

    stride = 2
    reach = 26
    num_features = 128

    def __init__(self, channels: int, border: Border) -> None:
        super().__init__()
        # A window of 6 at stride 2 is centred on its cell of 2 x 2 pixels; one of 5 would look half a pixel aside.
        stem = nn.Conv2d(channels, 32, 6, stride=2, padding=2, bias=False, padding_mode=border)
        self.layers = nn.Sequential(
            nn.Sequential(stem, nn.BatchNorm2d(32), nn.ReLU(inplace=True)),
            _conv_block(32, 64, border),
            _conv_block(64, 128, border, dilation=2),
            _conv_block(128, 128, border, dilation=4),
            _conv_block(128, 128, border, dilation=4),
        )

    def forward(self, x: Tensor) -> Tensor:
        height, width = x.shape[-2:]
        if height % 2 or width % 2:
            x = functional.pad(x, (0, width % 2, 0, height % 2), mode="replicate")
        features: Tensor = self.layers(x)
        return features


PIXEL_TRUNKS: dict[str, Callable[[int, Border], PaperPixelTrunk | SmallPixelTrunk]] = {"small": SmallPixelTrunk, "paper": PaperPixelTrunk}


class PixelHead(nn.Module):
    """H sub-heads over K clusters for every cell of a map: (B, D, h, w) to (H, B, K, h, w) soft assignments in float32."""

    def __init__(self, num_features: int, num_clusters: int, num_sub_heads: int) -> None:
        super().__init__()
        self.num_clusters, self.num_sub_heads = num_clusters, num_sub_heads
        self.linear = nn.Conv2d(num_features, num_clusters * num_sub_heads, 1, bias=False)

    def forward(self, features: Tensor) -> Tensor:
        logits: Tensor = self.linear(features).float()
        return functional.softmax(logits.unflatten(1, (self.num_sub_heads, self.num_clusters)).transpose(0, 1), dim=2)


class PixelNetwork(nn.Module):
    """Input layer, trunk and heads.

    Attributes:
        shape: what it is made of.
        stride: side in pixels of a cell of its maps.
        reach: how far in pixels beyond its cell an output sees at most, a multiple of the stride.
        mixed_precision: run the trunk in bfloat16; heads and softmax stay in float32.
    """

    def __init__(self, shape: PixelNetworkShape) -> None:
        super().__init__()
        self.shape, self.mixed_precision = shape, False
        self.inputs = InputLayer(shape.inputs, shape.channels)
        num_places = 2 * shape.sees_place
        self.trunk: PaperPixelTrunk | SmallPixelTrunk | PretrainedPixelTrunk
        if shape.encoder in RESNETS:
            self.trunk = PretrainedPixelTrunk(shape.encoder, frozen=not shape.fine_tune, num_places=num_places)
        else:
            self.trunk = PIXEL_TRUNKS[shape.encoder](self.inputs.num_channels + num_places, shape.border)
        self.stride = self.trunk.stride
        self.reach = self.trunk.reach + (2 if "sobel" in shape.inputs else 0)
        self.heads = nn.ModuleDict(
            {
                MAIN: PixelHead(self.trunk.num_features, shape.num_clusters, shape.num_sub_heads),
                OVERCLUSTERING: PixelHead(self.trunk.num_features, shape.num_overclusters, shape.num_sub_heads),
            }
        )
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_in", nonlinearity="relu")

    def forward(self, x: Tensor, heads: Iterable[str] = HEADS) -> dict[str, Tensor]:
        """Pixels to soft assignments for each of the named heads.

        Args:
            x: (B, C, h, w) in 0–1; (B, C + 2, h, w) if the network sees places.
            heads: by name.

        Returns:
            (H, B, K, ceil(h / stride), ceil(w / stride)) each.
        """
        features = self.features(x)
        return {name: self.heads[name](features) for name in heads}

    def features(self, x: Tensor) -> Tensor:
        """(B, C, h, w) pixels in 0–1 to (B, D, ceil(h / stride), ceil(w / stride)) float32 features."""
        seen = self.inputs(x[:, : self.shape.channels])
        if self.shape.sees_place:
            seen = torch.cat([seen, x[:, self.shape.channels :] * 2 - 1], dim=1)
        seen = seen.contiguous(memory_format=torch.channels_last)
        with torch.autocast(x.device.type, torch.bfloat16, enabled=self.mixed_precision):
            features: Tensor = self.trunk(seen)
        return features.float()

    def head(self, name: str) -> PixelHead:
        """A clustering head by name."""
        found = self.heads[name]
        assert isinstance(found, PixelHead)
        return found


def to_pixels(soft_assignments: Tensor, height: int, width: int, stride: int) -> Tensor:
    """Maps of a network to the size of its input: (H, B, K, h, w) to (H, B, K, height, width), bilinear between cell centres."""
    maps = soft_assignments.flatten(0, 1)
    full = (maps.shape[-2] * stride, maps.shape[-1] * stride)
    grown = functional.interpolate(maps, size=full, mode="bilinear", align_corners=False)[..., :height, :width]
    pixels: Tensor = grown.unflatten(0, soft_assignments.shape[:2])
    return pixels


def build_pixel_network(shape: PixelNetworkShape, *, seed: int, device: torch.device) -> PixelNetwork:
    """A freshly initialised network on a device, the same for the same seed; the global random state is left as it was."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = PixelNetwork(shape)
    return network.to(device)
