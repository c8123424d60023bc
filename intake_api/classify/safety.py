"""Rules that outrank the models: danger to a child, denunciation, insults. Pure, no state."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from intake_api.classify.pattern import Pattern, compile_all, is_accented
from intake_api.classify.safety_rules import DANGER, DENUNCIATION, TOXIC, WORDS, Rule
from vntext import canonical

_SENTENCE = re.compile(r"[^.!?;\n]+[.!?;\n]*")
_LONGEST = 6000  # characters looked at: more than any channel lets through
_INITIAL = re.compile(r"(?<!\w)([^\W\d_])\.(?=\s)")


@dataclass(frozen=True, slots=True)
class Safety:
    """Why each lane's rules fired: a short Vietnamese phrase without personal data, or None."""

    why_danger: str | None = None
    why_denunciation: str | None = None
    why_toxic: str | None = None

    @property
    def danger(self) -> bool:
        return self.why_danger is not None

    @property
    def denunciation(self) -> bool:
        return self.why_denunciation is not None

    @property
    def toxic(self) -> bool:
        return self.why_toxic is not None

    @property
    def reasons(self) -> tuple[str, ...]:
        """The phrases of the lanes that fired."""
        found = (self.why_danger, self.why_denunciation, self.why_toxic)
        return tuple(reason for reason in found if reason)


class _Ready:
    """A rule with its patterns compiled."""

    def __init__(self, rule: Rule) -> None:
        self.reason = rule.reason
        self.name = rule.name
        self.patterns = compile_all(rule.patterns, WORDS)
        self.unless: Pattern | None = compile_all(rule.unless, WORDS) if rule.unless else None
        self.also: Pattern | None = compile_all(rule.also, WORDS) if rule.also else None
        self.everywhere: Pattern | None = compile_all(rule.never, WORDS) if rule.never else None

    def fires(self, sentences: Iterable[str], whole: str, accented: bool) -> bool:
        """True when some sentence matches and nothing says it is meant otherwise."""
        if self.everywhere and self.everywhere.search(whole, accented):
            return False
        if self.also and not self.also.search(whole, accented):
            return False
        return any(
            self.patterns.search(sentence, accented)
            and not (self.unless and self.unless.search(sentence, accented))
            for sentence in sentences
        )


_DANGER = [_Ready(rule) for rule in DANGER]
_DENUNCIATION = [_Ready(rule) for rule in DENUNCIATION]
_TOXIC = [_Ready(rule) for rule in TOXIC]


def joined(form: str) -> str:
    """The text with "thầy t. dạy toán" in one sentence: an initial's full stop ends none."""
    return _INITIAL.sub(r"\1", form)


def fired(text: str) -> list[str]:
    """Names of the rules that fire, for tests and for finding a rule to mend."""
    form = joined(canonical(text[:_LONGEST]))
    accented = is_accented(form)
    sentences = _SENTENCE.findall(form)
    rules = (*_DANGER, *_DENUNCIATION, *_TOXIC)
    return [rule.name for rule in rules if rule.fires(sentences, form, accented)]


def check(text: str) -> Safety:
    """Apply every rule to ``text``. Never raises."""
    return check_canonical(canonical(text[:_LONGEST]))


def check_canonical(form: str) -> Safety:
    """``check`` for a text already in canonical form."""
    form = joined(form)
    accented = is_accented(form)
    sentences = _SENTENCE.findall(form)

    def first(rules: list[_Ready]) -> str | None:
        return next((r.reason for r in rules if r.fires(sentences, form, accented)), None)

    return Safety(first(_DANGER), first(_DENUNCIATION), first(_TOXIC))
