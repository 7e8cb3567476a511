"""What ends a program: one line for the operator, and the exit code that a script can tell."""

from __future__ import annotations

from typing import ClassVar, Final

EXIT_DONE: Final = 0
EXIT_FAILED: Final = 1
EXIT_USAGE: Final = 2  # click's own


class ProgramError(Exception):
    """It could not be done; the message is one line that says what to do about it."""

    exit_code: ClassVar[int] = EXIT_FAILED


class SettingsError(ProgramError):
    """A setting is unknown, missing or wrong; the line begins with its name."""

    exit_code = 3


class DatabaseError(ProgramError):
    """The database is out of reach, refuses us, or is not what it should be."""

    exit_code = 4


class MigrationNeededError(ProgramError):
    """The database is older than the program, and is not migrated without being asked."""

    exit_code = 5
