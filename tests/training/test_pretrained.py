"""A trunk that others trained: its file is read, it lies upon the image, it stays frozen or learns."""

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from torch import nn
from torchvision.models import resnet18

from iic_studio.config import TrainSettings, pixel_settings
from iic_studio.errors import StudioError, UsageError
from iic_studio.iic.pixel_networks import PixelNetworkShape, build_pixel_network, to_pixels
from iic_studio.iic.pretrained import PretrainedPixelTrunk
from iic_studio.training.plan import DataFacts, plan
from iic_studio.training.run_state import check_trunk, load_model, load_trunk
from iic_studio.training.segment import Segmenter
from iic_studio.training.trainer import TrainingData, TrainingResult, train

CPU = torch.device("cpu")
SIDE = 80


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file as torchvision keeps it, with weights drawn at random; the stages that are not used are left out."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(5)
        tensors = resnet18(weights=None).state_dict()
    path = tmp_path_factory.mktemp("weights") / "resnet18.pth"
    torch.save({name: tensor for name, tensor in tensors.items() if not name.startswith(("layer4", "fc"))}, path)
    return path


@pytest.fixture
def tiles() -> TrainingData:
    """Twelve tiles, left part dark and right part light, at different places."""
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 30, (12, 3, SIDE, SIDE)).astype(np.uint8)
    for number, tile in enumerate(pixels):
        tile[:, :, 20 + 4 * number :] += 150
    return TrainingData(pixels, np.arange(12), np.arange(12) + 1, is_grey=False)


def planned(weights: Path | None, **more: object) -> TrainSettings:
    asked = {"encoder": "resnet18", "weights": None if weights is None else str(weights), "clusters": 2, "steps": 3, "batch_size": 4}
    return plan(pixel_settings(**(asked | {"image_size": 64, "device": "cpu"} | more)), DataFacts(12, SIDE, False), CPU)


def trained(tiles: TrainingData, settings: TrainSettings, folder: Path) -> TrainingResult:
    *_, last = train(tiles, settings, folder)
    assert isinstance(last, TrainingResult)
    return last


def resnet_of(folder: Path) -> dict[str, torch.Tensor]:
    network, _, _ = load_model(folder, CPU)
    assert isinstance(network.trunk, PretrainedPixelTrunk)
    return network.trunk.resnet.state_dict()


def test_an_impulse_comes_out_where_it_went_in() -> None:
    """On average over where it falls between the steps of the convolutions."""
    network = build_pixel_network(PixelNetworkShape(3, 2, 2, encoder="resnet18", inputs="rgb"), seed=0, device=CPU).eval()
    trunk = network.trunk
    assert isinstance(trunk, PretrainedPixelTrunk)
    trunk.mean.zero_()
    trunk.deviation.fill_(1.0)
    for module in network.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.constant_(module.weight, 1.0 / module.weight[0].numel())
    aside = []
    places = torch.arange(256) + 0.5
    for start in range(120, 136):
        image = torch.zeros(1, 3, 256, 256)
        image[..., start : start + 2, start : start + 2] = 1.0
        with torch.no_grad():
            response = network.features(image).sum(dim=1)[None, None]
        grown = to_pixels(response, 256, 256, network.stride)[0, 0, 0]
        weight = grown / grown.sum()
        aside.append([float((weight.sum(dim=axis) * places).sum()) - (start + 1) for axis in (0, 1)])
    assert np.abs(np.mean(aside, axis=0)).max() < 0.1


def test_frozen_it_stays_as_it_was(weights: Path, tiles: TrainingData, tmp_path: Path) -> None:
    result = trained(tiles, planned(weights), tmp_path)
    before, after = torch.load(weights, weights_only=True), resnet_of(tmp_path)
    assert all(torch.equal(after[name], before[name]) for name in after)
    assert np.isfinite(result.losses["main"]).all()
    segmenter = Segmenter.load(tmp_path, CPU)
    bands = [band for _, band in segmenter.probabilities(tiles.pixels[0], SIDE, SIDE)]
    assert np.concatenate(bands, axis=1).shape == (2, SIDE, SIDE)


def test_fine_tuned_it_learns_at_a_lower_rate(weights: Path, tiles: TrainingData, tmp_path: Path) -> None:
    settings = planned(weights, fine_tune=True)
    assert settings.learning_rate == pytest.approx(planned(weights).learning_rate / 10)
    trained(tiles, settings, tmp_path)
    before, after = torch.load(weights, weights_only=True), resnet_of(tmp_path)
    assert not torch.equal(after["layer3.1.conv2.weight"], before["layer3.1.conv2.weight"])


def test_blocks_leave_no_seam(weights: Path, tmp_path: Path, tiles: TrainingData) -> None:
    trained(tiles, planned(weights, steps=1), tmp_path)
    picture = np.random.default_rng(1).integers(0, 256, (3, 200, 440), dtype=np.uint8)
    small, large = Segmenter.load(tmp_path, CPU), Segmenter.load(tmp_path, CPU)
    small.block, large.block = 128, 1024
    first, second = (np.concatenate([band for _, band in one.probabilities(picture, 440, 200)], axis=1) for one in (small, large))
    assert np.abs(first - second).max() < 1e-4


def test_files_of_other_kinds(weights: Path, tmp_path: Path) -> None:
    network = build_pixel_network(PixelNetworkShape(3, 2, 2, encoder="resnet18", inputs="rgb"), seed=0, device=CPU)
    tensors = torch.load(weights, weights_only=True)
    save_file(tensors, tmp_path / "a.safetensors")
    load_trunk(network, tmp_path / "a.safetensors")
    assert torch.equal(network.trunk.resnet["conv1"].weight, tensors["conv1.weight"])
    torch.save({"conv1.weight": torch.zeros(3)}, tmp_path / "other.pth")
    (tmp_path / "text.pth").write_text("no weights")
    torch.save({"a": Path("x")}, tmp_path / "unsafe.pth")
    for name, words in (("other.pth", "does not hold"), ("text.pth", "no weights"), ("none.pth", "no file"), ("unsafe.pth", "no weights")):
        with pytest.raises(StudioError, match=words):
            load_trunk(network, tmp_path / name)


def test_a_file_of_text_holds_no_weights_whatever_the_network(tmp_path: Path) -> None:
    (tmp_path / "text.txt").write_text("no weights")
    for settings in (TrainSettings(encoder="small"), TrainSettings(task="pixels", encoder="resnet18")):
        with pytest.raises(UsageError, match="holds no weights that can be read") as caught:
            check_trunk(settings, tmp_path / "text.txt")
        assert caught.value.hint == "Name another file."


def test_what_does_not_go_together_is_refused(weights: Path) -> None:
    with pytest.raises(UsageError, match="needs the weights"):
        planned(None)
    with pytest.raises(UsageError, match="sees colours"):
        planned(weights, inputs="sobel")
    with pytest.raises(UsageError, match="pretrained"):
        planned(None, encoder="small", fine_tune=True)
