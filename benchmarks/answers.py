"""(g) approved answers at work: how soon a published one is live, how long it takes to put twenty
thousand gaps together and to try a new wording on every known question."""

from __future__ import annotations

import random
import resource
import tempfile
import time
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.evaluate import MODELS
from intake_api.domain.model import Entry, Source, Version
from intake_api.flow import publish, shipped, trying
from intake_api.knowledge import Ranker, load_entries
from intake_api.knowledge.clusters import Asking, cluster
from intake_api.knowledge.train import load_negatives
from intake_api.runtime import LiveIndex
from intake_api.settings import ROOT
from intake_api.store import Store, migrate
from vntext import fold

GAPS = 20_000
AIMS = {"live_s": 2.0, "tried_s": 10.0, "gaps_s": 60.0}
# A question that people ask and no file answers, in three ways.
NEW = Entry(
    slug="xe-dua-don", topic="b.atgt_xe_dua_don", owner="CTTT", title="Giá xe đưa đón học sinh",
    short="Giá xe đưa đón",
    questions=("xe đưa đón học sinh giá bao nhiêu", "gia xe dua don", "tiền xe đưa đón ai thu"),
    versions=(
        Version(date(2026, 1, 1), None, "Giá xe do hợp đồng với phụ huynh quyết định.", (), "",
                Source("Thông tư 29/2024/TT-BGDĐT", "Bộ Giáo dục và Đào tạo", "2024-12-30")),
    ),
)  # fmt: skip


def asked(count: int, seed: int = 7) -> list[Asking]:
    """Questions as people vary them: without diacritics, a word less, a polite word more; half as
    many people as questions."""
    rng = random.Random(seed)
    base = [text for entry in load_entries(ROOT / "data") for text in entry.questions]
    base += [text for text, near in load_negatives(ROOT / "data") if near]
    found = []
    for _ in range(count):
        words = rng.choice(base).split()
        if len(words) > 4 and rng.random() < 0.5:
            del words[rng.randrange(len(words))]
        text = " ".join(words)
        text = fold(text) if rng.random() < 0.5 else text
        text = rng.choice(("", "cho em hỏi ", "ad ơi ", "xin hỏi ")) + text
        found.append(
            Asking(text + rng.choice(("", " ạ", " vậy", "?")), str(rng.randrange(count // 2)))
        )
    return found


def measure(console: Console) -> dict[str, Any]:
    """Measures on a SQLite file of its own; prints a table."""
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{Path(folder) / 'answers.db'}")
        migrate.upgrade(store)
        now = datetime.now(UTC)
        with store.transaction() as tx:
            shipped.take_in(tx, load_entries(ROOT / "data"), now=now)
        live = LiveIndex(store, Ranker.load(MODELS))
        live()
        for name, entry in (("first", NEW), ("next", replace(NEW, title="Giá xe đưa đón"))):
            with store.transaction() as tx:
                publish.put(tx, entry, now=now)
            began = time.perf_counter()
            while live().entries.get(NEW.slug) != entry:
                time.sleep(0.01)
            found[f"live_{name}_s"] = time.perf_counter() - began
        index = live()
        questions = [text for one in index.entries.values() for text in one.questions]
        began = time.perf_counter()
        trying.compare(index, [replace(NEW, short="Xe")], questions, date(2026, 11, 26))
        found["tried_s"], found["questions"] = time.perf_counter() - began, len(questions)
        store.close()
    gaps = asked(GAPS)
    began = time.perf_counter()
    found["clusters"] = len(cluster(gaps))
    found["gaps_s"] = time.perf_counter() - began
    found["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    show(console, found)
    return found


def show(console: Console, found: dict[str, Any]) -> None:
    """Prints the table."""
    table = Table(title="Approved answers", title_justify="left")
    for name in ("what", "seconds", "aim"):
        table.add_column(name, justify="left" if name == "what" else "right")
    for what, key, aim in (
        ("live in a process, first new entry", "live_first_s", "live_s"),
        ("live in a process, the next", "live_next_s", "live_s"),
        (f"tried on {found['questions']} known questions", "tried_s", "tried_s"),
        (f"{GAPS} gaps put together ({found['clusters']} clusters)", "gaps_s", "gaps_s"),
    ):
        table.add_row(what, f"{found[key]:.2f}", f"< {AIMS[aim]:g}")
    console.print(table)
    console.print(f"peak memory {found['peak_mb']:.0f} MB", highlight=False)
