"""Load in a process of its own: ``python -m benchmarks.load`` reads a task on standard input.

``post`` sends bodies over kept connections with ``http.client``: on two cores a heavier client
(httpx takes about 0.4 ms a request) would slow the bare route more than the one it is compared
with. ``visit`` plays whole visits to the chat as a browser does, over httpx.
"""

from __future__ import annotations

import http.client
import json
import re
import sys
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import httpx

from benchmarks import desk

_TIMEOUT = 30.0
TOKEN = re.compile(r'data-token="([^"]+)"')

# One visit: a greeting, two questions, a complaint carried through the form, thanks.
VISIT = (
    ("greeting", "Chào Sở ạ"),
    ("question", "nam 2025 thi tot nghiep may mon"),
    ("question", "Học thêm trong trường có phải đóng tiền không?"),
    ("complaint", "truong THCS Tran Phu Phu Ly thu quy lop 500 nghin ma khong co phieu thu"),
    ("form", "ẩn danh"),
    ("form", "đúng rồi"),
    ("thanks", "cảm ơn nhé"),
)


@dataclass
class Tally:
    """What came back, of all that began after ``opens`` (a moment of ``time.monotonic``)."""

    opens: float = 0.0
    statuses: Counter[str] = field(default_factory=Counter)
    seconds: list[tuple[str, float]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, what: str, status: str, seconds: float) -> None:
        if time.monotonic() - seconds < self.opens:
            return
        with self.lock:
            self.statuses[status] += 1
            if status.startswith("2"):
                self.seconds.append((what, seconds))


def post(task: dict[str, Any], number: int, end: float, tally: Tally) -> None:
    """Posts one body after the other, each with a key of its own, until ``end``."""
    bodies = [body.encode() for body in task["bodies"]]
    host, port, path = task["host"], task["port"], task["path"]
    connection = http.client.HTTPConnection(host, port, timeout=_TIMEOUT)
    turn = number * 7919  # threads do not send the same text at the same moment
    while time.monotonic() < end:
        headers = {"Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4())}
        started = time.perf_counter()
        try:
            connection.request("POST", path, bodies[turn % len(bodies)], headers)
            answer = connection.getresponse()
            answer.read()
            status = str(answer.status)
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            status = type(error).__name__
        tally.add("post", status, time.perf_counter() - started)
        turn += 1
        if task.get("once"):
            connection.close()
            return


def pace(task: dict[str, Any], number: int, end: float, tally: Tally) -> None:
    """Posts ``per_second`` bodies a second, all threads together, whatever the answers take."""
    every = task["threads"] / task["per_second"]
    started, sent = time.monotonic() + number * every / task["threads"], 0
    while (due := started + sent * every) < end:
        time.sleep(max(0.0, due - time.monotonic()))
        post({**task, "once": True}, number + sent, end, tally)
        sent += 1


def visit(task: dict[str, Any], number: int, end: float, tally: Tally) -> None:
    """Plays visits until ``end``; each is a new browser at a new address."""
    count = 0
    while time.monotonic() < end:
        count += 1
        address = f"10.{number}.{count // 250}.{count % 250 + 1}"
        with httpx.Client(
            base_url=f"http://{task['host']}:{task['port']}", timeout=_TIMEOUT, trust_env=False,
            headers={"X-Forwarded-For": address},
        ) as browser:  # fmt: skip
            found = TOKEN.search(browser.get("/tro-chuyen").text)
            if found is None:
                tally.add("page", "no name for the conversation", 0.0)
                return
            _talk(browser, found[1], end, tally)


def _talk(browser: httpx.Client, token: str, end: float, tally: Tally) -> None:
    after = 0
    for what, text in VISIT:
        if time.monotonic() >= end:
            return
        body = {"text": text, "payload": None, "client_id": str(uuid.uuid4()), "after": after}
        started = time.perf_counter()
        try:
            answer = browser.post("/tro-chuyen/tin", json=body, headers={"X-Langnghe-Chat": token})
        except httpx.HTTPError as error:
            tally.add(what, type(error).__name__, 0.0)
            return
        seconds = time.perf_counter() - started
        status = str(answer.status_code)
        if status == "200":
            said = answer.json()
            after = max([after, *(message["id"] for message in said["messages"])])
            if said["pending"] or not any(m["author"] == "bot" for m in said["messages"]):
                status = "no answer of the assistant"
        tally.add(what, status, seconds)


def main() -> int:
    """Runs the task and prints its outcome as one JSON object."""
    task = json.load(sys.stdin)
    # Signing in is dear on purpose (argon2): who measures pages lets everybody sign in before.
    tally = Tally(opens=time.monotonic() + task.get("lead", 0.0))
    work = {
        "post": post,
        "pace": pace,
        "visit": visit,
        "desk": desk.work,
        "figures": desk.read_figures,
    }[task["do"]]
    started, cpu = time.monotonic(), time.process_time()
    end = started + task["seconds"]
    threads = [
        threading.Thread(target=work, args=(task, number, end, tally), daemon=True)
        for number in range(task["threads"])
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=task["seconds"] + _TIMEOUT + 5)
    json.dump(
        {
            "elapsed": time.monotonic() - started,
            "client_cpu": time.process_time() - cpu,
            "statuses": tally.statuses,
            "seconds": tally.seconds,
        },
        sys.stdout,
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
