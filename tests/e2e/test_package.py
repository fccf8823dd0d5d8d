"""What `pip install` puts on a machine: a wheel with its data and without its tests, and a command that works."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from tests.e2e.program import PATIENCE, ROOT

pytestmark = pytest.mark.slow

KEPT_OUT = ("build", ".git", ".venv", "__pycache__", "*.egg-info", ".mypy_cache", ".pytest_cache", ".ruff_cache")


def run(*command: str | Path, cwd: Path, silent: bool = False) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("SLUGLINE_", "PYTHON"))}
    done = subprocess.run(
        command,
        capture_output=True,
        env={**environment, "HOME": str(cwd), "SLUGLINE_DATA_DIR": str(cwd / "data")},
        cwd=cwd,
        timeout=2 * PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()
    assert not silent or not done.stderr, done.stderr.decode()
    return done.stdout.decode()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy of the tree, without a network: with the build backend that the extra `dev` brings."""
    folder = tmp_path_factory.mktemp("package")
    tree = folder / "tree"
    shutil.copytree(ROOT, tree, ignore=shutil.ignore_patterns(*KEPT_OUT))
    flags = ("--no-deps", "--no-build-isolation", "--no-index", "-q", "-w", str(folder))
    run(sys.executable, "-m", "pip", "wheel", *flags, str(tree), cwd=folder)
    (made,) = folder.glob("slugline-*.whl")
    return made


def test_the_wheel_has_all_code_and_data_and_no_tests(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
    code = [path for package in ("bot", "adapters", "feeds") for path in (ROOT / package).rglob("*") if path.is_file()]
    assert packed == {path.relative_to(ROOT).as_posix() for path in code if "__pycache__" not in path.parts}
    assert any(name.startswith("adapters/storage/migrations/versions/") for name in packed)
    assert any(name.startswith("bot/data/minilm/") for name in packed)


def test_the_installed_command_works_away_from_its_source(wheel: Path, tmp_path: Path) -> None:
    """In a virtual environment of its own that sees this one's libraries, since nothing can be downloaded here."""
    place = tmp_path / "venv"
    venv.create(place, symlinks=True, with_pip=False)
    scripts = place / ("Scripts" if os.name == "nt" else "bin")
    python = scripts / "python"
    own = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=tmp_path).strip())
    run(
        sys.executable, "-m", "pip", "--python", python, "install", "-q", "--no-deps", "--no-index", wheel, cwd=tmp_path
    )
    # After the installation, so that pip sees an empty place; a .pth line adds this environment's libraries behind it.
    (own / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    away = tmp_path / "away"
    away.mkdir()
    where = run(python, "-c", "import bot, adapters, feeds; print(bot.__file__)", cwd=away).strip()
    assert Path(where).is_relative_to(own)
    slugline = scripts / "slugline"
    assert run(slugline, "--version", cwd=away).startswith("slugline 0.")
    assert "Commands:" in run(slugline, "--help", cwd=away)
    assert "database: none yet" in run(slugline, "doctor", cwd=away)
    told = run(slugline, "demo", cwd=away, silent=True)
    assert "In this digest" in told
    assert told.splitlines()[-1] == "All of this is invented. `slugline run` reads real feeds."
    assert list(away.iterdir()) == [], "the demo keeps nothing"
    assert "No feeds yet" in run(slugline, "feeds", "list", cwd=away), "the migrations came along"
