"""What a trainer says of itself: running joints per head, events in bits, the state in words.

Sums stay on the device; they come to the CPU only when a report is due, so training never waits for its charts.
"""

import math

import torch
from torch import Tensor

from iic_studio.events import DiagnosisChanged, EpochFinished, HeadReport, SubHeadReport
from iic_studio.iic.losses import iic_loss, information_bits, normalise_joint
from iic_studio.iic.networks import HEADS, MAIN
from iic_studio.records import LiveArrays

_LIVE_DECAY = 0.9
_WARMING_UP_SHARE = 0.05
_COLLAPSED_BITS = 0.1
_FIRST_STEPS = 100


class JointMeter:
    """Joints of both heads: one over the pass under way, one that forgets, for live charts."""

    def __init__(self) -> None:
        self._pass: dict[str, Tensor] = {}
        self._live: dict[str, Tensor] = {}

    def add(self, counts: dict[str, Tensor]) -> None:
        """Take in the (H, K, K) pair counts of one step, by head."""
        for head, added in counts.items():
            added = added.detach()
            self._pass[head] = self._pass[head] + added if head in self._pass else added
            self._live[head] = self._live[head] * _LIVE_DECAY + added if head in self._live else added

    def state(self) -> dict[str, Tensor]:
        """What a checkpoint keeps."""
        return {f"{part}/{head}": counts.clone() for part, held in self._parts() for head, counts in held.items()}

    def restore(self, tensors: dict[str, Tensor], device: torch.device) -> None:
        """Inverse of `state`."""
        for part, held in self._parts():
            held.clear()
            held |= {name.removeprefix(f"{part}/"): counts.to(device) for name, counts in tensors.items() if name.startswith(f"{part}/")}

    def _parts(self) -> tuple[tuple[str, dict[str, Tensor]], ...]:
        return (("pass", self._pass), ("live", self._live))

    def live(self, step: int) -> LiveArrays:
        """A copy for charts."""
        return LiveArrays(step, {head: normalise_joint(counts).cpu().numpy() for head, counts in self._live.items()})

    def live_information(self) -> tuple[float, float]:
        """Mutual information of the best main sub-head over recent steps and its ceiling, in bits."""
        joint = normalise_joint(self._live[MAIN])
        return float(information_bits(joint)[0].max()), math.log2(joint.shape[-1])

    def finish_pass(self, epoch: int, step: int, elapsed_s: float) -> EpochFinished:
        """Report on the pass and begin the next."""
        joints = {head: normalise_joint(self._pass[head]) for head in HEADS}
        heads = tuple(_head_report(head, joint) for head, joint in joints.items())
        sizes = joints[MAIN][heads[0].best_sub_head].sum(dim=-1).tolist()
        self._pass.clear()
        return EpochFinished(epoch=epoch, step=step, elapsed_s=elapsed_s, heads=heads, cluster_sizes=tuple(sizes))


def _head_report(head: str, joint: Tensor) -> HeadReport:
    losses = iic_loss(joint)
    rows = zip(losses.tolist(), *(values.tolist() for values in information_bits(joint)), strict=True)
    sub_heads = tuple(
        SubHeadReport(loss=loss, mutual_information=bits, marginal_entropy=marginal, conditional_entropy=conditional)
        for loss, bits, marginal, conditional in rows
    )
    return HeadReport(
        head=head,
        num_clusters=joint.shape[-1],
        ceiling=math.log2(joint.shape[-1]),
        best_sub_head=int(torch.argmin(losses)),
        sub_heads=sub_heads,
    )


def diagnose(report: EpochFinished) -> DiagnosisChanged:
    """The state of training from one report, in words."""
    main = report.heads[HEADS.index(MAIN)]
    best = main.sub_heads[main.best_sub_head]
    share = best.mutual_information / main.ceiling
    if report.step >= _FIRST_STEPS and best.marginal_entropy < _COLLAPSED_BITS:
        return DiagnosisChanged(
            state="collapsed",
            message="Nearly all images fall into one cluster.",
            action="Try another seed, or a preset with milder changes between the two views.",
        )
    if share < _WARMING_UP_SHARE:
        return DiagnosisChanged(state="warming_up", message="Warming up: no groups yet.")
    used = sum(size > 0.1 / main.num_clusters for size in report.cluster_sizes)
    return DiagnosisChanged(
        state="learning",
        message=f"Learning: the two views of an image share {share:.0%} of what {main.num_clusters} clusters could tell, "
        f"{used} clusters are in use.",
    )
