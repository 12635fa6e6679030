"""`python -m iic_studio` and the `iic-studio` command."""

import multiprocessing
import sys


def main() -> None:
    """Run the command line and leave with its exit code."""
    # Frozen applications start their child processes through this file.
    multiprocessing.freeze_support()
    from iic_studio.cli import main as run

    sys.exit(run())


if __name__ == "__main__":
    main()
