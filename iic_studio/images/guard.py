"""What decoding third-party formats is wrapped in: the errors that decoders raise, and silence for their warnings."""

import struct
import threading
import warnings
import zlib

# Decoders are fed with anything, and answer damage with nearly any error.
DECODER_ERRORS = (
    OSError,
    SyntaxError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    EOFError,
    RuntimeError,
    struct.error,
    zlib.error,
)


class _Quiet:
    """Context in which Python warnings are dropped. Filters belong to the whole process, so threads that overlap share one change."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._depth = 0
        self._filters = warnings.catch_warnings()

    def __enter__(self) -> None:
        with self._lock:
            if not self._depth:
                self._filters = warnings.catch_warnings()
                self._filters.__enter__()
                warnings.simplefilter("ignore")
            self._depth += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._depth -= 1
            if not self._depth:
                self._filters.__exit__(None, None, None)


quiet = _Quiet()
