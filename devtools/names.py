"""Trains the tagger of personal data (vntext/tagger.py) from the marked messages of data/pii.

``python -m devtools.names`` writes vntext/tagger.json.gz; the same data gives the same file. It is
kept in the repository because vntext has no build step. ``--measure`` prints recall and precision
on every fifth message, trained on the others.
"""

from __future__ import annotations

import gzip
import json
import random
import re
import sys
from collections import defaultdict
from hashlib import sha256
from pathlib import Path

import yaml

from vntext.addresses import find_addresses
from vntext.given import GIVEN_TYPED
from vntext.letters import fold_chars
from vntext.names import find_names
from vntext.numbers import find_numbers
from vntext.people import MIDDLES_TYPED, SURNAMES_TYPED
from vntext.tagger import KINDS, LABELS, WEIGHTS, Span, Tagger, features, spans_of, words_of

DATA = Path(__file__).resolve().parent.parent / "data" / "pii"
FEEDBACK = DATA.parent / "feedback"
SILVER = 8  # one message in so many is used
MARK = re.compile(r"\[\[([npeia]):(.+?)\]\]")
ROUNDS = 6
RENAMED = 1  # copies of each message with other names
SMALLEST = 0.02  # weights below say nothing and are not stored

Example = tuple[str, list[Span]]
_SURNAMES = sorted(SURNAMES_TYPED)
_MIDDLES = sorted(MIDDLES_TYPED)
_GIVEN = sorted(GIVEN_TYPED)


def unmarked(line: str) -> Example:
    """The plain text of a marked line and its spans."""
    text, spans, at = "", [], 0
    for match in MARK.finditer(line):
        text += line[at : match.start()]
        kind = KINDS.get(match[1])
        if kind:
            spans.append((len(text), len(text) + len(match[2]), kind))
        text += match[2]
        at = match.end()
    return text + line[at:], spans


def load() -> list[Example]:
    """Every marked message, in the order of the files."""
    lines: list[str] = []
    for path in sorted(DATA.glob("*.yml")):
        # The short cases of the rules' own tests are few and each has a point.
        times = 4 if path.stem == "known" else 1
        lines += times * yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return [unmarked(line) for line in lines]


def _other_name(name: str, rng: random.Random) -> str:
    """Another name of as many words, from the lists: the frame counts, not this one name."""
    count = len(name.split(" "))
    if not name.replace(" ", "").isalpha() or count > 4 or len(name) < 2:
        return name
    surname, given = rng.choice(_SURNAMES), rng.choice(_GIVEN)
    middles = [rng.choice(_MIDDLES) for _ in range(count - 2)]
    words = [given] if count == 1 else [surname, *middles, given]
    if count == 2 and rng.random() < 0.5:
        words[0] = rng.choice(_MIDDLES)
    plain = fold_chars(name) == name
    words = [fold_chars(word) if plain else word for word in words]
    if name.isupper():
        return " ".join(words).upper()
    return " ".join(words).title() if name[0].isupper() else " ".join(words)


def copies(example: Example, rng: random.Random) -> list[Example]:
    """The example, and the same as others would have typed it: other names, no marks, no
    capitals."""
    found = [example, *(_renamed(example, rng) for _ in range(RENAMED))]
    for one in list(found):
        text, spans = one
        bare = fold_chars(text)
        found += [(bare, spans)] if bare != text else []
        found += [(bare.lower(), spans)] if bare.lower() not in (text, bare) else []
    if rng.random() < 0.15 and len(example[0].upper()) == len(example[0]):
        found.append((example[0].upper(), example[1]))
    return list({text: (text, spans) for text, spans in found}.values())


def _renamed(example: Example, rng: random.Random) -> Example:
    text, spans, out, at = example[0], [], "", 0
    for start, end, kind in example[1]:
        out += text[at:start]
        said = _other_name(text[start:end], rng) if kind == "name" else text[start:end]
        spans.append((len(out), len(out) + len(said), kind))
        out += said
        at = end
    return out + text[at:], spans


def silver() -> list[Example]:
    """Every few of the messages written for the classifier, with what the rules find in them:
    they hardly name anybody, and teach which words are no names."""
    found: list[Example] = []
    for path in sorted(FEEDBACK.glob("*.yml")):
        messages = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["messages"]
        for message in messages[::SILVER]:
            text = message["text"]
            if not len(found) % 5:  # capitals in anger name nobody either
                text = text.upper()
            spans = [s for s in ruled(text, fold_chars(text)) if s[2] in KINDS.values()]
            found.append((text, sorted(spans)))
    return found


