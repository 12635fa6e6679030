"""Give memory back to the system after a huge picture: with glibc Pillow's blocks stay with the process. Elsewhere this does nothing."""

import ctypes
import sys


def give_back() -> None:
    """Return freed memory to the system; takes some milliseconds."""
    libc = ctypes.CDLL(None) if sys.platform.startswith("linux") else None
    if libc is not None and hasattr(libc, "malloc_trim"):
        libc.malloc_trim(0)
