"""The state of training in words, with one thing to do about it; from numbers only, so that each is tested on made data.

The order of the rules matters: what makes all else meaningless comes first.
"""

import dataclasses
import math

from iic_studio.events import DiagnosisChanged, EpochFinished, HealthMeasured
from iic_studio.iic.networks import HEADS, MAIN

FIRST_STEPS = 100
SETTLED_STEPS = 300
CHANCE_SHARE = 0.05
COLLAPSED_BITS = 0.1
COLLAPSED_SHARE = 0.98
ARBITRARY_AGREEMENT = 0.12

COLLAPSED = DiagnosisChanged(
    state="collapsed",
    message="Collapsed: nearly all images fall into one cluster.",
    action="Try another seed, or a preset with milder changes between the two views; look whether the images differ at all.",
)


def diagnose(report: EpochFinished, health: HealthMeasured, *, is_plateau: bool) -> DiagnosisChanged:
    """The diagnosis after a pass.

    Args:
        report, health: of the same pass.
        is_plateau: whether the last passes brought nothing new.
    """
    main = report.heads[HEADS.index(MAIN)]
    best = main.sub_heads[main.best_sub_head]
    share = health.mutual_information_excess / health.ceiling
    if report.step >= FIRST_STEPS and (best.marginal_entropy < COLLAPSED_BITS or health.largest_share_in_use > COLLAPSED_SHARE):
        return dataclasses.replace(COLLAPSED, time=report.time)
    if share < CHANCE_SHARE and report.step < SETTLED_STEPS:
        return DiagnosisChanged(state="warming_up", message="Warming up: no groups yet.")
    if share < CHANCE_SHARE:
        return DiagnosisChanged(
            state="nothing_beyond_chance",
            message="Nothing beyond chance: two views of one image share no more than views of different images do.",
            action="Look whether the pictures have anything in common that a crop would keep; try a preset with milder changes.",
        )
    if report.step >= SETTLED_STEPS and not math.isnan(health.agreement) and health.agreement < ARBITRARY_AGREEMENT:
        return DiagnosisChanged(
            state="nothing_beyond_chance",
            message="Nothing beyond chance: each sub-head cuts the images in a way of its own, so no groups ask to be found.",
            action="Use fewer clusters or more images, and do not read meaning into these groups.",
        )
    if health.num_dead and report.step >= SETTLED_STEPS:
        return DiagnosisChanged(
            state="too_many_clusters",
            message=f"Too many clusters: {health.num_used} of {main.num_clusters} are in use.",
            action=f"Train with --clusters {max(2, health.num_used)}.",
        )
    if is_plateau:
        return DiagnosisChanged(
            state="plateau",
            message=f"Plateau: the groups hardly change any more, at {share:.0%} of what {main.num_clusters} clusters could tell.",
            action="More time alone will change little; look at the groups.",
        )
    return DiagnosisChanged(
        state="learning",
        message=f"Learning: the two views of an image share {share:.0%} of what {main.num_clusters} clusters could tell, "
        f"{health.num_used} clusters are in use.",
    )
