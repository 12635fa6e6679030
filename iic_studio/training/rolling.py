"""Interim assignments at no cost: each training step already says where its images belong, so the newest word on each is kept.

They come from the randomly cropped x in training mode, so they are rougher than the final ones; good enough to browse by.
"""

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from iic_studio.records import Assignments, IntArray
from iic_studio.training.predict import to_assignments

_CLEARLY_LOWER = 0.02


class RollingAssignments:
    """Newest soft assignments of each image by the main head, on the device.

    Args:
        num_images: N.
        num_sub_heads, num_clusters: H and K of the main head.
    """

    def __init__(self, num_images: int, num_sub_heads: int, num_clusters: int, device: torch.device) -> None:
        self._soft = torch.zeros(num_images, num_sub_heads, num_clusters, dtype=torch.float16, device=device)
        self._seen = torch.zeros(num_images, dtype=torch.bool, device=device)
        self._sub_head = 0

    def add(self, indices: npt.NDArray[np.int64], soft_assignments: Tensor) -> None:
        """Keep (H, B, K) soft assignments of the images at `indices`."""
        where = torch.from_numpy(indices).to(self._soft.device)
        self._soft[where] = soft_assignments.detach().transpose(0, 1).half()
        self._seen[where] = True

    def choose(self, losses: list[float]) -> None:
        """Show the sub-head of lowest loss, but change only when another is clearly lower: groups that jump cannot be browsed."""
        best = int(np.argmin(losses))
        if losses[best] < losses[self._sub_head] - _CLEARLY_LOWER:
            self._sub_head = best

    def assignments(self, image_ids: IntArray) -> Assignments:
        """Assignments of the images seen so far, by the sub-head shown."""
        seen = self._seen.cpu().numpy()
        return to_assignments(self._soft.cpu()[torch.from_numpy(seen)], self._sub_head, image_ids[seen])
