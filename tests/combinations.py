"""The 18 combinations of answers."""

from dataclasses import asdict, dataclass
from itertools import product

DATABASES = ("sqlite", "postgresql", "mysql")
CONCURRENCIES = ("async", "sync")
STRATEGIES = ("autocommit", "manual", "unit_of_work")

PYTHONS = ("3.11", "3.12", "3.13")


@dataclass(frozen=True)
class Combination:
    """One choice for each question that has choices."""

    database: str
    concurrency: str
    session_strategy: str

    def __str__(self) -> str:
        return "-".join(self.answers.values())

    @property
    def answers(self) -> dict[str, str]:
        return asdict(self)

    @property
    def python(self) -> str:
        """The Python to test it with; each database and each strategy is tested with every version."""
        choices = (DATABASES, CONCURRENCIES, STRATEGIES)
        place = sum(group.index(choice) for group, choice in zip(choices, self.answers.values(), strict=True))
        return PYTHONS[place % len(PYTHONS)]


COMBINATIONS = [Combination(*choices) for choices in product(DATABASES, CONCURRENCIES, STRATEGIES)]

EVERYDAY = [
    Combination("sqlite", "async", "autocommit"),
    Combination("postgresql", "sync", "unit_of_work"),
    Combination("mysql", "async", "manual"),
]
"""Those that the everyday run takes through most steps; they include each choice of each question."""
