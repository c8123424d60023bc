"""Checks what people write for the assistant: FAQ, training examples, messages. Milliseconds.

Runs in the intake environment (``python -m devtools.content``); every complaint names its file.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import yaml

from intake_api.domain import catalog
from intake_api.domain.likeness import TWIN, letters, plain
from intake_api.knowledge import load_entries

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"
FORBIDDEN = ("rất tiếc về trải nghiệm", "tuyệt vời", "!", "😊")
MIN_VARIANTS, MIN_TOPIC, MIN_KIND, MIN_INTENT = 20, 30, 40, 60
# Questions close to an entry that have none, and complaints that share an entry's words.
MIN_WITHOUT = {"near.yml": 400, "complaints.yml": 300, "far.yml": 100}
SKELETON_MOST = 6

KINDS = ("kind", "sentiment", "urgent", "confidential", "toxic", "also", "text")


def complaints() -> Iterator[str]:
    """Everything that is wrong, a line each."""
    yield from _not_nfc()
    rules = catalog.load(ROOT / "intake_api" / "catalog")
    yield from _faq(set(rules.topics), set(rules.units))
    yield from _without_entry()
    yield from _feedback(set(rules.topics), set(rules.kinds))
    yield from _intents()
    yield from _held_out()


def _tracked(*endings: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    return [
        ROOT / name
        for name in listed
        if name.endswith(endings) and "/vendor/" not in name and (ROOT / name).exists()
    ]


def _not_nfc() -> Iterator[str]:
    for path in _tracked(".py", ".yml", ".md", ".html", ".jsonl", ".js", ".css", ".csv"):
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            yield f"{path.relative_to(ROOT)}: not UTF-8"
            continue
        # Test files may hold other forms on purpose, written as escapes only.
        if unicodedata.normalize("NFC", text) != text:
            yield f"{path.relative_to(ROOT)}: not NFC"


def _alike(texts: list[str]) -> Iterator[tuple[str, str]]:
    """Pairs that are the same sentence but for marks and a word.

    Two sets can only be that alike when they share one of their few rarest grams (prefix
    filtering), so only those are looked up: thousands of messages take seconds, not minutes.
    """
    grams = [letters(text) for text in texts]
    count = Counter(gram for mine in grams for gram in mine)
    by_gram: dict[str, list[int]] = defaultdict(list)
    for number, mine in enumerate(grams):
        rarest = sorted(mine, key=lambda gram: (count[gram], gram))
        prefix = rarest[: len(mine) - math.ceil(TWIN * len(mine)) + 1]
        for other in sorted({other for gram in prefix for other in by_gram[gram]}):
            if not TWIN * len(mine) <= len(grams[other]) <= len(mine) / TWIN:
                continue
            shared = len(mine & grams[other])
            if shared / (len(mine) + len(grams[other]) - shared) > TWIN:
                yield texts[other], texts[number]
        for gram in prefix:
            by_gram[gram].append(number)


def _faq(topics: set[str], units: set[str]) -> Iterator[str]:
    entries = load_entries(DATA)
    slugs = {entry.slug for entry in entries}
    seen: dict[str, str] = {}
    for entry in entries:
        where = f"data/faq/{entry.slug}.yml"
        if entry.topic not in topics or entry.owner not in units:
            yield f"{where}: topic {entry.topic} or owner {entry.owner} is not in the catalogue"
        if len({plain(question) for question in entry.questions}) < MIN_VARIANTS:
            yield f"{where}: fewer than {MIN_VARIANTS} different variants"
        for one, other in _alike(list(entry.questions)):
            yield f"{where}: near duplicates: {one!r} and {other!r}"
        for question in entry.questions:
            before = seen.setdefault(plain(question), entry.label)
            if before != entry.label:
                yield f"{where}: {question!r} stands under {before} too"
        for other in (*entry.instead, *entry.related):
            if other not in slugs:
                yield f"{where}: there is no entry {other}"
        yield from _versions(where, entry)


def _versions(where: str, entry: object) -> Iterator[str]:
    previous: date | None = None
    for version in entry.versions:  # type: ignore[attr-defined]
        said = " ".join([version.answer, *version.details])
        if len(said) > 500:
            yield f"{where}: an answer of {len(said)} characters (500 fit a phone)"
        if not version.source.document or not version.source.issuer:
            yield f"{where}: a version without source"
        if version.valid_to and version.valid_to < version.valid_from:
            yield f"{where}: dates reversed"
        if previous and version.valid_from <= previous:
            yield f"{where}: versions overlap"
        previous = version.valid_to
        for phrase in FORBIDDEN:
            if phrase in said.lower():
                yield f"{where}: {phrase!r} in an answer"
        if version.published and entry.basis == "memory":  # type: ignore[attr-defined]
            yield f"{where}: published although nobody has verified it"


def _without_entry() -> Iterator[str]:
    """Questions that must not be answered: enough of them, each near a real entry or to none."""
    entries = load_entries(DATA)
    slugs = {entry.slug for entry in entries}
    owner = {plain(question): entry.slug for entry in entries for question in entry.questions}
    seen: dict[str, str] = {}
    for name, least in MIN_WITHOUT.items():
        where = f"data/faq_none/{name}"
        items = yaml.safe_load((DATA / "faq_none" / name).read_text(encoding="utf-8"))
        if len({plain(item["text"]) for item in items}) < least:
            yield f"{where}: fewer than {least} different texts"
        for item in items:
            text, near = item["text"], item.get("near")
            if near is not None and near not in slugs:
                yield f"{where}: there is no entry {near}"
            before = owner.get(plain(text)) or seen.get(plain(text))
            if before is not None:
                yield f"{where}: {text[:60]!r} stands under {before} too"
            seen[plain(text)] = name


def _feedback(topics: set[str], kinds: set[str]) -> Iterator[str]:
    per_kind: dict[str, int] = defaultdict(int)
    texts: dict[str, str] = {}
    found: list[str] = []
    for path in sorted((DATA / "feedback").glob("*.yml")):
        where = f"data/feedback/{path.name}"
        body = yaml.safe_load(path.read_text(encoding="utf-8"))
        messages = body["messages"]
        if body["topic"] != path.stem or body["topic"] not in topics:
            yield f"{where}: topic {body['topic']} is not the file's or not in the catalogue"
        if len(messages) < MIN_TOPIC:
            yield f"{where}: only {len(messages)} messages"
        for message in messages:
            per_kind[message["kind"]] += 1
            found.append(message["text"])
            if message["kind"] not in kinds or set(message) - set(KINDS):
                yield f"{where}: unknown kind or field in {message['text'][:40]!r}"
            before = texts.setdefault(plain(message["text"]), body["topic"])
            if before != body["topic"]:
                yield f"{where}: {message['text'][:60]!r} stands under {before} too"
        yield from _skeletons(where, [message["text"] for message in messages])
    for one, other in _alike(found):
        yield f"data/feedback: near duplicates: {one[:60]!r} and {other[:60]!r}"
    for kind in sorted(kinds):
        if per_kind[kind] < MIN_KIND:
            yield f"data/feedback: only {per_kind[kind]} messages of kind {kind}"


def _skeletons(where: str, texts: list[str]) -> Iterator[str]:
    """Templates: many messages with the same first and last three words."""
    count: dict[tuple[str, ...], int] = defaultdict(int)
    for text in texts:
        words = plain(text).split()
        if len(words) >= 8:
            count[(*words[:3], *words[-3:])] += 1
    for frame, number in count.items():
        if number > SKELETON_MOST:
            yield f"{where}: {number} messages of one skeleton: {' '.join(frame)}"


def _intents() -> Iterator[str]:
    owner: dict[str, str] = {}
    for path in sorted((DATA / "nlu").glob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            intent = block["intent"]
            lines = [
                line[2:].strip() for line in block["examples"].splitlines() if line.startswith("- ")
            ]
            if len(lines) < MIN_INTENT:
                yield f"data/nlu/{path.name}: only {len(lines)} examples of {intent}"
            for line in lines:
                before = owner.setdefault(plain(line) or line, intent)
                if before != intent:
                    yield f"data/nlu/{path.name}: {line!r} stands under {before} and {intent}"


def _held_out() -> Iterator[str]:
    """Held-out texts must not stand in any training file."""
    trained: set[str] = set()
    for entry in load_entries(DATA):
        trained.update(map(plain, entry.questions))
    for path in sorted((DATA / "feedback").glob("*.yml")):
        body = yaml.safe_load(path.read_text(encoding="utf-8"))
        trained.update(plain(message["text"]) for message in body["messages"])
    for path in sorted((DATA / "faq_none").glob("*.yml")):
        trained.update(
            plain(item["text"]) for item in yaml.safe_load(path.read_text(encoding="utf-8"))
        )
    for path in sorted((ROOT / "tests" / "quality").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            item = json.loads(line)
            for text in (item.get("text", ""), *(turn["say"] for turn in item.get("turns", ()))):
                # Stubs of one or two words coincide without anybody having copied.
                if len(plain(text).split()) > 3 and plain(text) in trained:
                    yield f"tests/quality/{path.name}: {text!r} is training data"


def main() -> int:
    """Prints every complaint; exit code 1 when there is one."""
    found = list(complaints())
    for line in found:
        sys.stdout.write(line + "\n")
    sys.stdout.write(f"content: {len(found)} complaints\n" if found else "content: sound\n")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
