"""From what a person asked for to settings without gaps, and the plain words when it cannot be done.

The defaults are the answer for someone who gave none. They depend on the number of images, their size, whether they are grey, and
the device, never on the name of a data set. A default budget is counted in steps, so the same seed gives the same clusters.
"""

import dataclasses
import math
from dataclasses import dataclass
from typing import Any

import torch

from iic_studio.config import DEFAULT_CLUSTERS, OVERCLUSTER_FACTOR, POINTWISE, PRETRAINED, TrainSettings, load_preset
from iic_studio.errors import StudioError, UsageError
from iic_studio.training.plan_pixels import plan_pixels

PAIRS_PER_STEP = 256
PAIRS_PER_STEP_LARGE = 128
_LARGE_INPUT = 40
_PAIRS_PER_CLUSTER = 4
_SMALLEST_INPUT, _LARGEST_INPUT = 24, 64
_STEPS = {"cpu": 1_500, "mps": 3_000, "cuda": 6_000}
_FEWEST_STEPS = 400
# What a method sets unless it is asked for otherwise; the rest of these settings is off.
# For `pmi` all sub-heads together say how much a pair counts: with 5 of them two of ten seeds went astray, with 20 none.
_METHODS: dict[str, dict[str, Any]] = {
    "iic": {},
    "iic+neighbours": {"neighbours": 5, "num_repeats": 2},
    "iic+contrast": {"contrastive_weight": 1.0},
    "iic+contrast+neighbours": {"neighbours": 5, "neighbours_by": "features", "contrastive_weight": 1.0, "self_label_share": 0.1},
    "deepcluster": {"balance": "none"},
    "deepcluster-classic": {"balance": "sampling"},
    POINTWISE: {"neighbours": 20, "sub_heads": 20},
}
_OFF: dict[str, Any] = {
    "sub_heads": 5,
    "num_repeats": 1,
    "neighbours": 0,
    "neighbours_by": "pixels",
    "contrastive_weight": 0.0,
    "self_label_share": 0.0,
    "balance": "none",
}
# Measured on 60,000 and 70,000 images; on 600 and 1,797 there was no gain.
_BEST_FOR_MANY = {"documents": "iic+neighbours", "photographs": "iic+contrast"}
_MANY = 10_000
# Heads on an encoder alone bear a higher rate than a whole network; after fewer steps their loss still fell on a few hundred images.
_HEAD_PASSES, _FEWEST_HEAD_STEPS, _MOST_HEAD_STEPS = 20, 1_000, 3_000
_HEAD_RATE = 5e-3
_PSEUDO_FACTOR = 10
_IMAGES_PER_PSEUDO_CLUSTER = 30
_MOST_JOINT_CELLS = 1 << 25


@dataclass(frozen=True)
class DataFacts:
    """What training needs to know of the images: how many, the side of the cached square in pixels, whether all are grey, channels."""

    num_images: int
    side: int
    is_grey: bool
    channels: int = 3


def choose_device(name: str) -> torch.device:
    """The device for `--device`; `auto` prefers CUDA, then MPS, then the CPU.

    Raises:
        UsageError: the named device is not there.
    """
    available = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if name == "auto":
        return torch.device(next(kind for kind in ("cuda", "mps", "cpu") if available[kind]))
    if not available[name]:
        raise UsageError(f"This machine has no usable {name} device.", "Use --device auto, and see `iic-studio doctor`.")
    return torch.device(name)


