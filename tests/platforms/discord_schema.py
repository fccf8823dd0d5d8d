"""What was asked of our Discord, held to the interface description that Discord publishes, where it is at hand."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from tests.platforms.discord_wire import Asked

NAME = "urn:discord"


def check(asked: Iterable[Asked], description: Path) -> set[str]:
    """Every request with a body; "METHOD /path" of those that were checked. Raises AssertionError for the first that is
    not as described, with where."""
    checked = set()
    for each in asked:
        if each.body is None:
            continue
        path = _path(each.path, description)
        validator = _validator(each.method, path, description)
        fault = best_match(validator.iter_errors(_as_described(each.body)))
        assert fault is None, f"{each.method} {each.path}: {fault.json_path}: {fault.message[:500]}"
        checked.add(f"{each.method} {path}")
    return checked


@cache
def _described(description: Path) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(description.read_text("utf-8"))
    return found


def _as_described(body: Any) -> Any:
    """Permissions are strings in Discord's documentation and in what it answers, which is what clients send; its
    description of what it takes has them as numbers."""
    if isinstance(body, list):
        return [_as_described(each) for each in body]
    if isinstance(body, dict) and isinstance(body.get("default_member_permissions"), str):
        return {**body, "default_member_permissions": int(body["default_member_permissions"])}
    return body


def _path(path: str, description: Path) -> str:
    for each in _described(description)["paths"]:
        if re.fullmatch(re.sub(r"\\\{[^}]+\\\}", "[^/]+", re.escape(each)), path):
            return str(each)
    raise AssertionError(f"Discord describes no {path}")


@cache
def _validator(method: str, path: str, description: Path) -> Draft202012Validator:
    described = _described(description)
    schema = described["paths"][path][method.lower()]["requestBody"]["content"]["application/json"]["schema"]
    resource = Resource.from_contents(described, default_specification=DRAFT202012)
    rooted = json.loads(json.dumps(schema).replace('"#/', f'"{NAME}#/'))
    return Draft202012Validator(rooted, registry=Registry().with_resource(NAME, resource))
