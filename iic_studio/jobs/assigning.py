"""A trained network put to use: what it says of images that it did not learn from."""

from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from iic_studio.config import TrainSettings
from iic_studio.events import Event, ProgressMade
from iic_studio.iic.networks import MAIN, ClusterNetwork
from iic_studio.records import Assignments, IntArray
from iic_studio.training.plan import choose_device
from iic_studio.training.predict import SetResult, evaluate_set, to_assignments
from iic_studio.training.processes import Processes
from iic_studio.training.run_state import load_image_model
from iic_studio.training.task import batches_of

_SAMPLE = 2048


@dataclass(frozen=True)
class TrainedModel:
    """The network of a run, with the settings it was trained with."""

    network: ClusterNetwork
    settings: TrainSettings
    channels: int
    device: torch.device

    @classmethod
    def of(cls, run_folder: Path) -> Self:
        """As a run left it.

        Raises:
            StudioError: the run has none, it was trained on pixels, or the file is damaged.
        """
        device = choose_device("auto")
        network, settings, saved = load_image_model(run_folder, device)
        return cls(network, settings, int(saved.facts["channels"]), device)

    def say(
        self, pixels: npt.NDArray[Any], rows: IntArray, image_ids: IntArray, processes: Processes | None = None
    ) -> Generator[Event, None, Tensor]:
        """(N, H, K) soft assignments of some images by the main head; of no image at the processes that help the first one.

        Args:
            rows: (N,) of `pixels`, a training cache or what an encoder saw.
        """
        batches = batches_of(pixels, rows, self.channels, self.settings, self.device)
        soft = torch.zeros(0, 1, 1)
        for step in evaluate_set(self.network, batches, image_ids, processes, (MAIN,)):
            if isinstance(step, SetResult):
                soft = step.soft
            else:
                yield ProgressMade(stage="assign", done=step, total=len(image_ids))
        return soft


def with_left_out(
    say: Callable[[IntArray], Generator[Event, None, Tensor]], trained: Assignments, left_out: IntArray
) -> Generator[Event, None, Assignments]:
    """What a run says, also of images that took no part in it.

    Sub-heads are compared on these images together with some that took part: few images alone do not tell which clusters are the same.

    Args:
        say: what the network says of images by their ids, as `TrainedModel.say`.
        left_out: (M,) ids.
    """
    known = trained.image_ids
    sample = known[np.unique(np.linspace(0, len(known) - 1, min(len(known), _SAMPLE)).round().astype(np.int64))]
    ids = np.concatenate([left_out, sample])
    soft = yield from say(ids)
    found, count = to_assignments(soft, trained.sub_head, ids), len(left_out)
    return replace(
        trained,
        image_ids=np.concatenate([known, left_out]),
        probabilities=np.concatenate([trained.probabilities, found.probabilities[:count]]),
        assignment=np.concatenate([trained.assignment, found.assignment[:count]]),
        votes=np.concatenate([trained.votes, found.votes[:count]]),
        agreement=np.concatenate([trained.agreement, found.agreement[:count]]),
    )
