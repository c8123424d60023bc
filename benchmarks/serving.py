"""Starts what a measurement needs on free loopback ports, and stops it by its process id.

Each program runs in a session of its own, so its children are found and ended with it.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import httpx
import sqlalchemy as sa
from rich.console import Console

from intake_api.settings import ROOT

HOST = "127.0.0.1"
START_SECONDS = 120
STOP_SECONDS = 15
_TICKS = os.sysconf("SC_CLK_TCK")
_LISTENS = "0A"


class BenchProblem(RuntimeError):
    """A measurement cannot be made; one sentence says why."""


def running() -> ModuleType:
    """``devtools/running.py``: what ``./dev up`` starts, so that the same thing is measured."""
    folder = str(ROOT / "devtools")
    if folder not in sys.path:
        sys.path.append(folder)
    import running as found  # type: ignore[import-not-found]

    return found  # type: ignore[no-any-return]


def free_ports(count: int) -> tuple[int, ...]:
    """Ports that nobody listens on; all are held until the last is known, so they differ."""
    with contextlib.ExitStack() as probes:
        held = [probes.enter_context(socket.socket()) for _ in range(count)]
        for probe in held:
            probe.bind((HOST, 0))
        return tuple(int(probe.getsockname()[1]) for probe in held)


def require_free(port: int) -> None:
    """Raises BenchProblem when something listens already: it would be measured instead."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            raise BenchProblem(f"port {port} is taken by something else") from None


@dataclass
class Program:
    """One program that was started, with everything it starts itself."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def pids(self) -> list[int]:
        """All processes of its session that are alive."""
        return [pid for pid in _all_pids() if _session(pid) == self.process.pid]

    def cpu(self) -> float:
        """Seconds of CPU its processes have used so far, children that ended included."""
        return sum(_cpu(pid) for pid in self.pids())

    def pss(self) -> int:
        """Resident bytes, pages shared with other processes counted in part."""
        return sum(_pss(pid) for pid in self.pids())

    def owns(self, port: int) -> bool:
        """True when one of its processes listens on ``port``: nobody else answers there."""
        inodes = _listeners(port)
        for pid in self.pids():
            with contextlib.suppress(OSError):
                for number in os.listdir(f"/proc/{pid}/fd"):
                    with contextlib.suppress(OSError):
                        if os.readlink(f"/proc/{pid}/fd/{number}") in inodes:
                            return True
        return False

    def tail(self) -> str:
        """The end of its log."""
        return self.log.read_text(errors="replace")[-1500:]

    def stop(self) -> None:
        """Ends it politely, then firmly; never waits longer than STOP_SECONDS."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout=STOP_SECONDS)
        for pid in self.pids():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def start(name: str, command: list[str], env: Mapping[str, str], folder: Path) -> Program:
    """Starts one program with its log in ``folder``."""
    log = folder / f"{name}.log"
    with log.open("ab") as out:
        process = subprocess.Popen(
            command, cwd=ROOT, env=dict(env), stdin=subprocess.DEVNULL, stdout=out, stderr=out,
            start_new_session=True,
        )  # fmt: skip
    return Program(name, process, log)


