"""What can go wrong in words a person can act on.

`StudioError` is for the person at the keyboard: it says what happened and what to do. Every other exception is a bug and keeps its
traceback. A single file that cannot be read is neither: it is a row in the problems list (`images`, `project`).
"""

EXIT_DONE = 0
EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_SOME_UNREADABLE = 3
EXIT_INTERRUPTED = 130


class StudioError(Exception):
    """Something the person can mend.

    Args:
        message: one sentence saying what happened.
        hint: one sentence saying what to do, or empty.
    """

    exit_code = EXIT_FAILED

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(f"{message} {hint}".strip())
        self.message = message
        self.hint = hint


class UsageError(StudioError):
    """An option or argument outside its range, or two that exclude each other."""

    exit_code = EXIT_USAGE


class ProjectError(StudioError):
    """A project that is missing, in use, damaged, or from a newer version."""


class DiskFullError(StudioError):
    """No room left where the project or an export is written."""
