"""Officers at work for the load: each signs in once and reads, page after page, with pauses."""

from __future__ import annotations

import contextlib
import itertools
import random
import re
import time
from collections.abc import Iterator
from html import unescape
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from benchmarks.load import Tally

_TIMEOUT = 30.0
_CSRF = re.compile(r'name="csrf_token" value="([^"]+)"')
_CODE = re.compile(r'data-code="(PA-[0-9A-Z-]+)"')
_NEWS = re.compile(r'data-news-from="([^"]+)"')
VIEWS = ("", "?view=unassigned", "?view=overdue", "?view=today", "?view=waiting", "?kind=criticism")
SEARCHES = (
    "thu quy lop", "hoc phi", "tran phu", "phieu thu", "day them", "bat nat", "0912345", "ngap nuoc"
)  # fmt: skip
# How long an officer looks at a page before the next one.
PAUSE = (1.0, 3.0)


def work(task: dict[str, Any], number: int, end: float, tally: Tally) -> None:
    """One officer: the queue, two cases of it with what stands beside them, a search, news."""
    rng = random.Random(number)
    with _signed_in(task, number, f"10.1.0.{number + 1}") as browser:
        for turn in itertools.count():
            page = _get(browser, "queue", f"/can-bo/{VIEWS[turn % len(VIEWS)]}", end, rng, tally)
            for code in (_CODE.findall(page) or [""])[:2]:
                if code:
                    _get(browser, "case", f"/can-bo/y-kien/{code}", end, rng, tally)
                    _get(browser, "related", f"/can-bo/y-kien/{code}/lien-quan", end, rng, tally)
            query = SEARCHES[rng.randrange(len(SEARCHES))].replace(" ", "+")
            _get(browser, "search", f"/can-bo/?q={query}", end, rng, tally)
            if news := _NEWS.search(page):
                _get(browser, "news", unescape(news[1]), end, rng, tally)
            if time.monotonic() >= end:
                return


# What leaders and leads read of the figures, by name.
FIGURES = {
    "quarter": "", "month": "?period={year}-{month:02d}", "year": "?period={year}",
    "narrowed": "?period={year}&group=dd&channel=web&compare=last_year",
}  # fmt: skip


def read_figures(task: dict[str, Any], number: int, end: float, tally: Tally) -> None:
    """One reader of the dashboard: page after page, with pauses."""
    rng, today = random.Random(number), time.localtime()
    with _signed_in(task, number, f"10.2.0.{number + 1}") as browser:
        while time.monotonic() < end:
            for what, query in FIGURES.items():
                asked = query.format(year=today.tm_year, month=today.tm_mon)
                time.sleep(max(0.0, min(end - time.monotonic(), rng.uniform(0.5, 1.5))))
                _get(browser, what, f"/can-bo/so-lieu{asked}", end, rng, tally)


@contextlib.contextmanager
def _signed_in(task: dict[str, Any], number: int, address: str) -> Iterator[httpx.Client]:
    people: list[str] = task["people"]
    with httpx.Client(
        base_url=f"http://{task['host']}:{task['port']}", timeout=_TIMEOUT, trust_env=False,
        headers={"X-Forwarded-For": address},
    ) as browser:  # fmt: skip
        sign_in(browser, people[number % len(people)], task["password"])
        yield browser


def sign_in(browser: httpx.Client, username: str, password: str) -> None:
    found = _CSRF.search(browser.get("/can-bo/dang-nhap").text)
    token = found[1] if found else ""
    form = {"csrf_token": token, "username": username, "password": password}
    if browser.post("/can-bo/dang-nhap", data=form).status_code != 303:
        raise RuntimeError(f"{username} cannot sign in")


def _get(
    browser: httpx.Client, what: str, path: str, end: float, rng: random.Random, tally: Tally
) -> str:
    left = end - time.monotonic()
    pause = rng.uniform(*PAUSE) if what in ("queue", "case", "search") else 0.0
    if left <= pause:
        # Nobody hurries at the end: shortened pauses would have all ask in the same moment.
        time.sleep(max(0.0, left))
        return ""
    time.sleep(pause)
    started = time.perf_counter()
    try:
        answer = browser.get(path)
        status, text = str(answer.status_code), answer.text
    except httpx.HTTPError as error:
        status, text = type(error).__name__, ""
    tally.add(what, status, time.perf_counter() - started)
    return text
