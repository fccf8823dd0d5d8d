"""Measures speed and memory: `python -m tests.bench [NAME …] [option=value …]`, or `--option value`.

Each section is a module here with `measure(options) -> Report`; without a name all are run. The last line printed is
JSON: `{"name", "figures", "goals", "missed"}`. Peers are measured in the same run where they are installed.
"""

from __future__ import annotations

import sys
from importlib import import_module

from tests.quality.report import Report, together

SECTIONS = {
    "desk": "tests.bench.desk",
    "poll": "tests.bench.poll",
    "analysis": "tests.bench.analysis",
    "watch": "tests.bench.watch",
    "outbox": "tests.bench.outbox",
    "chaos": "tests.bench.chaos",
    "search": "tests.bench.search",
    "schedules": "tests.bench.schedules",
    "fanout": "tests.bench.fanout",
    "capacity": "tests.bench.capacity",
}


def main(arguments: list[str]) -> int:
    said = _joined(arguments)
    options = dict(argument.split("=", 1) for argument in said if "=" in argument)
    names = [argument for argument in said if "=" not in argument]
    unknown = [name for name in names if name not in SECTIONS]
    if unknown:
        print(f"unknown section {', '.join(unknown)}; there are {', '.join(SECTIONS)}", file=sys.stderr)
        return 2
    reports: list[Report] = []
    for name in names or SECTIONS:
        report: Report = import_module(SECTIONS[name]).measure(options)
        for table in report.tables:
            print(table, flush=True)
        reports.append(report)
    print((reports[0] if len(reports) == 1 else together(reports)).json())
    return 0


def _joined(arguments: list[str]) -> list[str]:
    """`--option value` is `option=value`."""
    joined, left = list[str](), iter(arguments)
    for argument in left:
        if argument.startswith("--"):
            name = argument.removeprefix("--")
            joined.append(name if "=" in name else f"{name}={next(left, '')}")
        else:
            joined.append(argument)
    return joined


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
