"""A trained network as an ONNX graph: input layer, trunk, one main sub-head and softmax. Torch's exporter needs onnx and onnxscript."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from iic_studio.iic.networks import MAIN, ClusterNetwork

INPUT, OUTPUT = "image", "probabilities"


class OneSubHead(nn.Module):
    """What assigns images and nothing else. Input (B, C, S, S) pixels in 0–1, output (B, K)."""

    def __init__(self, network: ClusterNetwork, sub_head: int) -> None:
        super().__init__()
        head = network.head(MAIN)
        rows = slice(sub_head * head.num_clusters, (sub_head + 1) * head.num_clusters)
        self.inputs, self.trunk, self.points = network.inputs, network.trunk, network.points()
        self.weight = nn.Parameter(head.linear.weight[rows].detach().clone())
        self.bias = nn.Parameter(head.linear.bias[rows].detach().clone())

    def forward(self, x: Tensor) -> Tensor:
        logits = functional.linear(self.points(self.trunk(self.inputs(x))), self.weight, self.bias)
        return functional.softmax(logits, dim=-1)


def onnx_graph(network: ClusterNetwork, sub_head: int, size: int) -> bytes:
    """The graph of a network on the CPU, weights inside, for batches of any length.

    Args:
        network: trained; put into evaluation mode.
        sub_head: of the main head.
        size: S, side in pixels of what the network sees.
    """
    assigner = OneSubHead(network.float(), sub_head).eval()
    example = torch.rand(2, network.shape.channels, size, size)
    program = torch.onnx.export(
        assigner,
        (example,),
        dynamo=True,
        input_names=[INPUT],
        output_names=[OUTPUT],
        dynamic_shapes=({0: torch.export.Dim("batch")},),
        external_data=False,
        verbose=False,
    )
    assert program is not None
    data: bytes = program.model_proto.SerializeToString()
    return data
