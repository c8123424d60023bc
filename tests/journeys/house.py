"""The whole system on free loopback ports: intake, jobs, Rasa, actions, and Meta's twin.

The same programs that ``./dev up`` starts, each in a process of its own, so that a test can kill
one and start it again. Everything that was started ends with the house.
"""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from cryptography.fernet import Fernet

from intake_api.channels.meta_twin import MetaTwin
from intake_api.settings import ROOT

HOST = "127.0.0.1"
PASSWORD = "mat-khau-thu-nghiem"
START_SECONDS = 120


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def until(check: Callable[[], Any], *, seconds: float = 30, what: str = "it") -> Any:
    """Waits for a true value and returns it; fails loudly when it does not come."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = check()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"{what} did not come within {seconds:.0f} s")


@dataclass
class House:
    """One running system in a folder of its own."""

    folder: Path
    twin: MetaTwin
    ports: dict[str, int] = field(
        default_factory=lambda: {name: free_port() for name in ("intake", "rasa", "actions")}
    )
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    changes: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        intake = f"http://{HOST}:{self.ports['intake']}"
        self.url = intake
        self.env = {
            **os.environ,
            "LANGNGHE_ENVIRONMENT": "test",
            "LANGNGHE_DATABASE_URL": f"sqlite:///{self.folder / 'langnghe.db'}",
            "LANGNGHE_QUEUE_URL": f"sqlite:///{self.folder / 'queue.db'}",
            "LANGNGHE_SECRET_KEY": secrets.token_urlsafe(32),
            "LANGNGHE_SEALING_KEYS": Fernet.generate_key().decode(),
            "LANGNGHE_BOT_TOKEN": secrets.token_urlsafe(32),
            "LANGNGHE_RUN_PASSWORD": PASSWORD,
            "LANGNGHE_PUBLIC_URL": intake,
            "LANGNGHE_INTAKE_URL": intake,
            "LANGNGHE_RASA_URL": f"http://{HOST}:{self.ports['rasa']}",
            "LANGNGHE_MESSENGER_PAGE_ID": self.twin.page_id,
            "LANGNGHE_MESSENGER_APP_ID": str(self.twin.app_id),
            "LANGNGHE_MESSENGER_APP_SECRET": self.twin.app_secret,
            "LANGNGHE_MESSENGER_VERIFY_TOKEN": self.twin.verify_token,
            "LANGNGHE_MESSENGER_PAGE_TOKEN": self.twin.page_token,
            "LANGNGHE_MESSENGER_GRAPH_URL": self.twin.graph_url,
            "ACTIONS_URL": f"http://{HOST}:{self.ports['actions']}/webhook",
            "RASA_TRACKER_URL": f"sqlite:///{self.folder / 'rasa.db'}",
            "LANGNGHE_TRACKER_URL": f"sqlite:///{self.folder / 'rasa.db'}",
            "RASA_TELEMETRY_ENABLED": "false",
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "OMP_NUM_THREADS": "1",
            "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
            "PYTHONWARNINGS": "ignore",
            **self.changes,
        }
        self.twin.webhook = f"{intake}/webhooks/messenger"

    def command(self, name: str) -> list[str]:
        intake, bot = ROOT / ".venv" / "bin", ROOT / ".venv-bot" / "bin"
        model = sorted((ROOT / "var" / "models" / "rasa").glob("*.tar.gz"))[-1]
        return {
            "intake": [
                str(intake / "gunicorn"), "-k", "gthread", "-w", "1", "--threads", "16",
                "-b", f"{HOST}:{self.ports['intake']}", "intake_api.app:create()",
            ],
            "jobs": [str(intake / "langnghe"), "work"],
            "rasa": [
                str(bot / "rasa"), "run", "--enable-api", "-i", HOST, "-p", str(self.ports["rasa"]),
                "--model", str(model), "--endpoints", "bot/endpoints.yml",
                "--credentials", "bot/credentials.yml",
            ],
            "actions": [
                str(bot / "python"), "-m", "actions.server", "--port", str(self.ports["actions"]),
            ],
        }[name]  # fmt: skip

    def start(self, *names: str) -> None:
        """Starts processes and waits until they answer."""
        for name in names:
            log = (self.folder / f"{name}.log").open("ab")
            self.processes[name] = subprocess.Popen(
                self.command(name), cwd=ROOT, env=self.env, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
            log.close()
        for name in names:
            until(lambda name=name: self.answers(name), seconds=START_SECONDS, what=name)

    def answers(self, name: str) -> bool:
        path = {"intake": "/", "rasa": "/status", "actions": "/health"}.get(name)
        assert self.processes[name].poll() is None, f"{name} ended: {self.tail(name)}"
        if path is None:
            return True
        try:
            url = f"http://{HOST}:{self.ports[name]}{path}"
            return httpx.get(url, timeout=2, trust_env=False).status_code < 500
        except httpx.HTTPError:
            return False

    def tail(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")[-1500:]

    def langnghe(self, *arguments: str) -> str:
        """Runs the command line in the house's environment and returns what it printed."""
        return subprocess.run(
            [str(ROOT / ".venv" / "bin" / "langnghe"), *arguments],
            cwd=ROOT, env=self.env, check=True, capture_output=True, text=True,
        ).stdout  # fmt: skip

    def up(self) -> None:
        self.langnghe("migrate")
        self.langnghe("staff", "seed")
        self.start("actions", "rasa", "intake", "jobs")

    def kill(self, name: str, number: int = signal.SIGKILL) -> None:
        """Ends a process and its children at once, as a crash would."""
        process = self.processes[name]
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            return
        if number in (signal.SIGKILL, signal.SIGTERM):
            process.wait(timeout=20)

    def close(self) -> None:
        for name in self.processes:
            self.kill(name, signal.SIGCONT)
            self.kill(name)
        self.twin.close()

    def officer(self, username: str) -> httpx.Client:
        """A signed-in member of staff."""
        client = httpx.Client(base_url=self.url, follow_redirects=True, trust_env=False, timeout=30)
        page = client.get("/can-bo/dang-nhap").text
        answer = client.post(
            "/can-bo/dang-nhap",
            data={
                "csrf_token": field_value(page, "csrf_token"),
                "username": username,
                "password": PASSWORD,
            },
        )
        assert "dang-nhap" not in str(answer.url), "sign-in failed"
        return client

    def reply(self, officer: httpx.Client, code: str, page: str, text: str) -> httpx.Response:
        """What the officer writes goes to the sender of a case, from the case's page."""
        return officer.post(
            f"/can-bo/y-kien/{code}/viec/tra-loi",
            data={
                "csrf_token": field_value(page, "csrf_token"),
                "version": field_value(page, "version"),
                "text": text,
            },
        )


@contextmanager
def opened(folder: Path, changes: dict[str, str] | None = None, **twin: Any) -> Iterator[House]:
    """A house that runs until the block ends; ``twin`` is said to the simulated Meta."""
    meta = MetaTwin(
        page_token="test-page-token", app_secret="test-app-secret", verify_token="v", **twin
    )
    made = House(folder, meta, changes=changes or {})
    try:
        made.up()
        yield made
    finally:
        made.close()


def field_value(page: str, name: str) -> str:
    """The value of a form's field."""
    import re

    for tag in re.findall(r"<input[^>]*>", page):
        if f'name="{name}"' in tag:
            found = re.search(r'value="([^"]*)"', tag)
            return found[1] if found else ""
    raise AssertionError(f"the page has no field {name}")
