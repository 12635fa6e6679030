"""Beside the IIC objective, for whoever wants more than it: a contrastive loss on a projection, and self-labelling of clear images.

Sources: the normalised temperature-scaled cross-entropy of Chen et al., SimCLR, ICML 2020, and its use for clustering by Li et al.,
Contrastive Clustering, AAAI 2021; self-labelling by Van Gansbeke et al., SCAN, ECCV 2020. Written from the formulas.
"""

import torch
from torch import Tensor
from torch.nn import functional


def contrastive_loss(projected: Tensor, projected_transformed: Tensor, temperature: float = 0.5) -> Tensor:
    """Each image is to be closest to its own copies among all copies of the batch, and each copy to its own image.

    Args:
        projected: (B, D) unit vectors of x.
        projected_transformed: (r·B, D) unit vectors of r copies, copy after copy.

    Returns:
        Scalar, mean over all images and copies, in nats; ln(2B - 1) when all vectors are alike.
    """
    batch = len(projected)
    own = torch.arange(batch, device=projected.device)
    losses = []
    for copy in projected_transformed.view(-1, batch, projected.shape[1]):
        both = torch.cat([projected, copy])
        similar = both @ both.T / temperature
        similar.fill_diagonal_(-torch.inf)
        losses.append(functional.cross_entropy(similar, torch.cat([own + batch, own])))
    return torch.stack(losses).mean()


def self_label_loss(soft_assignments: Tensor, soft_assignments_transformed: Tensor, threshold: float = 0.95) -> Tensor:
    """Cross-entropy of the copies with the cluster of x, for images of which x leaves hardly a doubt; clusters weigh the same.

    Args:
        soft_assignments: (H, B, K) of x; no gradient goes there.
        soft_assignments_transformed: (H, r·B, K) of r copies, copy after copy.
        threshold: probability from which an image takes part.

    Returns:
        (H,) in nats; 0 where no image is clear.
    """
    heads, batch, num_clusters = soft_assignments.shape
    confidence, assignment = soft_assignments.detach().max(dim=-1)
    clear = (confidence >= threshold).float()
    chosen = functional.one_hot(assignment, num_clusters).float() * clear[:, :, None]
    sizes = chosen.sum(dim=1)
    weights = (chosen / sizes.clamp_min(1)[:, None, :]).sum(dim=-1) / (sizes > 0).sum(dim=-1, keepdim=True).clamp_min(1)
    copies = soft_assignments_transformed.float().view(heads, -1, batch, num_clusters)
    picked = copies.gather(-1, assignment[:, None, :, None].expand(-1, copies.shape[1], -1, 1)).squeeze(-1)
    return -(picked.clamp_min(1e-8).log().mean(dim=1) * weights).sum(dim=-1)
