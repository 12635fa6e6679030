"""Weighted pointwise mutual information: pairs that surely belong together teach more than those that may not.

For a pair with probabilities p and q over clusters of marginal m the score is ln Σ (p q)^β / m; β below 1 lets several clusters of an image
stand, and dividing by the marginal keeps clusters from dying. All sub-heads together say how much a pair counts. Source: Adaloglou,
Michels, Kalisch and Kollmann, "Exploring the limits of deep image clustering using pretrained models", BMVC 2023. Written from the formula;
here the marginal is that of the batch, and there is no slower copy of the network.
"""

import torch
from torch import Tensor

BETA = 0.6
_EPS = 1e-12


def pointwise_loss(soft_assignments: Tensor, soft_assignments_transformed: Tensor, beta: float = BETA) -> Tensor:
    """Minus the mean weighted score, over sub-heads and pairs.

    Args:
        soft_assignments: (H, B, K) probabilities of x.
        soft_assignments_transformed: (H, r·B, K) of r copies, copy after copy.

    Returns:
        Scalar, in nats; at β = 1 and for sure, balanced clusters -ln K.
    """
    copies = soft_assignments_transformed.float().unflatten(1, (-1, soft_assignments.shape[1]))
    both = soft_assignments.float()[:, None] * copies
    with torch.no_grad():
        together = torch.cat([soft_assignments, soft_assignments_transformed], dim=1).float()
        marginal = together.mean(dim=1).clamp_min(_EPS)[:, None, None]
        weight = both.sum(dim=-1).mean(dim=0)
    score = (both.clamp_min(_EPS).pow(beta) / marginal).sum(dim=-1).log()
    loss: Tensor = -(weight * score).mean()
    return loss
