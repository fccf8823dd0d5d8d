"""Measures how good the desk is: `python -m tests.quality [NAME …]`.

Each section is a module here with `measure() -> Report`; without a name all are run. The last line printed is JSON:
`{"name", "figures", "goals", "missed"}`. Trainers (`train-relevance`, `train-stories`) write the weights that ship in
`bot/data`; they run only when named.
"""

from __future__ import annotations

import sys
from importlib import import_module

from tests.quality.report import Report, together

SECTIONS = {
    "relevance": "tests.quality.relevance",
    "stories": "tests.quality.stories",
    "grounding": "tests.quality.grounding",
    "quotes": "tests.quality.quotes",
    "roles": "tests.quality.roles",
    "bullets": "tests.quality.bullets",
}
TRAINERS = {
    "train-relevance": "tests.quality.train_relevance",
    "train-stories": "tests.quality.train_stories",
    "train-roles": "tests.quality.train_roles",
}


def main(names: list[str]) -> int:
    modules = SECTIONS | TRAINERS
    unknown = [name for name in names if name not in modules]
    if unknown:
        print(f"unknown section {', '.join(unknown)}; there are {', '.join(modules)}", file=sys.stderr)
        return 2
    reports: list[Report] = []
    for name in names or SECTIONS:
        report: Report = import_module(modules[name]).measure()
        for table in report.tables:
            print(table, flush=True)
        reports.append(report)
    print((reports[0] if len(reports) == 1 else together(reports)).json())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
