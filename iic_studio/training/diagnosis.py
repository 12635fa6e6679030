"""The state of training in words, with one thing to do about it; from numbers only, so that each is tested on made data.

The order of the rules matters: what makes all else meaningless comes first.
"""

import dataclasses
import enum
import math
from dataclasses import dataclass

from iic_studio.events import DiagnosisChanged, EpochFinished, HealthMeasured
from iic_studio.iic.networks import HEADS, MAIN

FIRST_STEPS = 100
SETTLED_STEPS = 300
CHANCE_SHARE = 0.05
COLLAPSED_BITS = 0.1
COLLAPSED_SHARE = 0.98
ARBITRARY_AGREEMENT = 0.12
FEWEST_CLUSTERS = 2

STILL_GAINING_SHARE = 0.01
LONGER = 2


class Remedy(enum.StrEnum):
    """What a button can do about a diagnosis; the values are the keys in `DiagnosisChanged.remedy`."""

    NOTHING = ""
    OTHER_CLUSTERS = "train_with_clusters"
    LONGER = "train_longer"
    OTHER_PRESET = "choose_preset"


@dataclass(frozen=True)
class Advice:
    """A remedy and its number: of clusters to train with, or how many times as long to train; 0 for the others."""

    remedy: Remedy = Remedy.NOTHING
    value: int = 0


def advice_of(event: DiagnosisChanged) -> Advice:
    """The typed advice of a diagnosis; nothing to do for what this version does not know."""
    if event.remedy not in list(Remedy):
        return Advice()
    advice = Advice(Remedy(event.remedy), event.remedy_value)
    if advice.remedy is Remedy.OTHER_CLUSTERS and advice.value < FEWEST_CLUSTERS:
        return Advice()
    return advice


COLLAPSED = DiagnosisChanged(
    state="collapsed",
    message="Collapsed: nearly all pictures fall into one cluster.",
    action="Try another seed, or a preset with milder changes between the two views; look whether the pictures differ at all.",
    remedy=Remedy.OTHER_PRESET,
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
            message="Nothing beyond chance: two views of one picture share no more than views of different pictures do.",
            action="Look whether the pictures have anything in common that a crop would keep; try a preset with milder changes.",
            remedy=Remedy.OTHER_PRESET,
        )
    if report.step >= SETTLED_STEPS and not math.isnan(health.agreement) and health.agreement < ARBITRARY_AGREEMENT:
        return DiagnosisChanged(
            state="nothing_beyond_chance",
            message="Nothing beyond chance: each sub-head cuts the pictures in a way of its own, so no groups ask to be found.",
            action="Use fewer clusters or more pictures, and do not read meaning into these groups.",
            remedy=Remedy.OTHER_CLUSTERS if main.num_clusters > FEWEST_CLUSTERS else Remedy.NOTHING,
            remedy_value=max(FEWEST_CLUSTERS, main.num_clusters // 2),
        )
    if health.num_dead and report.step >= SETTLED_STEPS:
        return DiagnosisChanged(
            state="too_many_clusters",
            message=f"Too many clusters: {health.num_used} of {main.num_clusters} are in use.",
            action=f"Train with {max(FEWEST_CLUSTERS, health.num_used)} clusters.",
            remedy=Remedy.OTHER_CLUSTERS if main.num_clusters > FEWEST_CLUSTERS else Remedy.NOTHING,
            remedy_value=max(FEWEST_CLUSTERS, health.num_used),
        )
    if is_plateau:
        return DiagnosisChanged(
            state="plateau",
            message=f"Plateau: the groups hardly change any more, at {share:.0%} of what {main.num_clusters} clusters could tell.",
            action="More time alone will change little; look at the groups.",
        )
    return DiagnosisChanged(
        state="learning",
        message=f"Learning: the two views of a picture share {share:.0%} of what {main.num_clusters} clusters could tell, "
        f"{health.num_used} clusters are in use.",
    )


def diagnose_end(last: DiagnosisChanged, gain: float, ceiling: float) -> DiagnosisChanged | None:
    """What is left to say when the budget is spent; None if the last words still hold.

    Args:
        last: the last diagnosis.
        gain: `HealthMeter.gain_before` the learning rate fell: what falling rates gain says nothing about more time.
        ceiling: log2 K in bits.
    """
    if last.state == "warming_up" or (last.state == "learning" and math.isnan(gain)):
        return DiagnosisChanged(
            state="unfinished",
            message="Not finished: the time was too short to see the groups settle.",
            action="Train longer.",
            remedy=Remedy.LONGER,
            remedy_value=LONGER,
        )
    if last.state != "learning":
        return None
    if gain >= STILL_GAINING_SHARE * ceiling:
        return DiagnosisChanged(
            state="unfinished",
            message="Not finished: the groups were still getting clearer when the time was up.",
            action="Train longer.",
            remedy=Remedy.LONGER,
            remedy_value=LONGER,
        )
    return DiagnosisChanged(state="settled", message="Settled: the groups had stopped getting clearer when training ended.")
