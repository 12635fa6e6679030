"""The memory of a step is there for the next one, in any thread."""

import subprocess
import sys

import pytest

from iic_studio.training.cpu_memory import _glibc

# In a process of its own: what is set holds for all threads and for good. Eight blocks of 20 MiB are a training step's.
_STEPS = """
import ctypes, resource, threading
from iic_studio.training.cpu_memory import freed_memory_kept

libc, size, faults = ctypes.CDLL(None), 20 << 20, []
libc.malloc.restype, libc.malloc.argtypes, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_size_t], [ctypes.c_void_p]


def steps():
    with freed_memory_kept():
        for _ in range(4):
            before = resource.getrusage(resource.RUSAGE_THREAD).ru_minflt
            blocks = [libc.malloc(size) for _ in range(8)]
            for block in blocks:
                ctypes.memset(block, 1, size)
            for block in blocks:
                libc.free(block)
            faults.append(resource.getrusage(resource.RUSAGE_THREAD).ru_minflt - before)


thread = threading.Thread(target=steps)
thread.start()
thread.join()
print(faults[-1])
"""


def faults_of_a_later_step(*before: str) -> int:
    done = subprocess.run([sys.executable, "-c", "\n".join((*before, _STEPS))], capture_output=True, text=True, check=True)
    return int(done.stdout.split()[-1])


@pytest.mark.skipif(_glibc() is None, reason="only glibc can be told")
def test_the_program_keeps_the_memory_of_steps_in_any_thread() -> None:
    started = "import sys, contextlib; from iic_studio.__main__ import main; sys.argv = ['iic-studio', '--version']"
    assert faults_of_a_later_step(started, "with contextlib.suppress(SystemExit): main()") < 100
    assert faults_of_a_later_step() > 10_000, "without it there would be nothing to do"
