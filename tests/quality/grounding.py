"""The grounding check against human labels, a balanced accuracy a set.

`partial` and `questionable` are left out; `doubtful` counts as not supported, since such a claim is not shown. The
check has no fitted weights. Its word lists and thresholds were set looking at the even half of the documents (by
hash) of the sets; the odd half is reported beside it. The baseline calls a claim supported where 75 % of its words
are in the source.
"""

from __future__ import annotations

import json
import zlib
from collections import defaultdict
from typing import Any

from bot.core.desk.grounding import check
from bot.core.desk.wording import coverage, stems
from tests.quality.report import Goal, Report, Table
from tests.shared import SHARED

GOALS = (Goal(figure="summedits_news", value=0.65), Goal(figure="average", value=0.66))
BASELINE = 0.75


def measure() -> Report:
    rows = [row for row in _labelled() if row["label"] in ("supported", "unsupported")]
    judged: dict[str, list[tuple[bool, bool, bool, bool]]] = defaultdict(list)
    edits: dict[str, list[bool]] = defaultdict(list)
    for row in rows:
        truth = row["label"] == "supported"
        said = check(row["claim"], [row["source"]]).verdict == "supported"
        plain = coverage(stems(row["claim"]), set(stems(row["source"]))) >= BASELINE
        odd = bool(zlib.crc32(str(row.get("doc_group") or row["id"]).encode()) % 2)
        judged[row["dataset"]].append((truth, said, plain, odd))
        kinds = (row.get("extra") or {}).get("edit_types") or []
        if not truth and len(kinds) == 1:
            edits[kinds[0]].append(not said)
    lines: list[tuple[str | float, ...]] = []
    figures: dict[str, float] = {}
    for name, verdicts in sorted(judged.items()):
        if len({truth for truth, *_ in verdicts}) < 2:
            lines.append((name, len(verdicts), "-", "-", "-", _share([said for _, said, _, _ in verdicts]), "-"))
            continue
        figures[name] = _balanced([(truth, said) for truth, said, _, _ in verdicts])
        unseen = _balanced([(truth, said) for truth, said, _, odd in verdicts if odd])
        baseline = _balanced([(truth, plain) for truth, _, plain, _ in verdicts])
        yes = _share([said for truth, said, _, _ in verdicts if truth])
        no = _share([not said for truth, said, _, _ in verdicts if not truth])
        lines.append((name, len(verdicts), baseline, figures[name], unseen, yes, no))
    figures["average"] = sum(figures.values()) / len(figures)
    lines.append(("average", "", "", figures["average"], "", "", ""))
    return Report(
        name="grounding",
        tables=[
            Table(
                title="Grounding: balanced accuracy",
                columns=("set", "pairs", "word overlap", "check", "odd half", "supported kept", "unsupported caught"),
                rows=lines,
            ),
            Table(
                title="Caught by kind of edit (SummEdits, claims with one kind)",
                columns=("edit", "claims", "caught"),
                rows=[(kind, len(caught), _share(caught)) for kind, caught in sorted(edits.items())],
            ),
        ],
        figures=figures,
        goals=GOALS,
    )


def _labelled() -> list[dict[str, Any]]:
    with (SHARED / "data/grounding/grounding_pairs.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _share(hits: list[bool]) -> float:
    return sum(hits) / len(hits) if hits else 0.0


def _balanced(pairs: list[tuple[bool, bool]]) -> float:
    yes = [said for truth, said in pairs if truth]
    no = [not said for truth, said in pairs if not truth]
    return (_share(yes) + _share(no)) / 2
