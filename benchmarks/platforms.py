"""Intake and jobs as in ``./dev up``, between simulated platforms and a stand-in assistant.

The assistant here only repeats what it was told, as slowly as wanted, so that what is measured is
the way through the channels; it keeps a tracker as Rasa does.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.serving import (
    Program,
    commands,
    environment,
    free_ports,
    langnghe,
    start,
    wait,
)
from intake_api.channels.meta_twin import MetaTwin
from intake_api.channels.twin_http import JsonHandler, Server
from intake_api.channels.zalo_twin import ZaloTwin

NUMBER = re.compile(r"số (\d+) ")


class Repeater:
    """Stands where Rasa stands."""

    def __init__(self) -> None:
        self.delay, self.down = 0.0, False
        # Messages with these words keep the assistant busy for so long.
        self.slow: dict[str, float] = {}
        self.said: dict[str, list[tuple[int, str]]] = {}
        repeater = self

        class Handler(JsonHandler):
            def do_GET(self) -> None:
                if repeater.down:
                    self.answer(503, {})
                    return
                sender = self.path.removeprefix("/conversations/").removesuffix("/tracker")
                self.answer(200, {"events": repeater.events(sender)})

            def do_POST(self) -> None:
                body = self.json_body()
                time.sleep(repeater.time_for(body["message"]))
                if repeater.down:
                    self.answer(503, {})
                    return
                self.answer(200, repeater.turn(body))

        self._server = Server(Handler, 0)
        self.port = self._server.port

    def time_for(self, text: str) -> float:
        return max([self.delay, *(took for word, took in self.slow.items() if word in text)])

    def turn(self, body: dict[str, Any]) -> list[dict[str, str]]:
        text = f"Trả lời: {body['message']}"
        number = int(body["metadata"]["message_id"])
        self.said.setdefault(body["sender"], []).append((number, text))
        return [{"recipient_id": body["sender"], "text": text}]

    def events(self, sender: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for number, text in list(self.said.get(sender, [])):
            found.append({"event": "user", "metadata": {"message_id": number}})
            found.append({"event": "bot", "text": text, "data": {}})
        return found

    def close(self) -> None:
        self._server.stop()


@dataclass
class Setting:
    """Everything that runs; programs can be killed and started again."""

    folder: Path
    database: str
    meta: MetaTwin
    zalo: ZaloTwin
    assistant: Repeater
    ports: tuple[int, int, int]
    env: dict[str, str]
    programs: dict[str, Program] = field(default_factory=dict)
    kills: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self, *names: str) -> None:
        lines = commands(self.ports, self.database)
        for name in names:
            self.programs[name] = start(name, lines[name], self.env, self.folder)
        if "intake" in names:
            wait(self.programs["intake"], self.ports[0], "/")

    def kill(self, *names: str) -> None:
        """kill -9, then a start, as whoever watches over it would do."""
        with self.lock:
            for name in names:
                for pid in self.programs[name].pids():
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
                self.programs[name].process.wait(timeout=10)
                self.kills += 1
            self.start(*names)

    def stop(self) -> None:
        for program in self.programs.values():
            program.stop()


@contextlib.contextmanager
def running(folder: Path) -> Iterator[Setting]:
    """Starts everything in ``folder``; ends what it started."""
    database = f"sqlite:///{folder / 'langnghe.db'}"
    with contextlib.ExitStack() as stack:
        assistant = Repeater()
        stack.callback(assistant.close)
        (port,) = free_ports(1)
        meta = stack.enter_context(
            MetaTwin(
                page_token="bench-token", app_secret="bench-secret", verify_token="v",
                webhook=f"http://127.0.0.1:{port}/webhooks/messenger", echo_sends=True,
            )
        )  # fmt: skip
        zalo = stack.enter_context(
            ZaloTwin(
                # Without echoes, which only Meta is documented to send: here doubt remains doubt.
                oa_secret="bench-oa", webhook=f"http://127.0.0.1:{port}/webhooks/zalo",
            )
        )  # fmt: skip
        ports = (port, assistant.port, assistant.port)
        env = environment(ports, folder, database)
        env.update(
            zalo.settings,
            LANGNGHE_MESSENGER_PAGE_ID=meta.page_id,
            LANGNGHE_MESSENGER_APP_ID=str(meta.app_id),
            LANGNGHE_MESSENGER_APP_SECRET=meta.app_secret,
            LANGNGHE_MESSENGER_VERIFY_TOKEN=meta.verify_token,
            LANGNGHE_MESSENGER_PAGE_TOKEN=meta.page_token,
            LANGNGHE_MESSENGER_GRAPH_URL=meta.graph_url,
            LANGNGHE_SEND_LIMITS=json.dumps({"messenger": "500/second", "zalo": "500/second"}),
        )
        langnghe(env, "migrate")
        setting = Setting(folder, database, meta, zalo, assistant, ports, env)
        stack.callback(setting.stop)
        setting.start("intake", "jobs")
        yield setting


def answered(texts: list[str]) -> list[int]:
    """The numbers of the questions that these texts answer, in order."""
    found = (NUMBER.search(text) for text in texts if text.startswith("Trả lời: "))
    return [int(one[1]) for one in found if one]
