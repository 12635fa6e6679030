"""A classifier from a trained trunk and a few labels: a new head, the trunk trained on at a tenth of its rate, stopped on labels held out.

BatchNorm keeps the statistics of the run: those of some dozens of labelled images would be worse. Prediction is the mean over ten crops.
Source: IIC paper, section 4.2 and supplement (features, head, two rates, augmentation, ten crops); early stopping is ours, because the
published number is the best of all epochs on the test images. The term for images without a label is that of FixMatch (Sohn et al. 2020,
arXiv 2001.07685, equation 4); it is wrong wherever the classifier is sure and wrong, so it is not used unless asked for.
"""

import copy
import dataclasses
from collections.abc import Generator, Iterator

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from iic_studio.config import TransformSettings
from iic_studio.iic.networks import ClusterNetwork
from iic_studio.iic.transforms import make_pair, warp
from iic_studio.records import FloatArray, IntArray
from iic_studio.training.batches import Batches, seeded

_HIDDEN = 512
_TRUNK_RATE, _HEAD_RATE = 1e-4, 1e-3
_BATCH = 64
_CHECK_STEPS, _PATIENCE = 10, 6
MOST_STEPS = 300
_HELD_OUT = 5  # one label of five
_CROP = 0.9
_CHUNK = 256
_STREAM, _REST_STREAM = 31, 32
_SURE = 0.95


class Classifier(nn.Module):
    """Input layer and trunk of a trained network with a head for classes. Input (B, C, S, S) pixels in 0–1, output (B, classes) logits."""

    def __init__(self, network: ClusterNetwork, num_classes: int) -> None:
        super().__init__()
        self.network = copy.deepcopy(network)
        self.network.mixed_precision = False
        num_features = self.network.head("main").linear.in_features
        self.head = nn.Sequential(nn.Linear(num_features, _HIDDEN), nn.BatchNorm1d(_HIDDEN), nn.ReLU(), nn.Linear(_HIDDEN, num_classes))

    def forward(self, x: Tensor) -> Tensor:
        logits: Tensor = self.head(self.network.features(x))
        return logits


def fine_tuning(
    network: ClusterNetwork,
    batches: Batches,
    positions: IntArray,
    classes: IntArray,
    num_classes: int,
    seed: int = 0,
    consistency: float = 0.0,
) -> Generator[int, None, Classifier]:
    """Train a classifier; the network stays as it is.

    Args:
        network: trained, on the device of the batches.
        batches: the images of its run.
        positions, classes: (L,) labelled images in `batches`, and 0…C-1 for each.
        seed: of everything random.
        consistency: weight of `missed_copies` for images that teach no class, beside the labels with weight 1; 0 leaves them out.

    Yields:
        The steps done, now and then, so that a caller can tell of them or end it.

    Returns:
        The classifier in evaluation mode, as it was when it did best on the labels held out.
    """
    classifier = _with_new_head(network, num_classes, seed).to(batches.device)
    held = held_out(classes, seed)
    known, checked = (positions[~held], classes[~held]), (positions[held], classes[held])
    rest = np.setdiff1d(np.arange(len(batches)), known[0]) if consistency else known[0][:0]
    optimiser, transforms = _optimiser(classifier), stronger(batches.transforms)
    best, best_loss, waited = copy.deepcopy(classifier.state_dict()), float("inf"), 0
    for step in range(MOST_STEPS):
        classifier.train()
        classifier.network.eval()  # statistics of the run
        drawn, _, x = _drawn(batches, transforms, known[0], seeded(seed, _STREAM, step))
        target = torch.from_numpy(known[1][drawn]).to(batches.device)
        views = _drawn(batches, transforms, rest, seeded(seed, _REST_STREAM, step))[1:] if len(rest) else None
        loss = _loss(classifier, x, target, views, consistency)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
        if (step + 1) % _CHECK_STEPS == 0:
            now = _held_out_loss(classifier, batches, *checked) if len(checked[0]) else -float(step)
            waited += 1
            if now < best_loss:
                best, best_loss, waited = copy.deepcopy(classifier.state_dict()), now, 0
            if waited >= _PATIENCE:
                break
            yield step + 1
    classifier.load_state_dict(best)
    return classifier.eval()


def _with_new_head(network: ClusterNetwork, num_classes: int, seed: int) -> Classifier:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return Classifier(network, num_classes)


def _optimiser(classifier: Classifier) -> torch.optim.Optimizer:
    """With two rates: what was learned without labels is to be moved little."""
    trunk, head = classifier.network.trunk.parameters(), classifier.head.parameters()
    return torch.optim.Adam([{"params": trunk, "lr": _TRUNK_RATE}, {"params": head, "lr": _HEAD_RATE}])


