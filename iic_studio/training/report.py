"""What a trainer says of itself: running joints per head, events in bits.

Sums stay on the device; they come to the CPU only when a report is due, so training never waits for its charts.
"""

import math

import torch
from torch import Tensor

from iic_studio.events import EpochFinished, HeadReport, SubHeadReport
from iic_studio.iic.losses import iic_loss, information_bits, normalise_joint
from iic_studio.iic.networks import HEADS, MAIN
from iic_studio.records import FloatArray, LiveArrays

_LIVE_DECAY = 0.9


class JointMeter:
    """Joints of both heads: over the pass under way; forgetting, for live charts; and of pairs that do not belong together."""

    def __init__(self) -> None:
        self._pass: dict[str, Tensor] = {}
        self._live: dict[str, Tensor] = {}
        self._shuffled: dict[str, Tensor] = {}
        self._passed: dict[str, FloatArray] = {}

    def add(self, counts: dict[str, Tensor], shuffled: dict[str, Tensor]) -> None:
        """Take in the (H, K, K) pair counts of one step, by head."""
        for head, added in counts.items():
            _add(self._pass, head, added)
            _add(self._shuffled, head, shuffled[head])
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
        return (("pass", self._pass), ("live", self._live), ("shuffled", self._shuffled))

    def live(self, step: int) -> LiveArrays:
        """A copy for charts."""
        return LiveArrays(step, {head: normalise_joint(counts).cpu().numpy() for head, counts in self._live.items()}, self._passed)

    def live_information(self, num_clusters: int) -> tuple[float, float]:
        """Mutual information of the best main sub-head over recent steps, 0 before it has learned, and its ceiling, in bits."""
        if MAIN not in self._live:
            return 0.0, math.log2(num_clusters)
        joint = normalise_joint(self._live[MAIN])
        return float(information_bits(joint)[0].max()), math.log2(joint.shape[-1])

    def live_loss(self) -> float:
        """Lowest loss of a main sub-head over recent steps, in nats."""
        return float(iic_loss(normalise_joint(self._live[MAIN])).min())

    def finish_pass(self, epoch: int, step: int, elapsed_s: float) -> EpochFinished:
        """Report on the pass; `begin_pass` begins the next."""
        joints = {head: normalise_joint(self._pass[head]) for head in HEADS if head in self._pass}
        heads = tuple(_head_report(head, joint) for head, joint in joints.items())
        self._passed = {head: (joint * self._pass[head].sum(dim=(-2, -1), keepdim=True)).cpu().numpy() for head, joint in joints.items()}
        sizes = self.sizes(heads[0].best_sub_head)
        return EpochFinished(epoch=epoch, step=step, elapsed_s=elapsed_s, heads=heads, cluster_sizes=sizes)

    def sizes(self, sub_head: int) -> tuple[float, ...]:
        """K shares of the pass under way that fell into each cluster of a main sub-head."""
        return tuple(normalise_joint(self._pass[MAIN])[sub_head].sum(dim=-1).tolist())

    def shuffled_bits(self) -> list[float]:
        """H values: mutual information of the main head over pairs of different images, in bits: what chance alone gives."""
        return information_bits(normalise_joint(self._shuffled[MAIN]))[0].tolist()

    def begin_pass(self) -> None:
        """Forget the pass."""
        self._pass.clear()
        self._shuffled.clear()


def _add(sums: dict[str, Tensor], head: str, added: Tensor) -> None:
    sums[head] = sums[head] + added if head in sums else added


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
