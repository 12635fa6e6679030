"""Encoders: weights by name and by order, from files and caches; sentences instead of downloads; no code is run from a file."""

import dataclasses
import pickle
import sys
import types
from pathlib import Path

import pytest
import torch
from torch import nn

from iic_studio.config import LITE, PRETRAINED, TrainSettings
from iic_studio.errors import StudioError, UsageError
from iic_studio.iic.lite_network import EfficientNetLite0, SamePadded
from iic_studio.training import encoders
from iic_studio.training.checkpoint import read_weights
from iic_studio.training.encoders import find_weights, load_encoder, put_weights

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def small_weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Weights of a small network of torchvision with all its layers, as a file."""
    import torchvision

    torch.manual_seed(0)
    path = tmp_path_factory.mktemp("weights") / "mobilenet_v3_small.pth"
    torch.save(torchvision.models.mobilenet_v3_small(weights=None).state_dict(), path)
    return path


def test_an_encoder_looks_at_pictures(small_weights: Path) -> None:
    encoder = load_encoder("mobilenet_v3_small", small_weights, CPU)
    pictures = torch.randint(0, 256, (2, 3, 64, 64), dtype=torch.uint8)
    features = encoder(pictures)
    assert features.shape == (2, 1024)
    assert features.dtype == torch.float32
    assert encoder.preprocessing.size == 224
    assert encoder.preprocessing.short_side == 256
    assert not encoder.network.training
    again = load_encoder("mobilenet_v3_small", small_weights, CPU)
    assert again.digest == encoder.digest
    assert torch.equal(again(pictures), features)


def test_weights_that_were_cast_once_give_what_autocast_gives(small_weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pictures = torch.randint(0, 256, (2, 3, 64, 64), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
    monkeypatch.setattr(encoders, "mixed_precision_pays", lambda _: False)
    plain = load_encoder("mobilenet_v3_small", small_weights, CPU)
    monkeypatch.setattr(encoders, "mixed_precision_pays", lambda _: True)
    cast = load_encoder("mobilenet_v3_small", small_weights, CPU)
    assert {one.dtype for one in plain.network.parameters()} == {torch.float32}
    assert torch.bfloat16 in {one.dtype for one in cast.network.parameters()}
    assert torch.equal(cast(pictures), dataclasses.replace(plain, mixed_precision=True)(pictures))


@pytest.mark.parametrize("prefix", ["", "module.", "backbone."])
@pytest.mark.parametrize("inside", [None, "state_dict"])
def test_weights_are_found_by_their_names(tmp_path: Path, prefix: str, inside: str | None) -> None:
    wanted, network = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3)), nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3))
    tensors = {prefix + name: value for name, value in wanted.state_dict().items()} | {"fc.weight": torch.zeros(1)}
    torch.save({inside: tensors, "epoch": 3} if inside else tensors, tmp_path / "w.pth")
    put_weights(network, read_weights(tmp_path / "w.pth"), "it", tmp_path)
    assert torch.equal(network[0].weight, wanted[0].weight)


def test_weights_with_other_names_are_taken_by_their_order() -> None:
    torch.manual_seed(1)
    wanted, network = EfficientNetLite0().eval(), EfficientNetLite0().eval()
    tensors = {f"_odd.{place}": value for place, value in enumerate(wanted.state_dict().values())}
    tensors |= {"_fc.weight": torch.zeros(1000, 1280), "_fc.bias": torch.zeros(1000)}
    renamed = {name: value for name, value in tensors.items() if value.dim()}  # as counters may be left out of a file
    put_weights(network, renamed, LITE, Path("x"))
    x = torch.rand(1, 3, 64, 64)
    with torch.inference_mode():
        assert torch.equal(network(x), wanted(x))


def test_weights_of_another_network_are_refused(small_weights: Path) -> None:
    with pytest.raises(UsageError, match="does not hold the weights of resnet18"):
        load_encoder("resnet18", small_weights, CPU)


def test_safetensors_are_read(tmp_path: Path) -> None:
    from safetensors.torch import save_file

    save_file({"a": torch.ones(2)}, tmp_path / "w.safetensors")
    assert torch.equal(read_weights(tmp_path / "w.safetensors")["a"], torch.ones(2))


class Harmful:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (exec, ("raise SystemExit('code was run')",))


@pytest.mark.parametrize("kind", ["code", "text", "nothing", "list"])
def test_files_that_are_no_weights_are_told_in_words(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "w.pth"
    if kind == "code":
        path.write_bytes(pickle.dumps(Harmful()))
    elif kind == "text":
        path.write_text("hello")
    else:
        torch.save([] if kind == "list" else {}, path)
    with pytest.raises(UsageError, match=r"cannot be read as weights|holds no weights"):
        read_weights(path)


def test_missing_weights_are_told_with_their_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    with pytest.raises(StudioError, match="not on this machine, and nothing is downloaded") as told:
        find_weights("resnet50", None)
    assert str(tmp_path / "torch" / "hub" / "checkpoints") in told.value.hint
    assert "resnet50-" in told.value.hint
    fake = types.ModuleType("timm")
    fake.is_model = lambda _: True  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "timm", fake)
    with pytest.raises(StudioError, match="not on this machine") as told:
        find_weights("timm:vit_small", None)
    assert "models--timm--vit_small" in told.value.hint
    with pytest.raises(StudioError, match="needs a file of weights"):
        find_weights(LITE, None)
    with pytest.raises(UsageError, match="There is no file"):
        find_weights(LITE, tmp_path / "none.pth")
    (tmp_path / "w.zip").touch()
    with pytest.raises(UsageError, match=r"neither \.safetensors nor \.pth"):
        find_weights(LITE, tmp_path / "w.zip")


def test_weights_in_the_caches_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    try:
        find_weights("resnet18", None)
    except StudioError as error:
        name = error.hint.split()[1]
    (tmp_path / "hub" / "checkpoints").mkdir(parents=True)
    (tmp_path / "hub" / "checkpoints" / name).touch()
    assert find_weights("resnet18", None).name == name
    kept = tmp_path / "hub" / "models--timm--vit_tiny.augreg" / "snapshots" / "abc" / "model.safetensors"
    kept.parent.mkdir(parents=True)
    kept.touch()
    assert find_weights("timm:vit_tiny", None) == kept


@pytest.mark.parametrize(("side", "kernel", "stride"), [(7, 3, 2), (8, 3, 2), (8, 5, 2), (9, 5, 1), (5, 1, 1)])
def test_padding_keeps_every_place(side: int, kernel: int, stride: int) -> None:
    layer = SamePadded(1, 1, kernel, stride, bias=False)
    assert layer(torch.zeros(1, 1, side, side)).shape[-1] == -(-side // stride)


def test_the_small_network_has_its_size() -> None:
    network = EfficientNetLite0()
    assert sum(parameter.numel() for parameter in network.parameters()) + 1_281_000 == 4_652_008  # with its classifier, as published
    assert len([name for name in network.state_dict() if not name.endswith("num_batches_tracked")]) == 245


def test_every_name_builds_and_timm_is_an_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PRETRAINED:
        assert TrainSettings(encoder=name).is_pretrained
    with pytest.raises(UsageError, match="--encoder resnet5000 is not known"):
        TrainSettings(encoder="resnet5000")
    monkeypatch.setitem(__import__("sys").modules, "timm", None)
    with pytest.raises(StudioError, match="needs the extra for timm"):
        encoders._build("timm:vit_small_patch14_dinov2")
