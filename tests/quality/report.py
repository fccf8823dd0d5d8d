"""How a quality section reports: tables for people, and one line of JSON for machines."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str | float]]

    def __str__(self) -> str:
        cells = [list(self.columns), *[[_cell(value) for value in row] for row in self.rows]]
        widths = [max(len(row[at]) for row in cells) for at in range(len(self.columns))]
        lines = [
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells
        ]
        return "\n".join([self.title, lines[0], "-" * len(lines[0]), *lines[1:], ""])


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """`figure` names a figure of the report; it should be at least, or at most, `value`."""

    figure: str
    value: float
    at_most: bool = False

    def missed(self, figures: Mapping[str, float]) -> bool:
        figure = figures[self.figure]
        return figure > self.value if self.at_most else figure < self.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    name: str
    tables: Sequence[Table]
    figures: Mapping[str, float] = field(default_factory=dict)
    goals: Sequence[Goal] = ()

    def json(self) -> str:
        return json.dumps(
            {
                "name": self.name,
                "figures": {name: round(value, 4) for name, value in self.figures.items()},
                "goals": {goal.figure: ["<=" if goal.at_most else ">=", goal.value] for goal in self.goals},
                "missed": [goal.figure for goal in self.goals if goal.missed(self.figures)],
            }
        )


def together(reports: Sequence[Report]) -> Report:
    """One report of several, figures prefixed with their section."""
    return Report(
        name="all",
        tables=[table for report in reports for table in report.tables],
        figures={f"{report.name}.{name}": value for report in reports for name, value in report.figures.items()},
        goals=[
            Goal(figure=f"{report.name}.{goal.figure}", value=goal.value, at_most=goal.at_most)
            for report in reports
            for goal in report.goals
        ],
    )


def _cell(value: str | float) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)
