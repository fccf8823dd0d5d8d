"""The container's own commands, run without a container: no engine is at hand where these tests run.

What `Dockerfile` and `compose.yaml` say is read from them: the installation into an environment of its own, the command
that starts, the one that asks whether it is well, the signal that stops it. Only places differ: `/opt/slugline` and
`/data` are folders of the test, and the port is a free one.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sysconfig
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import ROLES
from tests.e2e.program import PATIENCE, ROOT
from tests.e2e.test_stopping import EMPTY_FEED

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if "build" in service}
PORT = "8080"


@dataclass(frozen=True, slots=True)
class Instruction:
    name: str
    text: str

    @property
    def words(self) -> Sequence[str]:
        """Of an instruction in its exec form, or split as a shell would."""
        return json.loads(self.text) if self.text.startswith("[") else shlex.split(self.text)


def read_dockerfile() -> list[list[Instruction]]:
    """Its stages."""
    lines = [
        line for line in (ROOT / "Dockerfile").read_text("utf-8").splitlines() if not line.lstrip().startswith("#")
    ]
    stages: list[list[Instruction]] = []
    for line in "\n".join(lines).replace("\\\n", " ").splitlines():
        if line.strip():
            name, _, text = line.strip().partition(" ")
            if name == "FROM":
                stages.append([])
            stages[-1].append(Instruction(name, " ".join(text.split())))
    return stages


BUILD, FINAL = read_dockerfile()


def only(name: str, stage: Sequence[Instruction] = FINAL) -> Instruction:
    (found,) = (each for each in stage if each.name == name)
    return found


def environment() -> dict[str, str]:
    return dict(word.split("=", 1) for each in FINAL if each.name == "ENV" for word in each.words)


def health() -> list[str]:
    options, _, command = only("HEALTHCHECK").text.partition("CMD ")
    assert "--start-period" in options
    return list(Instruction("CMD", command).words)


# --- what can be seen by reading ----------------------------------------------------------------------------


def test_images_are_named_with_a_version() -> None:
    named = [each.text.split()[0] for stage in (BUILD, FINAL) for each in stage if each.name == "FROM"]
    named += [service["image"] for service in SERVICES.values() if "build" not in service]
    for image in named:
        assert re.search(r":(?!latest)\S*\d", image), image


def test_it_runs_as_nobody_and_holds_no_secret() -> None:
    user = only("USER").text
    assert user not in ("root", "0")
    made = next(each for each in FINAL if each.name == "RUN")
    assert re.search(rf"useradd .*--uid 1\d{{4}}\b.* {user}\b", made.text)
    names = [each.name for each in FINAL]
    assert max(at for at, name in enumerate(names) if name in ("RUN", "COPY")) < names.index("USER")
    for stage in (BUILD, FINAL):
        for each in stage:
            assert each.name not in ("ADD", "ARG"), "only what is copied by name"
            assert not re.search(r"TOKEN|PASSWORD|SECRET|_KEY", each.text)


def test_it_starts_without_a_shell_and_writes_to_one_place() -> None:
    assert only("CMD").text.startswith("[")
    assert "CMD [" in only("HEALTHCHECK").text
    assert only("STOPSIGNAL").text == "SIGTERM"
    said = environment()
    assert said["SLUGLINE_DATA_DIR"] == only("VOLUME").text == "/data"
    assert said["SLUGLINE_WEB"].endswith(f":{only('EXPOSE').text}")
    assert said["HOME"] == "/tmp"


def test_what_is_copied_is_there_and_nothing_else_goes_to_the_builder() -> None:
    copied = [word for each in BUILD if each.name == "COPY" for word in each.words[:-1]]
    assert all((ROOT / name).exists() for name in copied)
    patterns = (ROOT / ".dockerignore").read_text("utf-8").split()
    assert patterns[0] == "*"
    assert {pattern[1:] for pattern in patterns if pattern.startswith("!")} == set(copied)
    packed = set(re.search(r'include = \["(.*?)"\]', (ROOT / "pyproject.toml").read_text("utf-8"))[1].split('*", "'))  # type: ignore[index]
    assert {name.rstrip("*") for name in packed} <= set(copied), "every package is in it"


@pytest.mark.parametrize("name", OURS)
def test_each_of_our_services_has_a_root_it_cannot_write_to_and_time_to_stop(name: str) -> None:
    service = OURS[name]
    assert service["read_only"] is True
    assert "/tmp" in service["tmpfs"]
    assert service["cap_drop"] == ["ALL"]
    assert service["init"] is True, "as process 1 it would not hear a signal before it has begun to listen"
    assert service["stop_signal"] == "SIGTERM"
    assert int(service["stop_grace_period"].removesuffix("s")) > 10
    writable = [each.split(":")[1] for each in service.get("volumes", ())] + [
        each.split(":")[0] for each in service["tmpfs"]
    ]
    assert "/data" in writable
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ())), "nothing is open to the world"
    assert service["profiles"]


def test_the_two_shapes_hold_what_they_should() -> None:
    def of(profile: str) -> set[str]:
        return {name for name, service in SERVICES.items() if profile in service["profiles"]}

    assert of("one-machine") == {"slugline"}
    assert of("postgres") == {"postgres", "work", "web"}
    assert of("discord") == {"postgres", "discord"}
    assert of("slack") == {"postgres", "slack"}
    assert SERVICES["work"]["deploy"]["replicas"] > 1
    for name, service in OURS.items():
        roles = _roles(service["command"])
        assert roles <= set(ROLES)
        assert "web" in roles or not roles, f"{name}: its health is asked over HTTP"
        if name != "slugline":
            assert service["depends_on"]["postgres"]["condition"] == "service_healthy"
            assert service["environment"]["SLUGLINE_DATABASE_URL"].startswith("postgresql+asyncpg://")
    for name, service in SERVICES.items():
        for each in service.get("volumes", ()):
            assert each.split(":")[0] in COMPOSE["volumes"], name


def _roles(command: Sequence[str]) -> set[str]:
    return set(command[command.index("--roles") + 1].split(",")) if "--roles" in command else set()


def test_compose_takes_the_file() -> None:
    docker = shutil.which("docker")
    if docker is None or subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode:
        pytest.skip("docker compose does not answer here")
    for profiles in (["one-machine"], ["postgres", "discord", "slack"]):
        chosen = [word for profile in profiles for word in ("--profile", profile)]
        done = subprocess.run([docker, "compose", *chosen, "config", "-q"], cwd=ROOT, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()


# --- what can be run ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The place of `/opt/slugline` once the build stage has run, from what it copies. Its libraries are those of this
    environment, where the installer finds them there already, of the versions that it is told to want."""
    folder = tmp_path_factory.mktemp("image")
    source, place = folder / "src", folder / "slugline"
    source.mkdir()
    for each in BUILD:
        if each.name == "COPY":
            *names, target = each.words
            for name in names:
                if (ROOT / name).is_dir():
                    ignored = shutil.ignore_patterns("__pycache__")
                    shutil.copytree(ROOT / name, source / target.rstrip("/"), ignore=ignored)
                else:
                    shutil.copy(ROOT / name, source / target)
    offline = {
        "PIP_NO_INDEX": "1",
        "PIP_NO_BUILD_ISOLATION": "0",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_QUIET": "1",
    }
    make, install = only("RUN", BUILD).text.replace("/opt/slugline", str(place)).split(" && ")
    shell(make, source)
    (library,) = place.glob("lib/python*/site-packages")
    for old in library.glob("*setuptools*"):  # where a build has no place of its own it takes what is there
        shutil.rmtree(old)
    (library / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    shell(install, source, offline)
    assert (library / "bot").is_dir(), "it is installed, and not the one that is tested otherwise"
    return place


def shell(command: str, folder: Path, more: Mapping[str, str] | None = None) -> None:
    own = {name: value for name, value in os.environ.items() if not name.startswith(("SLUGLINE_", "PYTHON", "PIP_"))}
    done = subprocess.run(
        ["sh", "-c", command],
        cwd=folder,
        env={**own, **(more or {})},
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, (done.stdout + done.stderr).decode()


@dataclass(frozen=True, slots=True)
class Container:
    """What a container would see of the image and its service, in folders of the test."""

    place: Path
    folder: Path
    port: int
    more: Mapping[str, str]

    @property
    def environment(self) -> dict[str, str]:
        said = {name: self.here(value) for name, value in environment().items()}
        said["PATH"] = said["PATH"].replace("$PATH", os.environ["PATH"])
        # A place that nobody should write to, while /tmp is everybody's.
        return {**said, **self.more, "HOME": str(self.folder / "home")}

    def here(self, said: str) -> str:
        return (
            said.replace("/opt/slugline", str(self.place))
            .replace("/data", str(self.folder / "data"))
            .replace(PORT, str(self.port))
        )

    def command(self, words: Sequence[str]) -> list[str]:
        program, *rest = (self.here(word) for word in words)
        return [str(self.place / "bin" / program), *rest]

    def run(self, words: Sequence[str]) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            self.command(words),
            env=self.environment,
            cwd=self.folder / "data",
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )

    @contextmanager
    def started(self, words: Sequence[str]) -> Iterator[subprocess.Popen[bytes]]:
        with (self.folder / "log").open("wb") as log:
            process = subprocess.Popen(
                self.command(words),
                env=self.environment,
                cwd=self.folder / "data",
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
            )
            try:
                yield process
            finally:
                process.kill()
                process.wait()

    def gets_well(self, process: subprocess.Popen[bytes]) -> None:
        since = time.monotonic()
        while self.run(health()).returncode:
            assert process.poll() is None, (self.folder / "log").read_text()
            assert time.monotonic() - since < PATIENCE, (self.folder / "log").read_text()
            time.sleep(0.1)


def container(place: Path, folder: Path, **more: str) -> Container:
    (folder / "data").mkdir(parents=True)
    (folder / "home").mkdir()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return Container(place, folder, free.getsockname()[1], more)


@pytest.mark.slow
def test_one_machine_is_installed_started_found_well_and_stopped(installed: Path, tmp_path: Path) -> None:
    one = container(installed, tmp_path / "one")
    feed = tmp_path / "quiet.xml"
    feed.write_text(EMPTY_FEED)
    assert one.run(["slugline", "ingest", str(feed)]).returncode == 0
    assert one.run(health()).returncode != 0, "nobody answers yet"
    assert SERVICES["slugline"]["command"] == only("CMD").words
    with one.started(only("CMD").words) as process:
        one.gets_well(process)
        process.send_signal(signal.Signals[only("STOPSIGNAL").text])
        assert process.wait(int(SERVICES["slugline"]["stop_grace_period"].removesuffix("s"))) == 0
    assert [path.name for path in (one.folder / "data").iterdir() if "sqlite" not in path.name] == []
    assert list((one.folder / "home").iterdir()) == [], "nothing is written outside the volume and /tmp"


@pytest.mark.slow
def test_the_shape_on_postgresql_is_started_found_well_and_stopped(
    installed: Path, tmp_path: Path, postgresql_url: str
) -> None:
    """Two that work and one that shows the numbers, with the commands of compose.yaml."""
    (tmp_path / "quiet.xml").write_text(EMPTY_FEED)
    names = ["work", "work", "web"]
    those = [
        container(installed, tmp_path / f"{name}-{number}", SLUGLINE_DATABASE_URL=postgresql_url)
        for number, name in enumerate(names)
    ]
    assert those[0].run(["slugline", "ingest", str(tmp_path / "quiet.xml")]).returncode == 0
    commands = [SERVICES[name]["command"] for name in names]
    with (
        those[0].started(commands[0]) as first,
        those[1].started(commands[1]) as second,
        those[2].started(commands[2]) as third,
    ):
        for each, process in zip(those, (first, second, third), strict=True):
            each.gets_well(process)
        doctor = those[0].run(["slugline", "doctor"]).stdout.decode()
        assert "2 with web, work" in doctor
        assert "1 with web (" in doctor
        for process in (first, second, third):
            process.send_signal(signal.SIGTERM)
        assert [process.wait(20) for process in (first, second, third)] == [0, 0, 0]
    assert [list((each.folder / "data").iterdir()) for each in those] == [[], [], []]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "setting"), [("discord", "SLUGLINE_DISCORD_TOKEN"), ("slack", "SLUGLINE_SLACK_")])
def test_a_platform_without_its_token_is_refused_with_what_is_missing(
    installed: Path, tmp_path: Path, name: str, setting: str
) -> None:
    one = container(installed, tmp_path / "one")
    done = one.run(SERVICES[name]["command"])
    assert done.returncode == 2
    assert done.stderr.decode().startswith(f"slugline: {setting}")
