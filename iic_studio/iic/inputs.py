"""What the trunk sees of the pixels: a fixed first layer, after all changes of the images, on the device.

Edges instead of colours keep a network from grouping by mere colour. Source: paper, supplement; Sobel after augmentation, zero padded.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from iic_studio.iic.transforms import luma


class InputLayer(nn.Module):
    """Pixels to the input of a trunk.

    Args:
        kind: "grey"; "rgb" or "all", the channels as they are; "sobel", two edge maps of the grey image; "rgb+sobel", both.
        channels: of the images, 1 to 16.

    Attributes:
        num_channels: of the output.
    """

    sobel: Tensor

    def __init__(self, kind: str, channels: int) -> None:
        super().__init__()
        self.kind = kind
        self.num_channels = {"grey": 1, "sobel": 2, "rgb+sobel": channels + 2}.get(kind, channels)
        across = torch.tensor([[1.0, 0.0, -1.0], [2.0, 0.0, -2.0], [1.0, 0.0, -1.0]])
        self.register_buffer("sobel", torch.stack([across, across.T])[:, None], persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, S, S) pixels in 0–1 to (B, num_channels, S, S)."""
        if self.kind in ("rgb", "all"):
            return x
        grey = luma(x)
        if self.kind == "grey":
            return grey
        edges = functional.conv2d(grey, self.sobel, padding=1)
        return torch.cat([x, edges], dim=1) if self.kind == "rgb+sobel" else edges
