"""`python -m iic_studio` and the `iic-studio` command."""

import logging
import multiprocessing
import os
import sys


def main() -> None:
    """Run the command line and leave with its exit code."""
    # Frozen applications start their child processes through this file.
    multiprocessing.freeze_support()
    from iic_studio.training.cpu_memory import one_heap

    one_heap()  # before NumPy and Qt start threads
    from iic_studio.cli import main as run

    exit_code = run()
    if "TORCHELASTIC_RUN_ID" in os.environ:
        _leave_at_once(exit_code)
    sys.exit(exit_code)


def _leave_at_once(exit_code: int) -> None:
    """End a process of `torchrun` without taking the interpreter down: gloo's threads may outlive it and then abort the process."""
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(exit_code)


if __name__ == "__main__":
    main()
