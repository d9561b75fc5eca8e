"""Errors, by who must act.

CommuniqueError            exit code
├── UsageError             2   whoever called: wrong arguments
├── ProjectError           2   whoever keeps the project: wrong settings
├── DataError              1   whoever wrote the data: carries one Problem for each fault
└── AccessError            3   whoever runs the machine: something cannot be read, written or reached
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault: where it is (lines and columns count from 1), what is wrong, what would be right."""

    path: Path | None
    line: int | None
    column: int | None
    message: str
    remedy: str = ""

    def __str__(self) -> str:
        """Format the problem on one line, the place first, in the form that editors turn into a link."""
        place = ":".join(str(part) for part in (self.path, self.line, self.column) if part is not None)
        return ": ".join(part for part in (place, " ".join(filter(None, (self.message, self.remedy)))) if part)

    @property
    def key(self) -> tuple[str, int, int, str]:
        """What problems are sorted by: their places."""
        return str(self.path or ""), self.line or 0, self.column or 0, self.message


class CommuniqueError(Exception):
    """Base of all errors that Communiqué raises on purpose; `exit_code` is what the command line ends with."""

    exit_code: ClassVar[int] = 2


class UsageError(CommuniqueError):
    """A call with wrong arguments."""


class ProjectError(CommuniqueError):
    """A project whose settings or self-description are wrong."""


class DataError(CommuniqueError):
    """Data that cannot be used as it stands; `problems` is never empty."""

    exit_code = 1

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep the problems in the order in which they were found."""
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[object, ...]:
        """Keep the problems when the error goes from one process to another."""
        return type(self), (self.problems,)


class AccessError(CommuniqueError):
    """Something that cannot be read, written or reached."""

    exit_code = 3