def _drawn(
    batches: Batches, transforms: TransformSettings, positions: IntArray, generator: torch.Generator
) -> tuple[IntArray, Tensor, Tensor]:
    """(B,) places in `positions` drawn from all of them, and a mild and a strong view of each of these images, (B, C, S, S)."""
    drawn: IntArray = torch.randint(len(positions), (_BATCH,), generator=generator).numpy()
    return drawn, *make_pair(batches.images.take(positions[drawn]), transforms, batches.size, 1, generator)


def _loss(classifier: Classifier, x: Tensor, target: Tensor, views: tuple[Tensor, Tensor] | None, consistency: float) -> Tensor:
    """Cross entropy of the labelled, and where there are mild and strong views of others, beside it what their classes miss."""
    if views is None:
        return functional.cross_entropy(classifier(x), target)
    logits, guesses, of_strong = _three_views(classifier, x, *views)
    return functional.cross_entropy(logits, target) + consistency * missed_copies(guesses, of_strong)


def _three_views(classifier: Classifier, x: Tensor, mild: Tensor, strong: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """(B, C) logits of each; all count for the BatchNorm of the head, and nothing is learned through the mild views."""
    with torch.no_grad():
        of_mild = classifier.network.features(mild)
    of_others = classifier.network.features(torch.cat([x, strong]))
    logits: Tensor = classifier.head(torch.cat([of_others, of_mild]))
    of_x, of_strong, guesses = logits.split([len(x), len(strong), len(mild)])
    return of_x, guesses.detach(), of_strong


def missed_copies(guesses: Tensor, of_copies: Tensor) -> Tensor:
    """Mean cross entropy of strongly changed copies with the class of their image, where that is sure; elsewhere 0.

    Args:
        guesses: (B, C) logits of the images, hardly changed; their class is wanted where its probability is 0.95 or more.
        of_copies: (B, C) logits of the copies.
    """
    probability, wanted = functional.softmax(guesses, dim=1).max(dim=1)
    missed = functional.cross_entropy(of_copies, wanted, reduction="none")
    return (missed * (probability >= _SURE)).mean()


def held_out(classes: IntArray, seed: int) -> np.ndarray:
    """(L,) labels that only say when to stop: one of five of each class, none of a class with fewer than three."""
    rng, held = np.random.default_rng(seed), np.zeros(len(classes), np.bool_)
    for one in np.unique(classes):
        rows = rng.permutation(np.flatnonzero(classes == one))
        held[rows[: max(len(rows) // _HELD_OUT, int(len(rows) >= 3))]] = True
    return held


def stronger(transforms: TransformSettings) -> TransformSettings:
    """What the copies of a run go through, and beside it a small affine warp and blanked squares."""
    return dataclasses.replace(
        transforms,
        rotation_deg=max(transforms.rotation_deg, 18.0),
        shear_deg=max(transforms.shear_deg, 10.0),
        scale_min=min(transforms.scale_min, 0.9),
        scale_max=max(transforms.scale_max, 1.1),
        cutout_probability=0.5,
        cutout_min=0.2,
        cutout_max=0.5,
    )


@torch.no_grad()
def _held_out_loss(classifier: Classifier, batches: Batches, positions: IntArray, classes: IntArray) -> float:
    classifier.eval()
    logits = torch.cat([classifier(batches.centre(part)) for part in np.array_split(positions, len(positions) // _CHUNK + 1)])
    return float(functional.cross_entropy(logits, torch.from_numpy(classes).to(logits.device)))


@torch.no_grad()
def ten_crops(classifier: Classifier, batches: Batches, positions: IntArray) -> Iterator[tuple[IntArray, FloatArray]]:
    """Probabilities of images by the mean logits of ten crops: the middle and the corners, each also mirrored.

    Where the run took a mirrored image for another one, the second five are a little wider instead.

    Yields:
        (B,) positions and (B, C) probabilities, some images at a time.
    """
    side = min(batches.transforms.base_crop, _CROP)
    mirrors = batches.transforms.horizontal_flip
    views = [
        (one * (-1 if mirrors and second else 1), one, (1 - one) * across, (1 - one) * down)
        for second in (False, True)
        for one in ((side + 1) / 2 if second and not mirrors else side,)
        for across, down in ((0, 0), (-1, -1), (1, -1), (-1, 1), (1, 1))
    ]
    for start in range(0, len(positions), _CHUNK):
        part = positions[start : start + _CHUNK]
        pixels = batches.images.take(part).float().div_(255)
        total = torch.zeros(())
        for width, height, across, down in views:
            matrix = torch.tensor([[width, 0.0, across], [0.0, height, down]], device=pixels.device)
            total = total.to(pixels.device) + classifier(warp(pixels, matrix.expand(len(part), 2, 3), batches.size))
        yield part, functional.softmax(total / len(views), dim=1).cpu().numpy()
