"""A residual network that others trained, as the trunk of a network for pixels: its weights come from a file, never from the network.

The layers and their names are torchvision's, so its weight files fit. What the stages at a quarter, an eighth and a sixteenth of the size
see is laid together upon the quarter map. Strided convolutions look at the corner of their cells, not at the middle; the maps are shifted
back by as much when they are laid together, so that they lie upon the image. Frozen, only the layers behind it learn.
"""

import torch
from torch import Tensor, nn

_MEAN, _DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
# name -> features of the three stages, how far they see (in pixels, more than half of their windows, a multiple of 16).
RESNETS = {"resnet18": ((64, 128, 256), 128), "resnet50": ((256, 512, 1024), 160)}
_STAGES = ("layer1", "layer2", "layer3")


class PretrainedPixelTrunk(nn.Module):
    """Features of a torchvision ResNet and what is learned of them.

    Input (B, C, h, w) in 0–1, C 1 or 3, or 2 more for places; output (B, 128, ceil(h / 4), ceil(w / 4)).

    Args:
        name: a key of `RESNETS`.
        frozen: the ResNet stays as it is, and its BatchNorm uses the statistics it came with.
        num_places: channels behind the colours that say where a pixel lies.
    """

    stride = 4
    num_features = 128
    mean: Tensor
    deviation: Tensor

    def __init__(self, name: str, *, frozen: bool, num_places: int = 0) -> None:
        from torchvision import models  # type: ignore[import-untyped]  # takes a second, and few use it

        super().__init__()
        widths, self.reach = RESNETS[name]
        whole = getattr(models, name)(weights=None)
        self.frozen, self._num_places = frozen, num_places
        self.resnet = nn.ModuleDict({part: getattr(whole, part) for part in ("conv1", "bn1", *_STAGES)})
        self.learned = nn.Sequential(
            nn.Conv2d(sum(widths) + num_places, 2 * self.num_features, 1, bias=False),
            nn.BatchNorm2d(2 * self.num_features),
            nn.ReLU(inplace=True),
            nn.Conv2d(2 * self.num_features, self.num_features, 1, bias=False),
            nn.BatchNorm2d(self.num_features),
            nn.ReLU(inplace=True),
        )
        self.register_buffer("mean", torch.tensor(_MEAN)[:, None, None], persistent=False)
        self.register_buffer("deviation", torch.tensor(_DEVIATION)[:, None, None], persistent=False)
        for parameter in self.resnet.parameters():
            parameter.requires_grad_(not frozen)

    def train(self, mode: bool = True) -> "PretrainedPixelTrunk":
        super().train(mode)
        if self.frozen:
            self.resnet.eval()
        return self

    def forward(self, x: Tensor) -> Tensor:
        colours, places = x.split([x.shape[1] - self._num_places, self._num_places], dim=1)
        height, width = (-(-side // self.stride) for side in x.shape[-2:])
        with torch.set_grad_enabled(torch.is_grad_enabled() and not self.frozen):
            maps = self._stages((colours.expand(-1, 3, -1, -1) - self.mean) / self.deviation)
            seen = [_laid(one, 2 ** (2 + stage), self.stride, height, width) for stage, one in enumerate(maps)]
        if self._num_places:
            seen.append(_laid(places, 1, self.stride, height, width).to(seen[0].dtype))
        features: Tensor = self.learned(torch.cat(seen, dim=1))
        return features

    def _stages(self, x: Tensor) -> list[Tensor]:
        x = nn.functional.relu(self.resnet["bn1"](self.resnet["conv1"](x)))
        x = nn.functional.max_pool2d(x, 3, stride=2, padding=1)
        found = []
        for stage in _STAGES:
            x = self.resnet[stage](x)
            found.append(x)
        return found


def _laid(maps: Tensor, stride: int, wanted: int, height: int, width: int) -> Tensor:
    """(B, D, h, w) maps whose cell i is centred on pixel stride · i, at the middles of cells of `wanted` pixels, bilinear."""
    for axis, count in ((-2, height), (-1, width)):
        at = (torch.arange(count, device=maps.device) * wanted + (wanted - 1) / 2) / stride
        at = at.clamp(0, maps.shape[axis] - 1)
        lower = at.floor().long().clamp_max(max(maps.shape[axis] - 2, 0))
        upper = (lower + 1).clamp_max(maps.shape[axis] - 1)
        share = (at - lower).to(maps.dtype).view([-1 if one == axis else 1 for one in (-4, -3, -2, -1)])
        maps = torch.lerp(maps.index_select(axis, lower), maps.index_select(axis, upper), share)
    return maps


def load_resnet(trunk: PretrainedPixelTrunk, tensors: dict[str, Tensor]) -> None:
    """Take the weights of a torchvision ResNet over; its last stage and its classifier are not used.

    Raises:
        RuntimeError: they are of another network.
    """
    own = trunk.resnet.state_dict()
    trunk.resnet.load_state_dict({name: tensor for name, tensor in tensors.items() if name in own})
