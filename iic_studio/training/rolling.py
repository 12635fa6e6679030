"""Interim assignments at no cost: each training step already says where its images belong, so the newest word on each is kept.

They come from the randomly cropped x in training mode, so they are rougher than the final ones; good enough to browse by. A checkpoint
keeps which cluster each image fell into, not how surely: that is many times as much and is known anew after a pass.
"""

import numpy as np
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

    Attributes:
        shown: the sub-head whose clusters are shown.
    """

    def __init__(self, num_images: int, num_sub_heads: int, num_clusters: int, device: torch.device) -> None:
        self._soft = torch.zeros(num_images, num_sub_heads, num_clusters, dtype=torch.float16, device=device)
        self._consistent = torch.zeros(num_images, num_sub_heads, dtype=torch.bool, device=device)
        self._seen = torch.zeros(num_images, dtype=torch.bool, device=device)
        self._votes = torch.full((num_images, num_sub_heads), -1, dtype=torch.int16, device=device)
        self.shown = 0

    def add(self, positions: Tensor, soft: Tensor, soft_transformed: Tensor) -> None:
        """Keep (H, B, K) soft assignments of the images at `positions`, and whether their first copy, in (H, r·B, K), is put alike."""
        self._soft[positions] = soft.transpose(0, 1).half()
        votes = soft.argmax(dim=-1)
        self._votes[positions] = votes.T.short()
        self._consistent[positions] = (votes == soft_transformed[:, : soft.shape[1]].argmax(dim=-1)).T
        self._seen[positions] = True

    def choose(self, losses: list[float]) -> None:
        """Show the sub-head of lowest loss, but change only when another is clearly lower: groups that jump cannot be browsed."""
        best = int(np.argmin(losses))
        if losses[best] < losses[self.shown] - _CLEARLY_LOWER:
            self.shown = best

    def votes(self) -> IntArray:
        """(N, H) newest cluster of each image by each sub-head, each in its own naming; -1 where an image was not seen."""
        return self._votes.long().cpu().numpy()

    def consistency(self) -> float:
        """Share of the images seen whose copy fell into the same cluster of the sub-head shown."""
        return float(self._consistent[self._votes[:, 0] >= 0, self.shown].float().mean())

    def assignments(self, image_ids: IntArray) -> Assignments:
        """Assignments of the images seen so far by this process, by the sub-head shown."""
        seen = self._seen.cpu().numpy()
        return to_assignments(self._soft.cpu()[torch.from_numpy(seen)], self.shown, image_ids[seen])

    def state(self) -> dict[str, Tensor]:
        """What a checkpoint keeps."""
        return {"votes": self._votes, "consistent": self._consistent, "shown": torch.tensor(self.shown)}

    def restore(self, state: dict[str, Tensor]) -> None:
        """Take over what a checkpoint kept; nothing, if it is of other images or is of a time when it kept nothing."""
        if state and state["votes"].shape == self._votes.shape:
            self._votes.copy_(state["votes"])
            self._consistent.copy_(state["consistent"])
            self.shown = int(state["shown"])