def wait(program: Program, port: int, path: str) -> None:
    """Waits until it answers on ``port`` and is the one that listens there."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if program.process.poll() is not None:
            raise BenchProblem(f"{program.name} ended by itself:\n{program.tail()}")
        with contextlib.suppress(httpx.HTTPError):
            url = f"http://{HOST}:{port}{path}"
            if httpx.get(url, timeout=2, trust_env=False).status_code < 500:
                if not program.owns(port):
                    raise BenchProblem(f"port {port} is answered by another than {program.name}")
                return
        time.sleep(0.2)
    raise BenchProblem(f"{program.name} is silent after {START_SECONDS} s:\n{program.tail()}")


@contextlib.contextmanager
def stopping(programs: list[Program]) -> Iterator[list[Program]]:
    """Stops every program of the list at the end, whatever happens."""
    try:
        yield programs
    finally:
        for program in reversed(programs):
            program.stop()


# ------------------------------------------------------------------ what the programs run on


def environment(ports: tuple[int, int, int], folder: Path, database: str) -> dict[str, str]:
    """What ``./dev up`` tells the processes, on data of this measurement alone."""
    told: dict[str, str] = running().environment(ports, secrets.token_urlsafe(9))
    for name in ("RASA_DB_URL", "RASA_TRACKER_URL", "LANGNGHE_TRACKER_URL"):
        told[name] = f"sqlite:///{folder / 'rasa.db'}"
    base = f"http://{HOST}:{ports[0]}"
    told.update(
        LANGNGHE_ENVIRONMENT="development",
        LANGNGHE_DATABASE_URL=database,
        LANGNGHE_QUEUE_URL=f"sqlite:///{folder / 'queue.db'}",
        LANGNGHE_PUBLIC_URL=base,
        LANGNGHE_INTAKE_URL=base,
        LANGNGHE_RASA_URL=f"http://{HOST}:{ports[1]}",
        # As behind a reverse proxy: each visitor has an address, so the chat's limits apply
        # to each as they do in production.
        LANGNGHE_TRUSTED_PROXIES="1",
        LANGNGHE_API_LIMIT="1000000/minute",
    )
    told.pop("LANGNGHE_NOW", None)
    return told


def commands(ports: tuple[int, int, int], database: str) -> dict[str, list[str]]:
    """The command lines of the processes of ``./dev up``, by name."""
    found: dict[str, str] = running().programs(ports, database)
    return {name: shlex.split(command) for name, command in found.items()}


def langnghe(env: Mapping[str, str], *arguments: str) -> None:
    """Runs the command line; raises BenchProblem with what it said."""
    command = [str(ROOT / ".venv" / "bin" / "langnghe"), *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env=dict(env), capture_output=True, text=True, timeout=120, check=False
    )
    if done.returncode:
        raise BenchProblem(f"langnghe {' '.join(arguments)}: {done.stderr[-800:]}")


@contextlib.contextmanager
def databases(
    console: Console, names: tuple[str, ...] = ("intake",)
) -> Iterator[tuple[Path, dict[str, list[str]]]]:
    """A folder of this measurement and, by title, addresses of one empty database for each name:
    on SQLite in that folder, and on PostgreSQL where a server is named."""
    server = os.environ.get("LANGNGHE_TEST_POSTGRES_URL")
    with tempfile.TemporaryDirectory(prefix="langnghe-bench-") as made, contextlib.ExitStack() as s:
        folder = Path(made)
        urls = {"SQLite": [f"sqlite:///{folder / name}.db" for name in names]}
        if server:
            urls["PostgreSQL"] = [s.enter_context(postgres_database(server)) for _ in names]
        else:
            console.print("LEFT OUT  PostgreSQL: LANGNGHE_TEST_POSTGRES_URL is not set")
        yield folder, urls


@contextlib.contextmanager
def postgres_database(server: str) -> Iterator[str]:
    """A database of its own on the server, dropped afterwards."""
    name = f"bench_{os.getpid()}_{secrets.token_hex(3)}"
    admin = sa.create_engine(
        server.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT"
    )
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    try:
        yield server.rsplit("/", 1)[0] + f"/{name}"
    finally:
        with admin.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        admin.dispose()


# ------------------------------------------------------------------ /proc


def _all_pids() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def _stat(pid: int) -> list[str]:
    try:
        text = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    except OSError:
        return []
    # The program's name stands in brackets and may hold spaces: count from behind it.
    return text.rsplit(")", 1)[1].split()


def _session(pid: int) -> int:
    found = _stat(pid)
    return int(found[3]) if found else -1


def _cpu(pid: int) -> float:
    found = _stat(pid)
    return sum(int(ticks) for ticks in found[11:15]) / _TICKS if found else 0.0


def _pss(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


def _listeners(port: int) -> set[str]:
    found = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with contextlib.suppress(OSError):
            for line in Path(table).read_text().splitlines()[1:]:
                part = line.split()
                if part[3] == _LISTENS and int(part[1].rsplit(":", 1)[1], 16) == port:
                    found.add(f"socket:[{part[9]}]")
    return found
