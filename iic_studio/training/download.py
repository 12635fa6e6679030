"""Fetches the weights of an encoder, and only when somebody has said yes: where from, how large, and where to is known before.

The one place of the program that reaches the network. A file is there whole and checked, or not at all; it lies where torchvision and timm
keep theirs, so that other programs find it too.
"""

import hashlib
import re
import urllib.request
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

from iic_studio.config import LITE, TIMM_PREFIX
from iic_studio.errors import StudioError
from iic_studio.training.encoders import MissingWeights, find_weights, hub_folder, torch_weights

_CHUNK = 1 << 20
_SILENCE_S = 60
_BYTES_PER_NUMBER = 4
_FOLDER = "downloaded"


@dataclass(frozen=True)
class Source:
    """Where an encoder's weights come from.

    Attributes:
        name: of the encoder.
        num_bytes: about so many.
        path: where the file will lie.
        digest: first hex digits of its SHA-256; empty if not known.
    """

    name: str
    url: str
    num_bytes: int
    path: Path
    digest: str = ""


def missing_source(name: str) -> Source | None:
    """Where the weights of an encoder could be fetched from; None when they are here, or come from a file only.

    Raises:
        StudioError: the encoder is not known, or needs an extra that is not installed.
    """
    try:
        find_weights(name, None)
    except MissingWeights:
        return source_of(name)
    return None


def source_of(name: str) -> Source | None:
    """Where the weights of an encoder are published; None for one whose weights come from a file only."""
    if name == LITE:
        return None
    if name.startswith(TIMM_PREFIX):
        return _at_hugging_face(name)
    path, url, num_bytes = torch_weights(name)
    found = re.search(r"-([0-9a-f]{8,64})$", path.stem)
    return Source(name, url, num_bytes, path, found[1] if found else "")


def _at_hugging_face(name: str) -> Source | None:
    try:
        import timm
    except ImportError as error:
        raise StudioError(f"{name} needs the extra for timm.", "Install it: pip install 'iic-studio[timm]'.") from error
    model = name.removeprefix(TIMM_PREFIX)
    wants = timm.get_pretrained_cfg(model)
    if wants is None or not wants.hf_hub_id:
        return None
    numbers = sum(value.numel() for value in timm.create_model(model, pretrained=False).state_dict().values())
    place = hub_folder() / f"models--{wants.hf_hub_id.replace('/', '--')}" / "snapshots" / _FOLDER / "model.safetensors"
    return Source(name, f"https://huggingface.co/{wants.hf_hub_id}/resolve/main/{place.name}", numbers * _BYTES_PER_NUMBER, place)


def download(source: Source) -> Iterator[tuple[int, int]]:
    """Fetch a file; yields bytes that have come and bytes in all. What has come is dropped when the caller stops before the end.

    Raises:
        StudioError: it does not come, or is not what was to be expected.
    """
    part = source.path.with_name(f"{source.path.name}.part")
    try:
        part.parent.mkdir(parents=True, exist_ok=True)
        digest = yield from _copy(source, part)
        if not digest.startswith(source.digest):
            raise StudioError(f"What came from {source.url} is not what is published there.", by_hand(source))
        part.replace(source.path)
    except OSError as error:
        reason = getattr(error, "reason", None) or error.strerror or error
        raise StudioError(f"The weights of {source.name} could not be fetched: {reason}.", by_hand(source)) from error
    finally:
        part.unlink(missing_ok=True)


def _copy(source: Source, target: Path) -> Generator[tuple[int, int], None, str]:
    """Returns the SHA-256 of what was written."""
    seen, done = hashlib.sha256(), 0
    with urllib.request.urlopen(source.url, timeout=_SILENCE_S) as answer, target.open("wb") as file:
        said = answer.headers.get("Content-Length") or ""
        total = int(said) if said.isdigit() else source.num_bytes
        yield 0, total
        while chunk := answer.read(_CHUNK):
            file.write(chunk)
            seen.update(chunk)
            done += len(chunk)
            yield done, max(total, done)
    if said.isdigit() and done != total:
        raise OSError("the connection broke off")
    return seen.hexdigest()


def by_hand(source: Source) -> str:
    """What to do where there is no network."""
    return f"Put {source.path.name} into {source.path.parent} yourself, or name the file; it comes from {source.url}."
