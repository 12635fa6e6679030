"""Keep the memory of a training step for the next one, instead of giving it back to the system each time.

glibc maps large blocks anew on every allocation, and the kernel clears each page at first touch: at 64 pixels that was a third of all
CPU time. Any thread but the first gets heaps of 64 MiB of its own, and one that is empty is unmapped whatever the thresholds say, so a
training beside a window needs `one_heap`, too. Elsewhere (Windows, macOS, musl) all of this does nothing.
"""

import contextlib
import ctypes
import sys
from collections.abc import Iterator

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8
_LARGEST_HEAP_BLOCK = 32 << 20  # glibc takes no more
_KEPT_BYTES = 1 << 30


def _glibc() -> ctypes.CDLL | None:
    libc = ctypes.CDLL(None) if sys.platform.startswith("linux") else None
    return libc if libc is not None and hasattr(libc, "mallopt") and hasattr(libc, "malloc_trim") else None


def one_heap() -> None:
    """Let all threads use the heap of the first one, whose memory can be kept. To be called before another thread starts."""
    libc = _glibc()
    if libc is not None:
        libc.mallopt(_M_ARENA_MAX, 1)


@contextlib.contextmanager
def freed_memory_kept() -> Iterator[None]:
    """While inside, freed blocks up to 32 MiB stay with the process; afterwards they are given back, and the thresholds are where glibc
    itself moves them once large blocks were freed: what was set by hand it no longer adjusts, and low ones would slow whatever comes next.
    """
    libc = _glibc()
    if libc is None:
        yield
        return
    libc.mallopt(_M_MMAP_THRESHOLD, _LARGEST_HEAP_BLOCK)
    libc.mallopt(_M_TRIM_THRESHOLD, _KEPT_BYTES)
    try:
        yield
    finally:
        libc.mallopt(_M_TRIM_THRESHOLD, 2 * _LARGEST_HEAP_BLOCK)
        libc.malloc_trim(0)
