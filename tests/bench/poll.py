"""Polling: Slugline's poll stage beside other readers, over the same outlets on loopback, and its memory as feeds grow.

Options: `feeds=500,2000` (how many, peers run with the first), `memory=2000,10000` (between which memory must stay
flat; `memory=` leaves it out), `peers=no`.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.bench import peers
from tests.bench.polling import PASSES
from tests.quality.report import Goal, Report, Table

PEERS = {"reader": peers.reader, "newsboat": peers.newsboat, "sfeed": peers.sfeed}
STALL_MS = 50
RESIDENT_MB = 250


def measure(options: Mapping[str, str]) -> Report:
    counts = _numbers(options.get("feeds", "500,2000"))
    grown = _numbers(options.get("memory", "2000,10000"))
    own = {count: _slugline(count) for count in sorted({*counts, *grown})}
    base = counts[0]
    others = {} if options.get("peers") == "no" else _peers(base)
    figures: dict[str, float] = {f"{name}_s_{count}": own[count][f"{name}_s"] for count in counts for name, _ in PASSES}
    figures["stall_ms"] = max(run[f"{name}_stall_ms"] for run in own.values() for name, _ in PASSES)
    figures["resident_mb"] = max(run[f"{name}_mb"] for run in own.values() for name, _ in PASSES)
    goals = [
        Goal(figure="resident_mb", value=RESIDENT_MB, at_most=True),
        Goal(figure="stall_ms", value=STALL_MS, at_most=True),
    ]
    for peer, name, value in (("reader", "first", 8), ("sfeed", "first", 2), ("newsboat", "unchanged", 20)):
        if peer in others:
            figures[f"times_{peer}_{name}"] = others[peer][name] / own[base][f"{name}_s"]
            goals.append(Goal(figure=f"times_{peer}_{name}", value=value))
    if len(grown) == 2:
        few, many = (max(own[count][f"{name}_mb"] for name, _ in PASSES) for count in grown)
        figures["memory_growth"] = many / few
        goals.append(Goal(figure="memory_growth", value=1.15, at_most=True))
    return Report(name="poll", tables=[_speed(own, others, base), _cost(own)], figures=figures, goals=goals)


def _numbers(option: str) -> list[int]:
    return [int(number) for number in option.split(",") if number]


def _slugline(count: int) -> dict[str, float]:
    with _outlets(count) as port, tempfile.TemporaryDirectory() as folder:
        arguments = [sys.executable, "-m", "tests.bench.polling", str(port), str(count), folder]
        done = subprocess.run(arguments, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(done.stderr[-2000:])
        figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
        return figures


def _peers(count: int) -> dict[str, dict[str, float]]:
    measured: dict[str, dict[str, float]] = {}
    for peer, prepare in PEERS.items():
        with _outlets(count) as port, tempfile.TemporaryDirectory() as folder:
            passes = prepare(port, count, Path(folder))
            if not passes:
                continue
            measured[peer] = {}
            for name, percent in PASSES:
                if name not in passes:
                    continue
                if percent is not None:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/turn/{percent}")
                measured[peer][name] = passes[name]()
    return measured


@contextmanager
def _outlets(count: int) -> Iterator[int]:
    """A server of that many feeds; its port."""
    server = subprocess.Popen([sys.executable, "-m", "tests.bench.outlets", str(count)], stdout=subprocess.PIPE)
    try:
        assert server.stdout is not None
        yield int(server.stdout.readline())
    finally:
        server.terminate()
        server.wait()


def _speed(own: Mapping[int, Mapping[str, float]], others: Mapping[str, Mapping[str, float]], base: int) -> Table:
    rows: list[list[str | float]] = [
        [f"Slugline, {count} feeds", *(_seconds(run.get(f"{name}_s")) for name, _ in PASSES)]
        for count, run in own.items()
    ]
    rows += [
        [f"{peer}, {base} feeds", *(_seconds(run.get(name)) for name, _ in PASSES)] for peer, run in others.items()
    ]
    return Table(
        title="Seconds for all feeds (30 entries and 110 kB each)",
        columns=["", "first pass", "30 % changed", "nothing changed"],
        rows=rows,
    )


def _cost(own: Mapping[int, Mapping[str, float]]) -> Table:
    return Table(
        title="What it costs",
        columns=[
            "feeds",
            "processor s, first",
            "changed",
            "unchanged",
            "loop busy ms",
            "late ms",
            "resident MB",
            "articles",
        ],
        rows=[
            [
                str(count),
                *(_seconds(run[f"{name}_cpu_s"]) for name, _ in PASSES),
                f"{max(run[f'{name}_stall_ms'] for name, _ in PASSES):.0f}",
                f"{max(run[f'{name}_late_ms'] for name, _ in PASSES):.0f}",
                f"{max(run[f'{name}_mb'] for name, _ in PASSES):.0f}",
                f"{run['unchanged_articles']:.0f}",
            ]
            for count, run in own.items()
        ],
    )


def _seconds(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"
