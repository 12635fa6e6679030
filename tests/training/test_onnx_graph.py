"""The exported graph gives the probabilities of the network it was made from."""

import numpy as np
import onnxruntime
import pytest
import torch
from torch import nn

from iic_studio.iic.networks import MAIN, PROJECTED, WHITENED, ClusterNetwork, NetworkShape, WhitenedPoints, build_network
from iic_studio.training.onnx_graph import INPUT, OUTPUT, onnx_graph
from iic_studio.training.predict import predict


def lively_network(shape: NetworkShape) -> ClusterNetwork:
    """As after training: running statistics that matter, answers that differ."""
    network = build_network(shape, seed=1, device=torch.device("cpu"))
    generator = torch.Generator().manual_seed(0)
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.running_mean.normal_(0.0, 0.1, generator=generator)
            module.running_var.uniform_(0.5, 2.0, generator=generator)
        if isinstance(module, WhitenedPoints):
            module.matrix.normal_(0.0, 0.1, generator=generator)
    network.head(MAIN).linear.weight.data.normal_(0.0, 0.5 if shape.points else 0.05, generator=generator)
    network.head(MAIN).linear.bias.data.normal_(0.0, 0.5, generator=generator)
    return network


@pytest.mark.parametrize(
    ("encoder", "inputs", "channels", "size", "points"),
    [
        ("small", "grey", 1, 24, ""),
        ("small", "rgb", 3, 56, ""),
        ("small", "sobel", 3, 40, ""),
        ("vgg", "grey", 1, 24, ""),
        ("vgg", "sobel", 3, 32, ""),
        ("resnet34", "rgb+sobel", 3, 24, ""),
        ("small", "grey", 1, 24, PROJECTED),
        ("small", "grey", 1, 24, WHITENED),
    ],
)
def test_onnxruntime_gives_the_same_probabilities(encoder: str, inputs: str, channels: int, size: int, points: str) -> None:
    network = lively_network(NetworkShape(channels, 7, 20, 3, encoder, inputs, points=points))
    session = onnxruntime.InferenceSession(onnx_graph(network, 1, size))
    assert [one.name for one in session.get_inputs()] == [INPUT]
    assert [one.name for one in session.get_outputs()] == [OUTPUT]
    network.eval()
    for count in (1, 5):
        x = torch.rand(count, channels, size, size, generator=torch.Generator().manual_seed(count))
        with torch.no_grad():
            wanted = predict(network, x, (MAIN,))[MAIN][1].numpy()
        found = session.run(None, {INPUT: x.numpy()})[0]
        assert found.shape == (count, 7)
        assert np.abs(found - wanted).max() < 1e-5
        assert np.ptp(wanted) > 0.05
