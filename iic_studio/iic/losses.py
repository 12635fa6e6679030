"""The IIC objective: mutual information between the cluster assignments of an image and of its transformed copy.

All sub-heads of a head are computed at once: every function takes a leading dimension H. Everything runs in float32, whatever the
trunk ran in. Source: Ji, Henriques, Vedaldi, "Invariant Information Clustering", ICCV 2019, section 3.1 and equation 3.

Known weakness: the clamp takes the gradient away from entries below EPS, so a cluster that has died stays dead; and the value is
biased upwards when a batch has few images per cluster.
"""

import math

import torch
from torch import Tensor

EPS = torch.finfo(torch.float64).eps


def pair_counts(soft_assignments: Tensor, soft_assignments_transformed: Tensor) -> Tensor:
    """Sum over pairs of the outer products, not yet symmetric or normalised.

    Sums of several batches may be added before `normalise_joint`: that is the joint of all of them.

    Args:
        soft_assignments: (H, B, K) probabilities of x.
        soft_assignments_transformed: (H, r·B, K) probabilities of r transformed copies, copy after copy.

    Returns:
        (H, K, K) float32; each (K, K) sums to r·B.

    Raises:
        ValueError: the second is not r times the first.
    """
    num_heads, batch, num_clusters = soft_assignments.shape
    repeats, rest = divmod(soft_assignments_transformed.shape[1], batch)
    if rest or not repeats:
        raise ValueError("the transformed batch must be a whole multiple of the batch")
    # Autocast would turn the product into 8-bit mantissas.
    with torch.autocast(soft_assignments.device.type, enabled=False):
        z = soft_assignments.float()
        # Pairing one x with r copies is linear in the copies, so they are summed first.
        z_transformed = soft_assignments_transformed.float().reshape(num_heads, repeats, batch, num_clusters).sum(dim=1)
        return torch.einsum("hbi,hbj->hij", z, z_transformed)


def normalise_joint(counts: Tensor) -> Tensor:
    """(H, K, K) pair counts to a symmetric joint distribution per sub-head."""
    symmetric = (counts + counts.transpose(-1, -2)) / 2
    return symmetric / symmetric.sum(dim=(-2, -1), keepdim=True)


def iic_loss(joint: Tensor, marginal_weight: float = 1.0) -> Tensor:
    """Negative mutual information of each sub-head, in nats; with λ = `marginal_weight` on the entropy of the marginals.

    Args:
        joint: (H, K, K) symmetric, each (K, K) sums to 1.
        marginal_weight: 1 is plain mutual information; above 1 pushes harder to clusters of equal size.

    Returns:
        (H,) losses; the lowest possible value at λ = 1 is -ln K.
    """
    marginal_row = joint.sum(dim=-1, keepdim=True).clamp_min(EPS)
    marginal_column = joint.sum(dim=-2, keepdim=True).clamp_min(EPS)
    joint = joint.clamp_min(EPS)
    log_ratio = joint.log() - marginal_weight * marginal_row.log() - marginal_weight * marginal_column.log()
    return -(joint * log_ratio).sum(dim=(-2, -1))


def information_bits(joint: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """I(z; z′), H(z) and H(z | z′) of each sub-head in bits, from (H, K, K) joints. I = H(z) - H(z | z′)."""
    marginal = joint.sum(dim=-1)
    marginal_entropy = -(marginal * marginal.clamp_min(EPS).log()).sum(dim=-1) / math.log(2)
    joint_entropy = -(joint * joint.clamp_min(EPS).log()).sum(dim=(-2, -1)) / math.log(2)
    conditional_entropy = joint_entropy - marginal_entropy
    return marginal_entropy - conditional_entropy, marginal_entropy, conditional_entropy
