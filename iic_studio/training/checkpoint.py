"""Everything needed to go on, in one file that is either whole or not there.

Tensors lie in a safetensors file, the rest as JSON in its header. A file is written beside its target, flushed to the disk and moved
over it; the one before stays as `previous`. Nothing here executes what it reads.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from iic_studio.errors import StudioError, UsageError

LAST, PREVIOUS, MODEL = "last.safetensors", "previous.safetensors", "model.safetensors"
# Under which names other programs keep weights among other things.
_INSIDE = ("state_dict", "model", "model_state_dict", "teacher", "net")


@dataclass(frozen=True)
class Checkpoint:
    """Tensors by name and plain values."""

    tensors: dict[str, Tensor]
    facts: dict[str, Any]


def save(path: Path, checkpoint: Checkpoint, *, keep_previous: bool = False) -> None:
    """Write a checkpoint so that a crash at any moment leaves a whole file.

    Raises:
        OSError: no room or no permission; the file that was there is untouched.
    """
    from safetensors.torch import save as to_bytes

    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".new")
    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in checkpoint.tensors.items()}
    with fresh.open("wb") as file:
        file.write(to_bytes(tensors, {"facts": json.dumps(checkpoint.facts)}))
        file.flush()
        os.fsync(file.fileno())
    if keep_previous and path.exists():
        path.replace(path.with_name(PREVIOUS))
    fresh.replace(path)
    _sync_folder(path.parent)


def load(path: Path) -> Checkpoint:
    """Read a checkpoint.

    Raises:
        StudioError: missing or damaged.
    """
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="pt") as file:
            facts = json.loads((file.metadata() or {}).get("facts", "{}"))
            return Checkpoint({name: file.get_tensor(name) for name in file.keys()}, facts)  # noqa: SIM118 - it is no dict
    except FileNotFoundError as error:
        raise StudioError(f"There is no checkpoint at {path}.", "Train first.") from error
    except (SafetensorError, json.JSONDecodeError, OSError) as error:
        raise StudioError(f"The checkpoint {path} is damaged: {error}.", "Train again, or restore it from a backup.") from error


def read_weights(path: Path) -> dict[str, Tensor]:
    """Tensors of a file of another program by name, in the order of the file; nothing in it is executed.

    Raises:
        UsageError: it cannot be read, or holds something else.
    """
    try:
        if path.suffix.lower() == ".safetensors":
            from safetensors.torch import load_file

            found: Any = load_file(path)
        else:
            found = torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError as error:
        raise UsageError(f"There is no file {path}.", "Name a file of weights after --weights.") from error
    except MemoryError:
        raise
    except Exception as error:
        raise no_weights(path, error) from error
    for key in _INSIDE:
        if isinstance(found, Mapping) and isinstance(found.get(key), Mapping):
            found = found[key]
    tensors = {str(name): value for name, value in found.items() if isinstance(value, Tensor)} if isinstance(found, Mapping) else {}
    if not tensors:
        raise UsageError(f"{path} holds no weights.", "Name another file.")
    return tensors


def no_weights(path: Path, error: BaseException) -> UsageError:
    """What to say of a file that was named as one of weights and is something else."""
    why = (str(error).splitlines() or [type(error).__name__])[0][:120]
    return UsageError(f"{path} holds no weights that can be read: {why}", "Name another file.")


def load_last(folder: Path) -> Checkpoint:
    """The newest whole checkpoint of a run: the last, or the one before if the last is missing or damaged.

    Raises:
        StudioError: there is none.
    """
    try:
        return load(folder / LAST)
    except StudioError:
        if not (folder / PREVIOUS).exists():
            raise
        return load(folder / PREVIOUS)


def has_checkpoint(folder: Path) -> bool:
    """Whether a run can be gone on with."""
    return (folder / LAST).exists() or (folder / PREVIOUS).exists()


def optimiser_tensors(network: nn.Module, optimiser: torch.optim.Optimizer) -> dict[str, Tensor]:
    """The optimiser's state per parameter, named `optimiser/<parameter>/<entry>`."""
    tensors = {}
    for name, parameter in network.named_parameters():
        for entry, value in optimiser.state.get(parameter, {}).items():
            tensors[f"optimiser/{name}/{entry}"] = value if isinstance(value, Tensor) else torch.tensor(value)
    return tensors


def restore_optimiser(network: nn.Module, optimiser: torch.optim.Optimizer, tensors: dict[str, Tensor]) -> None:
    """Inverse of `optimiser_tensors`. Moments take the place of their parameter; the step count stays where the optimiser wants it."""
    for name, parameter in network.named_parameters():
        prefix = f"optimiser/{name}/"
        entries = {key.removeprefix(prefix): value for key, value in tensors.items() if key.startswith(prefix)}
        if not entries:
            continue
        fused = bool(optimiser.defaults.get("fused"))
        optimiser.state[parameter] = {
            entry: value.to(parameter.device) if entry != "step" or fused else value for entry, value in entries.items()
        }
        for entry, value in optimiser.state[parameter].items():
            if entry != "step":
                optimiser.state[parameter][entry] = value.contiguous(memory_format=_format_of(parameter))


def _format_of(parameter: Tensor) -> torch.memory_format:
    if parameter.dim() == 4 and parameter.is_contiguous(memory_format=torch.channels_last):
        return torch.channels_last
    return torch.contiguous_format


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
