"""Keep the memory of a training step for the next one, instead of giving it back to the system each time.

glibc maps large blocks anew on every allocation, and the kernel clears each page at first touch: at 64 pixels that was a third of all
CPU time. Elsewhere (Windows, macOS, musl) this does nothing.
"""

import contextlib
import ctypes
import sys
from collections.abc import Iterator

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
_LARGEST_HEAP_BLOCK = 32 << 20  # glibc takes no more
_KEPT_BYTES = 1 << 30
_DEFAULT_BYTES = 128 << 10


@contextlib.contextmanager
def freed_memory_kept() -> Iterator[None]:
    """While inside, freed blocks up to 32 MiB stay with the process; afterwards they are given back."""
    libc = ctypes.CDLL(None) if sys.platform.startswith("linux") else None
    if libc is None or not hasattr(libc, "mallopt") or not hasattr(libc, "malloc_trim"):
        yield
        return
    libc.mallopt(_M_MMAP_THRESHOLD, _LARGEST_HEAP_BLOCK)
    libc.mallopt(_M_TRIM_THRESHOLD, _KEPT_BYTES)
    try:
        yield
    finally:
        libc.mallopt(_M_TRIM_THRESHOLD, _DEFAULT_BYTES)
        libc.mallopt(_M_MMAP_THRESHOLD, _DEFAULT_BYTES)
        libc.malloc_trim(0)