def input_size(side: int) -> int:
    """Side of what the network sees, a multiple of 8, for a cached square of `side` pixels."""
    return min(max(side * 9 // 80 * 8, _SMALLEST_INPUT), _LARGEST_INPUT)


def plan(settings: TrainSettings, facts: DataFacts, device: torch.device) -> TrainSettings:
    """Fill in everything that was left open.

    Raises:
        StudioError: too few images to cluster.
        UsageError: settings that do not fit the images.
    """
    if settings.task == "pixels":
        return plan_pixels(settings, facts.num_images, facts.channels, device, is_grey=facts.is_grey)
    settings = _for_few(settings, facts.num_images)
    _check_count(settings, facts.num_images)
    if settings.is_pretrained:
        settings = _for_encoder(settings)
    elif settings.method == POINTWISE:
        raise UsageError(f"--method {POINTWISE} needs an encoder with weights of its own.", f"Add --encoder {PRETRAINED[1]}, for example.")
    _check_of_images(settings)
    if settings.encoder == "paper":
        raise UsageError("--encoder paper is for pixels.", "Use vgg or resnet34, the paper's networks for whole images.")
    size = settings.image_size or input_size(facts.side)
    seen_size = _SMALLEST_INPUT if settings.is_pretrained else size
    preset = settings.preset or ("documents" if facts.is_grey else "photographs")
    method = settings.method if settings.method != "auto" else best_method(preset, facts.num_images)
    chosen = {name: value for name, value in (_OFF | _METHODS[method]).items() if getattr(settings, name) in (None, "auto")}
    settings = dataclasses.replace(settings, preset=preset, method=method, **chosen)
    assert settings.num_repeats
    pairs = default_pairs(seen_size, settings.clusters, device.type)
    batch_size = min(settings.batch_size or math.ceil(pairs / settings.num_repeats), facts.num_images)
    pairs = batch_size * settings.num_repeats
    if settings.points:
        overclusters = _pseudo_clusters(settings, facts.num_images)
    else:
        _check_overclusters(settings, pairs)
        overclusters = settings.overclusters or max(settings.clusters, min(OVERCLUSTER_FACTOR * settings.clusters, pairs // 2))
    steps = settings.steps
    if steps is None and settings.minutes is None:
        steps = default_steps(size, pairs, device.type)
        if settings.is_pretrained:
            steps = round(min(_MOST_HEAD_STEPS, max(_FEWEST_HEAD_STEPS, _HEAD_PASSES * facts.num_images / batch_size)))
    return dataclasses.replace(
        settings,
        transforms=settings.transforms or load_preset(preset).transforms,
        batch_size=batch_size,
        overclusters=overclusters,
        image_size=size,
        inputs=settings.inputs if settings.inputs != "auto" else "grey" if facts.is_grey else "rgb" if facts.channels == 3 else "all",
        steps=steps,
        reseed=settings.reseed and not settings.points and method != POINTWISE,
        device=device.type,
    )


def best_method(preset: str, num_images: int) -> str:
    """What `tests/benchmarks/RESULTS.md` found best: something beside IIC for many images, plain IIC for few, where it gained nothing."""
    return _BEST_FOR_MANY.get(preset, "iic") if num_images >= _MANY else "iic"


def default_pairs(size: int, clusters: int, device: str) -> int:
    """Pairs per step: enough for a trustworthy joint; on a CPU fewer of large images, so that a step fits its caches and memory."""
    pairs = PAIRS_PER_STEP_LARGE if device == "cpu" and size > _LARGE_INPUT else PAIRS_PER_STEP
    return max(pairs, _PAIRS_PER_CLUSTER * clusters)


def default_steps(size: int, pairs: int, device: str) -> int:
    """A budget for nobody's choice: about two to five minutes on two CPU cores, more steps where they are cheap."""
    most = _STEPS.get(device, _STEPS["cpu"])
    if device != "cpu":
        return most
    cost = (size / _SMALLEST_INPUT) ** 2 * pairs / PAIRS_PER_STEP
    return round(min(most, max(_FEWEST_STEPS, most / math.sqrt(cost))))


def _for_few(settings: TrainSettings, num_images: int) -> TrainSettings:
    """Half as many clusters as images where there are fewer images than clusters by default; a number of one's own stands."""
    if settings.clusters != DEFAULT_CLUSTERS or not 2 <= num_images < settings.clusters:
        return settings
    return dataclasses.replace(settings, clusters=max(2, num_images // 2))


def _check_count(settings: TrainSettings, num_images: int) -> None:
    if num_images == 0:
        raise StudioError("There is no readable image to cluster.", "Choose a folder that holds JPEG, PNG, WebP, TIFF or similar files.")
    if num_images == 1:
        raise StudioError("There is only one readable image: nothing to compare it with.", "Add more images to the folder.")
    if settings.clusters > num_images:
        raise UsageError(
            f"{settings.clusters} clusters cannot be made of {num_images} images.", f"Use --clusters {max(2, num_images // 10)} or fewer."
        )


def _check_of_images(settings: TrainSettings) -> None:
    """Whether something was asked for that only pixels, or only another method, have a use for."""
    for option, is_used in (
        ("--fine-tune", settings.fine_tune),
        ("--displacement", settings.displacement is not None),
        ("--short-side", settings.short_side is not None),
    ):
        if is_used:
            raise UsageError(
                f"{option} is for pixels.", "Leave it out, or cluster pixels: `iic-studio segment`, `iic-studio train --pixels`."
            )
    if settings.balance not in ("auto", "none") and not settings.points:
        raise UsageError(f"--balance {settings.balance} is for DeepCluster.", "Leave it out, or add --method deepcluster.")


def _for_encoder(settings: TrainSettings) -> TrainSettings:
    """Settings for heads on what an encoder saw.

    Raises:
        UsageError: settings that have no meaning there.
    """
    method = POINTWISE if settings.method == "auto" else settings.method
    if method not in (POINTWISE, "iic", "iic+neighbours"):
        raise UsageError(f"--method {method} does not work on an encoder's features.", f"Use {POINTWISE}, iic or iic+neighbours.")
    unused = {"--starts": settings.starts > 1, "--extra": bool(settings.extra), "--inputs": settings.inputs != "auto"}
    for option, is_used in unused.items():
        if is_used:
            raise UsageError(f"{option} has no meaning with --encoder {settings.encoder}.", "Leave it out.")
    rate = _HEAD_RATE if settings.learning_rate == TrainSettings().learning_rate else settings.learning_rate
    repeats = settings.num_repeats or 1
    return dataclasses.replace(settings, method=method, neighbours_by="features", learning_rate=rate, num_repeats=repeats)


def _pseudo_clusters(settings: TrainSettings, num_images: int) -> int:
    """How many groups DeepCluster learns to tell apart: ten times as many as are sought, fewer for few images.

    Raises:
        UsageError: settings that it has no use for, or too many groups.
    """
    unused = {"--starts": settings.starts > 1, "--extra": bool(settings.extra), "--heads": settings.head_schedule != "both"}
    named = [option for option, is_used in unused.items() if is_used]
    if named:
        raise UsageError(f"{named[0]} has no meaning for --method {settings.method}.", "Leave it out.")
    asked = settings.overclusters
    if asked is not None and not settings.clusters <= asked <= num_images:
        raise UsageError(
            f"--overclusters must lie between --clusters and the number of images, {num_images}.", "Leave it out to have it chosen."
        )
    assert settings.sub_heads
    most = math.isqrt(_MOST_JOINT_CELLS // settings.sub_heads)
    if asked is not None and asked > most:
        raise UsageError(f"{asked} overclusters in {settings.sub_heads} sub-heads are too many.", f"Use --overclusters {most} or fewer.")
    return asked or max(settings.clusters, min(_PSEUDO_FACTOR * settings.clusters, num_images // _IMAGES_PER_PSEUDO_CLUSTER, most))


def _check_overclusters(settings: TrainSettings, pairs: int) -> None:
    if settings.overclusters is None:
        return
    if settings.overclusters < settings.clusters:
        raise UsageError("--overclusters must not be below --clusters.", f"Use --overclusters {OVERCLUSTER_FACTOR * settings.clusters}.")
    if settings.overclusters > pairs:
        raise UsageError(
            f"{settings.overclusters} overclusters need at least as many pairs in each step, and a step has {pairs}.",
            f"Use --overclusters {max(settings.clusters, pairs // 2)} or a larger --batch-size.",
        )


def check_shares(settings: TrainSettings, num_processes: int) -> None:
    """Whether planned settings can be followed by so many processes.

    Raises:
        UsageError: they cannot.
    """
    assert settings.batch_size, "settings must be planned"
    if (settings.points or settings.is_pretrained) and num_processes > 1:
        raise UsageError("DeepCluster, and heads on an encoder, train in one process.", "Start it without torchrun.")
    if settings.batch_size % num_processes:
        raise UsageError(
            f"{settings.batch_size} pairs a step cannot be shared equally by {num_processes} processes.",
            f"Use a --batch-size that is a multiple of {num_processes}.",
        )
