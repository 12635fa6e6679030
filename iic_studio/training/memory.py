"""When memory runs short: a step is computed in parts, and if that does not help, a sentence says what to do."""

import torch

from iic_studio.errors import StudioError
from iic_studio.events import WarningRaised
from iic_studio.training.processes import Processes
from iic_studio.training.run_state import RunState

_MOST_PARTS = 64


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error says that the device or the machine has no memory left."""
    return isinstance(error, torch.OutOfMemoryError | MemoryError) or "allocate memory" in str(error) or "out of memory" in str(error)


def refuse_if_several(processes: Processes, error: BaseException) -> None:
    """Several processes cannot go on in smaller parts: those that had room wait for the sums of this one, which it can no longer give.

    Raises:
        StudioError: there are several.
    """
    if processes.size > 1:
        raise StudioError(
            f"There is not enough memory for a share of a step in process {processes.rank + 1} of {processes.size}.",
            "Train again with a smaller --batch-size or --image-size, "
            "or go on with `iic-studio resume PROJECT` in one process, which computes a step in parts when it must.",
        ) from error


def use_less_memory(run: RunState, num_images: int) -> None:
    """Cut the next batches into twice as many parts."""
    if 2 * run.parts > min(_MOST_PARTS, num_images):
        raise StudioError("There is not enough memory to train.", "Use a smaller --image-size or --batch-size, or close other programs.")
    run.parts *= 2
    if run.device.type == "cuda":
        torch.cuda.empty_cache()


def memory_warning(parts: int, batch_size: int) -> WarningRaised:
    return WarningRaised(
        message=f"Memory ran short: each step of {batch_size} pairs is now computed in {parts} parts, which takes longer.",
        hint="A smaller --batch-size or --image-size trains faster.",
    )