def digest() -> str:
    """What the weights were trained from."""
    total = sha256()
    for path in sorted(DATA.glob("*.yml")):
        total.update(path.read_bytes())
    return total.hexdigest()[:16]


def ruled(text: str, folded: str) -> list[Span]:
    """What the rules find, as ``vntext.pii`` hands it to the tagger."""
    found = list(find_numbers(text, folded))
    found += [(a, b, "address") for a, b in find_addresses(text, folded)]
    return found + [(a, b, "name") for a, b in find_names(text, folded)]


def prepared(example: Example) -> tuple[list[list[str]], list[int]]:
    """Features and label numbers of the words of one example."""
    text, spans = example
    folded = fold_chars(text)
    words = words_of(text)
    labels = []
    for a, b in words:
        inside = next((s for s in spans if a >= s[0] and b <= s[1]), None)
        letter = inside[2][0] if inside else ""
        labels.append(LABELS.index(("B" if a == inside[0] else "I") + letter) if inside else 0)
    return features(text, folded, words, ruled(text, folded)), labels


def fit(rows: list[tuple[list[list[str]], list[int]]]) -> Tagger:
    """An averaged structured perceptron."""
    weights: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    sums: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    steps = [[0.0] * len(LABELS) for _ in LABELS]
    step_sums = [[0.0] * len(LABELS) for _ in LABELS]
    tagger = Tagger(weights, steps)
    rng, order, seen = random.Random(7), list(range(len(rows))), 1  # noqa: S311 - an order

    def change(name: str, label: int, by: float) -> None:
        weights[name][label] += by
        sums[name][label] += by * seen

    for _ in range(ROUNDS):
        rng.shuffle(order)
        for number in order:
            found, truth = rows[number]
            guess = tagger.labels(found)
            if guess != truth:
                for i, names in enumerate(found):
                    if guess[i] != truth[i]:
                        for name in names:
                            change(name, truth[i], 1.0)
                            change(name, guess[i], -1.0)
                    if i and (guess[i], guess[i - 1]) != (truth[i], truth[i - 1]):
                        for path, by in ((truth, 1.0), (guess, -1.0)):
                            steps[path[i - 1]][path[i]] += by
                            step_sums[path[i - 1]][path[i]] += by * seen
            seen += 1
    kept: dict[str, dict[int, float]] = {}
    for name, by_label in weights.items():
        mean = {k: round(w - sums[name][k] / seen, 2) for k, w in by_label.items()}
        mean = {k: w for k, w in mean.items() if abs(w) >= SMALLEST}
        if mean:
            kept[name] = mean
    mean_steps = [
        [round(w - s / seen, 2) for w, s in zip(row, total, strict=True)]
        for row, total in zip(steps, step_sums, strict=True)
    ]
    return Tagger(kept, mean_steps)


def trained_on(examples: list[Example]) -> Tagger:
    """The tagger of these examples and their copies."""
    rng = random.Random(11)  # noqa: S311 - augmentation, not security
    rows = [prepared(copy) for example in examples for copy in copies(example, rng)]
    return fit([*rows, *(prepared(example) for example in silver())])


def measure(examples: list[Example]) -> None:
    """Prints recall and precision by kind on the messages that were kept back."""
    tagger = trained_on([e for i, e in enumerate(examples) if i % 5])
    right: dict[str, int] = defaultdict(int)
    wanted: dict[str, int] = defaultdict(int)
    given: dict[str, int] = defaultdict(int)
    for example in examples[::5]:
        rows, _ = prepared(example)
        found = set(spans_of(tagger.labels(rows), words_of(example[0])))
        for span in example[1]:
            wanted[span[2]] += 1
            right[span[2]] += span in found
        for span in found:
            given[span[2]] += 1
    for kind in KINDS.values():
        sys.stdout.write(
            f"{kind}: recall {right[kind]}/{wanted[kind]}, precision {right[kind]}/{given[kind]}\n"
        )


def main() -> None:
    """Trains and writes, or measures."""
    examples = load()
    if "--measure" in sys.argv:
        measure(examples)
        return
    tagger = trained_on(examples)
    stored = {
        "trained_on": digest(),
        "steps": tagger.steps,
        "weights": {name: tagger.weights[name] for name in sorted(tagger.weights)},
    }
    raw = json.dumps(stored, ensure_ascii=False, separators=(",", ":")).encode()
    # Without a time in its head the same data gives the same bytes.
    WEIGHTS.write_bytes(gzip.compress(raw, 9, mtime=0))
    sys.stdout.write(
        f"{len(examples)} messages, {len(tagger.weights)} features, "
        f"{WEIGHTS.stat().st_size // 1024} KB\n"
    )


if __name__ == "__main__":
    main()
