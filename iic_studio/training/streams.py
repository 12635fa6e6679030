"""Several batches through a network at once, each on one core of a processor, where no gradient is wanted.

Threads that share the work of one layer wait for each other at its end, so that all stand still when another process, one that reads
pictures say, takes one of their cores for a moment. Streams do not wait for each other.
"""

import contextlib
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor

import torch
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]


@contextlib.contextmanager
def streams(device: torch.device) -> Iterator[Executor | None]:
    """As many threads as torch has at this moment, in each of which it uses one; none where that is one, or for a GPU."""
    count = torch.get_num_threads() if device.type == "cpu" else 1
    if count < 2:
        yield None
        return
    with ThreadPoolExecutor(count, "stream", initializer=compute_alone) as pool:
        yield pool


def compute_alone() -> None:
    """Let torch use one thread in this one; others keep theirs, as they would not with `torch.set_num_threads`."""
    torch.get_num_threads()  # at its first use in a thread torch sets the number itself
    threadpool_limits(1, user_api="openmp")
