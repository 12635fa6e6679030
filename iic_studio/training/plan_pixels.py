"""From what a person asked for to settings without gaps, when pixels are clustered.

Sizes hang together: the network sees squares of `image_size`; a tile is as much larger as leaves room to move such a square about; and a
photograph is brought to `short_side`, so that a square shows about as much of it as is needed to tell sky from road.
"""

import dataclasses
import math

import torch

from iic_studio.config import OVERCLUSTER_FACTOR, PIXEL_DEFAULTS, PIXEL_PRESET, TrainSettings, load_preset
from iic_studio.errors import StudioError, UsageError
from iic_studio.iic.pretrained import RESNETS

_SIZES = {"cpu": 64, "mps": 96, "cuda": 128}
_PAIRS_PER_STEP = {"cpu": 16, "mps": 32, "cuda": 64}
_STEPS = {"cpu": 600, "mps": 2_000, "cuda": 4_000}
_SHORT_SIDE_SHARE = 1.5
_DISPLACEMENT_SHARE = 12
_FEWEST_TILES, _MOST_PER_IMAGE, _MOST_OF_FEW = 400, 9, 64
_MOST_CLUSTERS = 256
_ENCODERS = ("small", "paper", *RESNETS)
_FINE_TUNING = 0.1  # of the learning rate


def plan_pixels(settings: TrainSettings, num_images: int, channels: int, device: torch.device, *, is_grey: bool) -> TrainSettings:
    """Fill in everything that was left open.

    Raises:
        StudioError: there is no image.
        UsageError: settings that do not go together with pixels.
    """
    if num_images == 0:
        raise StudioError("There is no readable image to segment.", "Choose a folder that holds JPEG, PNG, WebP, TIFF or similar files.")
    preset = load_preset(settings.preset or PIXEL_PRESET, "pixels")
    transforms = settings.transforms or preset.transforms
    asked = dataclasses.replace(settings, transforms=transforms)
    _check(asked)
    size = settings.image_size or _SIZES.get(device.type, _SIZES["cpu"])
    steps = settings.steps
    if steps is None and settings.minutes is None:
        steps = _STEPS.get(device.type, _STEPS["cpu"])
    return dataclasses.replace(
        asked,
        preset=settings.preset or PIXEL_PRESET,
        method="iic",
        num_repeats=settings.num_repeats or 1,
        balance="none",
        neighbours=0,
        neighbours_by="pixels",
        contrastive_weight=0.0,
        self_label_share=0.0,
        batch_size=settings.batch_size or _PAIRS_PER_STEP.get(device.type, _PAIRS_PER_STEP["cpu"]),
        sub_heads=settings.sub_heads or PIXEL_DEFAULTS["sub_heads"],
        overclusters=settings.overclusters or OVERCLUSTER_FACTOR * settings.clusters,
        image_size=size,
        inputs=_inputs(asked, channels, is_grey=is_grey),
        learning_rate=settings.learning_rate * (_FINE_TUNING if settings.fine_tune else 1.0),
        displacement=settings.displacement if settings.displacement is not None else max(1, round(size / 2 / _DISPLACEMENT_SHARE)),
        short_side=settings.short_side if settings.short_side is not None else round(_SHORT_SIDE_SHARE * size),
        tiles_per_image=settings.tiles_per_image or _tiles_per_image(num_images),
        steps=steps,
        device=device.type,
    )


def _inputs(settings: TrainSettings, channels: int, *, is_grey: bool) -> str:
    if settings.encoder in RESNETS:
        return "rgb"
    return settings.inputs if settings.inputs != "auto" else "grey" if is_grey else "rgb" if channels == 3 else "all"


def tile_side(settings: TrainSettings) -> int:
    """Side in pixels of the tiles that x is cut from without any scaling."""
    assert settings.image_size and settings.transforms, "settings must be planned"
    return round(settings.image_size / settings.transforms.base_crop)


def is_dense(num_images: int) -> bool:
    """Whether tiles shall overlap, because there are few images."""
    return num_images * _MOST_PER_IMAGE < _FEWEST_TILES


def _tiles_per_image(num_images: int) -> int:
    return max(_MOST_PER_IMAGE, min(_MOST_OF_FEW, math.ceil(_FEWEST_TILES / num_images)))


def _check(settings: TrainSettings) -> None:
    assert settings.transforms is not None
    if settings.transforms.elastic:
        raise UsageError("Images that were bent cannot be laid back upon each other pixel by pixel.", "Set elastic = 0 in the preset.")
    if settings.method not in ("auto", "iic"):
        raise UsageError(f"--method {settings.method} is for whole images.", "Leave it out when you segment.")
    if settings.encoder not in _ENCODERS:
        raise UsageError(f"--encoder {settings.encoder} gives no map of an image.", f"Choose one of: {', '.join(_ENCODERS)}.")
    if settings.encoder in RESNETS and not settings.weights:
        raise UsageError(f"--encoder {settings.encoder} needs the weights that others trained.", "Name their file after --weights.")
    if settings.encoder in RESNETS and settings.inputs not in ("auto", "rgb"):
        raise UsageError(f"--encoder {settings.encoder} sees colours.", "Leave out --inputs.")
    if settings.fine_tune and settings.encoder not in RESNETS:
        raise UsageError("--fine-tune is for a pretrained trunk.", f"Use it with --encoder {' or '.join(RESNETS)}.")
    if settings.extra:
        raise UsageError("--extra is for whole images.", "Put all images into one folder when you segment.")
    if settings.clusters > _MOST_CLUSTERS:
        raise UsageError(f"A mask holds at most {_MOST_CLUSTERS} clusters.", f"Use --clusters {_MOST_CLUSTERS} or fewer.")
    if settings.overclusters is not None and settings.overclusters < settings.clusters:
        raise UsageError("--overclusters must not be below --clusters.", f"Use --overclusters {OVERCLUSTER_FACTOR * settings.clusters}.")
