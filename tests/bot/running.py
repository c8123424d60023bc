"""Starts the real assistant for tests: trained model, Rasa, action server, fake intake."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.bot.fake_intake import TOKEN, FakeIntake, start

ROOT = Path(__file__).parents[2]
BIN = ROOT / ".venv-bot" / "bin"
MODELS = ROOT / "var" / "models" / "rasa"
_INPUTS = ("bot/**/*.yml", "bot/components/*.py", "data/nlu/*.yml", "data/feedback/*.yml")
_QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "OMP_NUM_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "PYTHONWARNINGS": "ignore",
}


def newest_model() -> Path:
    """The newest model; trains one when there is none newer than its inputs."""
    models = sorted(MODELS.glob("*.tar.gz"), key=lambda p: p.stat().st_mtime)
    changed = max(p.stat().st_mtime for pattern in _INPUTS for p in ROOT.glob(pattern))
    keep = os.environ.get("LANGNGHE_TEST_MODEL") == "keep"
    if models and (keep or models[-1].stat().st_mtime >= changed):
        return models[-1]
    command = [BIN / "rasa", "train", "--config", "bot/config.yml", "--domain", "bot/domain"]
    command += ["--data", "data/nlu", "bot/rules", "bot/stories", "--out", MODELS]
    command += ["--skip-validation"]
    subprocess.run(command, cwd=ROOT, env={**os.environ, **_QUIET}, check=True)
    return max(MODELS.glob("*.tar.gz"), key=lambda p: p.stat().st_mtime)


def _free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(600):
        if process.poll() is not None:
            raise RuntimeError(f"{url} died:\n{log.read_text(errors='replace')[-3000:]}")
        with contextlib.suppress(OSError):
            urllib.request.urlopen(url, timeout=1)  # noqa: S310 - loopback
            return
        time.sleep(0.1)
    raise RuntimeError(f"{url} did not start:\n{log.read_text(errors='replace')[-3000:]}")


class Assistant:
    """Talks to Rasa's REST channel as the intake does."""

    def __init__(self, rasa_url: str, intake: FakeIntake, log: Path) -> None:
        self.url = rasa_url + "/webhooks/rest/webhook"
        self.intake = intake
        self.log = log
        self._message_id = 0

    def say(self, sender: str, text: str, **metadata: Any) -> list[dict[str, Any]]:
        """Send one message and return Rasa's answers."""
        self._message_id += 1
        facts = {"channel": "web", "message_id": self._message_id, "danger": False}
        content = {"sender": sender, "message": text, "metadata": {**facts, **metadata}}
        request = urllib.request.Request(  # noqa: S310 - our own loopback address
            self.url, json.dumps(content).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=30) as reply:  # noqa: S310
            return json.loads(reply.read())


@contextlib.contextmanager
def assistant(folder: Path) -> Iterator[Assistant]:
    """Everything running on free loopback ports; stopped by process id at the end."""
    model = newest_model()
    intake, server = start()
    actions_port, rasa_port = _free_port(), _free_port()
    env = {
        **os.environ,
        **_QUIET,
        "LANGNGHE_INTAKE_URL": intake.base,
        "LANGNGHE_BOT_TOKEN": TOKEN,
        "ACTIONS_URL": f"http://127.0.0.1:{actions_port}/webhook",
        "RASA_TRACKER_URL": f"sqlite:///{folder / 'rasa.db'}",
    }
    commands = {
        f"http://127.0.0.1:{actions_port}/health": [
            BIN / "python", "-m", "actions.server", "--port", str(actions_port)
        ],
        f"http://127.0.0.1:{rasa_port}/": [
            BIN / "rasa", "run", "-m", model, "--endpoints", "bot/endpoints.yml",
            "--credentials", "bot/credentials.yml", "-i", "127.0.0.1", "-p", str(rasa_port),
        ],
    }  # fmt: skip
    running = []
    try:
        for number, (url, command) in enumerate(commands.items()):
            log = folder / f"{number}.log"
            with log.open("wb") as out:
                process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=out, stderr=out)
            running.append((url, process, log))
        for url, process, log in running:
            _wait(url, process, log)
        yield Assistant(f"http://127.0.0.1:{rasa_port}", intake, running[-1][2])
    finally:
        for _, process, _ in running:
            process.terminate()
        for _, process, _ in running:
            process.wait(timeout=20)
        server.shutdown()
