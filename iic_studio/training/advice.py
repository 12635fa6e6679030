"""A first choice for a folder, in one sentence with its reason: method, encoder, number of clusters, budget.

It follows from a few facts: how many pictures, how large, grey or coloured, the device, and whether weights of an encoder are on this
machine. It is what `training.plan` would choose, but for the encoder, which a person has to ask for.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from iic_studio.config import DEFAULT_CLUSTERS, LITE, PRETRAINED, TIMM_PREFIX, TrainSettings
from iic_studio.errors import StudioError
from iic_studio.training.encoders import find_weights, may_have_weights
from iic_studio.training.plan import DataFacts, plan

# The better ones first: learned without labels, then by labels, the larger before the smaller where a CPU can bear it.
_PREFERRED = (f"{TIMM_PREFIX}vit_small_patch14_dinov2", "convnext_tiny", "efficientnet_v2_s", "resnet50", "efficientnet_b0", "resnet18")
_ENOUGH_TO_SEE = 48
_FEW = 200
_PER_CLUSTER = 20
_MANY = 20_000
# Why, by a key that never changes.
REASONS = {
    "at hand": "its weights are on this machine, and on photographs it beats a network that starts from nothing",
    "at hand, many": "its weights are on this machine, and on photographs it beats a network that starts from nothing, though with so many "
    "a network of its own is worth a second run",
    "grey": "grey pictures such as scans and digits are told apart by their shapes, which is learned from them alone",
    "small": "so small pictures give an encoder for photographs little to see",
    "enough": "there are enough pictures to learn from",
    "no weights": "no weights of an encoder are on this machine; with them (--encoder resnet18 --weights FILE) groups would follow meaning "
    "more than colour",
}
_DEVICES = {"cpu": "the processor", "cuda": "an NVIDIA GPU", "mps": "an Apple GPU"}


@dataclass(frozen=True)
class Advice:
    """What to begin with.

    Attributes:
        settings: as asked for; `planned` with nothing left open.
        facts: of the images.
        why: key of the reason in `REASONS`.
        sentence: for people.
    """

    settings: TrainSettings
    planned: TrainSettings
    facts: DataFacts
    why: str
    sentence: str

    @property
    def reason(self) -> str:
        """Why, as the second half of `sentence`."""
        return REASONS[self.why]

    @property
    def options(self) -> list[str]:
        """The settings as options of the command line."""
        asked = self.settings
        found = ["--method", asked.method, "--clusters", str(asked.clusters)]
        return found + (["--encoder", asked.encoder] if asked.is_pretrained else [])


def encoders_at_hand() -> list[str]:
    """Encoders whose weights are on this machine, the preferred ones first."""
    found = []
    for name in (*_PREFERRED, *(one for one in PRETRAINED if one not in _PREFERRED and one != LITE)):
        if not may_have_weights(name):
            continue
        try:
            find_weights(name, None)
        except StudioError:
            continue
        found.append(name)
    return found


def advise(facts: DataFacts, device: torch.device, at_hand: Sequence[str]) -> Advice:
    """The first choice for a folder.

    Args:
        facts: of its images.
        at_hand: encoders whose weights are on this machine, the preferred ones first.

    Raises:
        StudioError: too few images.
    """
    clusters = DEFAULT_CLUSTERS if facts.num_images >= _FEW else max(2, facts.num_images // _PER_CLUSTER)
    of_use = not facts.is_grey and facts.side >= _ENOUGH_TO_SEE
    encoder = at_hand[0] if of_use and at_hand else "small"
    bare = plan(TrainSettings(clusters=clusters, encoder=encoder), facts, device)
    settings = TrainSettings(method=bare.method, encoder=encoder, clusters=clusters)
    planned = plan(settings, facts, device)
    why = _why(facts, bool(at_hand), planned)
    kind = "grey" if facts.is_grey else "colour"
    how = f"heads on {encoder}" if planned.is_pretrained else f"a network of its own ({planned.image_size} pixels)"
    sentence = (
        f"For {facts.num_images:,} {kind} images of {facts.side} pixels on {_DEVICES.get(device.type, device.type)}, begin with method "
        f"{planned.method}, {how}, {clusters} clusters and {planned.steps:,} steps: {REASONS[why]}."
    )
    return Advice(settings, planned, facts, why, sentence)


def _why(facts: DataFacts, has_encoder: bool, planned: TrainSettings) -> str:
    if planned.is_pretrained:
        return "at hand" if facts.num_images < _MANY else "at hand, many"
    if facts.is_grey:
        return "grey"
    if facts.side < _ENOUGH_TO_SEE:
        return "small"
    return "enough" if has_encoder or facts.num_images >= _MANY else "no weights"
