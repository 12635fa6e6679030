"""EfficientNet-Lite0: a small encoder for photographs, 4.6 million weights, made for machines without a GPU.

Inverted residual blocks without squeeze and excitation, ReLU6 throughout; padding as in TensorFlow, where its weights come from: at
stride 2 one more row and column at the far side than at the near one. Sources: Sandler et al., MobileNetV2, CVPR 2018; Tan and Le,
EfficientNet, ICML 2019; Liu, "Higher accuracy on vision models with EfficientNet-Lite", 2020.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

# Expansion, channels, blocks, stride of the first block, side of the depthwise kernel.
_STAGES = ((1, 16, 1, 1, 3), (6, 24, 2, 2, 3), (6, 40, 2, 2, 5), (6, 80, 3, 2, 3), (6, 112, 3, 1, 5), (6, 192, 4, 2, 5), (6, 320, 1, 1, 3))
_STEM, _TOP = 32, 1_280
_EPS = 1e-3


class SamePadded(nn.Conv2d):
    """A convolution whose output has ceil(side / stride) places, whatever the side."""

    def forward(self, x: Tensor) -> Tensor:
        missing = []
        for place in (1, 0):  # columns first, as `pad` wants them
            kernel, stride, side = self.kernel_size[place], self.stride[place], x.shape[2 + place]
            total = max((-(-side // stride) - 1) * stride + kernel - side, 0)
            missing += [total // 2, total - total // 2]
        return functional.conv2d(functional.pad(x, missing), self.weight, None, self.stride, 0, 1, self.groups)


def _layer(channels_in: int, channels_out: int, kernel: int, stride: int = 1, groups: int = 1) -> list[nn.Module]:
    conv = SamePadded(channels_in, channels_out, kernel, stride, groups=groups, bias=False)
    return [conv, nn.BatchNorm2d(channels_out, eps=_EPS)]


class _Block(nn.Module):
    def __init__(self, channels_in: int, channels_out: int, expansion: int, stride: int, kernel: int) -> None:
        super().__init__()
        inside = channels_in * expansion
        layers = [*_layer(channels_in, inside, 1), nn.ReLU6()] if expansion > 1 else []
        layers += [*_layer(inside, inside, kernel, stride, inside), nn.ReLU6(), *_layer(inside, channels_out, 1)]
        self.layers = nn.Sequential(*layers)
        self.is_residual = stride == 1 and channels_in == channels_out

    def forward(self, x: Tensor) -> Tensor:
        seen: Tensor = self.layers(x)
        return x + seen if self.is_residual else seen


class EfficientNetLite0(nn.Module):
    """(B, 3, S, S) to (B, 1280)."""

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = [*_layer(3, _STEM, 3, 2), nn.ReLU6()]
        before = _STEM
        for expansion, channels, blocks, stride, kernel in _STAGES:
            for number in range(blocks):
                layers.append(_Block(before, channels, expansion, 1 if number else stride, kernel))
                before = channels
        self.layers = nn.Sequential(*layers, *_layer(before, _TOP, 1), nn.ReLU6())

    def forward(self, x: Tensor) -> Tensor:
        return torch.mean(self.layers(x), dim=(2, 3))
