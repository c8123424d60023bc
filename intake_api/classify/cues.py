"""What a message says, as numbers: the second look's inputs beside the models' scores. Pure."""

from __future__ import annotations

import math

import numpy as np

from intake_api.classify.pattern import Pattern, compile_all, is_accented
from intake_api.classify.safety import Safety
from intake_api.classify.safety_rules import CUES, DANGER, DENUNCIATION, WORDS
from intake_api.linear.features import Floats

# Rules whose patterns are cues already.
_SAME = ("person_misconduct", "person_did")


def _compiled() -> dict[str, Pattern]:
    found = {name: compile_all(patterns, WORDS) for name, patterns in CUES.items()}
    # The rules without their "unless": what they would have said is worth something as well.
    for rule in (*DANGER, *DENUNCIATION):
        if rule.name in _SAME:
            continue
        found[f"rule {rule.name}"] = compile_all(rule.patterns, WORDS)
    return found


_CUES = _compiled()
# Two cues that say more together than each alone.
_PAIRS = (
    ("person", "misdeed"),
    ("person", "did"),
    ("person", "proof"),
    ("person", "doing"),
    ("child", "violence"),
    ("child", "fear"),
    ("child", "dying"),
    ("child", "secretly"),
    ("body", "now"),
    ("accident", "now"),
)
NAMES = (
    *_CUES,
    *(f"{one} + {two}" for one, two in _PAIRS),
    "danger",
    "denunciation",
    "toxic",
    "length",
    "questions",
    "ends in a question",
)


def read(form: str, found: Safety) -> Floats:
    """One number per name of ``NAMES`` for a canonical text and what the rules found in it."""
    accented = is_accented(form)
    seen = {name: pattern.search(form, accented) is not None for name, pattern in _CUES.items()}
    asked = form.count("?")
    return np.array(
        [
            *seen.values(),
            *(seen[one] and seen[two] for one, two in _PAIRS),
            found.danger,
            found.denunciation,
            found.toxic,
            math.log1p(form.count(" ")),
            min(asked, 2),
            form.rstrip(" .!)").endswith("?"),
        ],
        dtype=np.float32,
    )
