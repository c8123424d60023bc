"""Turn held-out scores into probabilities, a second look and thresholds (training only)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from intake_api.classify import cues, safety
from intake_api.classify.model import FLAGS, SENTIMENTS, Classifier, Heads
from intake_api.classify.second_look import SecondLook
from intake_api.classify.train import Ints, Sample
from intake_api.linear.features import Floats
from intake_api.linear.fit import matrix, temperature

# What a flag costs: (missed, raised for nothing), and the largest share of harmless messages that
# rule and model together may raise in cross-validation. At one danger in fifty messages a miss
# (100) outweighs a hundred needless numbers, so the share is wider than the aim of one percent.
COSTS = {"danger": (100.0, 1.0), "denunciation": (20.0, 2.0)}
FALSE_ALARMS = {"danger": 0.055, "denunciation": 0.05}
# Below this a rule is not believed. Of 2,232 dangers three were lost by it in cross-validation,
# of 21,000 harmless messages sixty were spared the alarm (docs/quality.md).
DOUBTS = {"danger": 0.03, "denunciation": 0.05}
# No flag on less. Dangers and denunciations are five times as frequent in the training messages
# as in what people send, so their chances there are read with that in mind: by the costs above a
# denunciation is worth its alarm from about 0.09 of real traffic, which is 0.23 here.
LOWEST = {"danger": 0.12, "denunciation": 0.23}
# Strong regularisation: a cue is believed when many messages bear it out.
STRENGTH = 0.03
Bools = npt.NDArray[np.bool_]


class HeldOut:
    """Scores and cues of every labelled or calm message in both copies, by a model that never
    saw it."""

    def __init__(self, sample: Sample, parts: Sequence[tuple[Ints, Classifier]]) -> None:
        numbers, scores, seen, part = [], [], [], []
        for number, (chosen, classifier) in enumerate(parts):
            for copy in (0, 1):
                at = [min(copy, len(sample.words[i]) - 1) for i in chosen]
                rows = [
                    classifier.vectorizer.row_of(sample.words[i][c])
                    for i, c in zip(chosen, at, strict=True)
                ]
                x = matrix(rows, len(classifier.vectorizer))
                scores.append((x @ classifier.coef + classifier.bias).astype(np.float32))
                forms = [sample.forms[i][c] for i, c in zip(chosen, at, strict=True)]
                seen.append(np.stack([cues.read(f, safety.check_canonical(f)) for f in forms]))
                numbers.append(chosen)
                part.append(np.full(len(chosen), number))
        topics = len(sample.topics)
        every = np.concatenate(scores)
        self.numbers: Ints = np.concatenate(numbers)
        self.part: Ints = np.concatenate(part)
        self.topics: Floats = every[:, :topics]
        self.cues: Floats = np.concatenate(seen)
        self.inputs: Floats = np.hstack([every[:, topics:], self.cues])

    def rule(self, name: str) -> Bools:
        """Which of them the rules of one lane find by themselves."""
        found: Bools = self.cues[:, cues.NAMES.index(name)] > 0
        return found


def fit_second(inputs: Floats, targets: Sequence[tuple[Ints, int]]) -> SecondLook:
    """A second look at ``inputs``; ``targets`` are (class numbers, classes) by column, and a
    negative number says that the class is not known."""
    middle, spread = inputs.mean(axis=0), inputs.std(axis=0) + 1e-3
    x = (inputs - middle) / spread
    coefs, biases = [], []
    for target, classes in targets:
        coef = np.zeros((inputs.shape[1], classes if classes > 2 else 1))
        bias = np.full(coef.shape[1], -6.0)
        known = np.flatnonzero(target >= 0)
        if len(np.unique(target[known])) > 1:  # a sample too small to tell anything apart
            model = LogisticRegression(C=STRENGTH, max_iter=300, tol=1e-3)
            model.fit(x[known], target[known])
            # Two of many classes in a small sample: sklearn gives one column, for the second.
            both = model.coef_.shape[0] == 1 and classes > 2
            at = model.classes_[1:] if both else model.classes_ if classes > 2 else [0]
            coef[:, at], bias[at] = model.coef_.T, model.intercept_
            if both:
                bias[model.classes_[0]] = 0.0
        elif classes > 2:
            bias[target[known[0]]] = 0.0
        coefs.append(coef)
        biases.append(bias)
    coef = np.hstack(coefs) / spread[:, None]
    bias = np.concatenate(biases) - middle @ coef
    return SecondLook(coef.astype(np.float32), bias.astype(np.float32))


def _targets(sample: Sample, numbers: Ints) -> list[tuple[Ints, int]]:
    named = [("kind", len(sample.kinds)), ("sentiment", len(SENTIMENTS))]
    return [
        *((sample.targets[name][numbers], classes) for name, classes in named),
        *((sample.targets[flag][numbers], 2) for flag in FLAGS),
    ]


def threshold(
    name: str,
    chance: npt.NDArray[np.floating],
    rule: Bools,
    truth: Bools,
    harmless: Bools,
) -> float:
    """The probability from which a flag costs least within its share of false alarms."""
    if name not in COSTS:
        return 0.5
    missed, needless = COSTS[name]
    allowed = FALSE_ALARMS[name] * int(harmless.sum())
    best, cheapest = 0.9, np.inf
    for value in np.linspace(LOWEST[name], 0.9, 173):
        raised = (rule & (chance >= DOUBTS[name])) | (chance >= value)
        alarms = int((raised & harmless).sum())
        cost = missed * int((truth & ~raised).sum()) + needless * alarms
        # With rules alone beyond the share the model adds nothing: only the surest are raised.
        if alarms <= allowed and cost < cheapest:
            best, cheapest = float(value), cost
    return best


def calibrated(
    sample: Sample, heads: Heads, parts: Sequence[tuple[Ints, Classifier]]
) -> tuple[Heads, SecondLook, list[SecondLook]]:
    """Heads with temperature and thresholds, the second look, and one for each part that was
    fitted without that part's messages."""
    held = HeldOut(sample, parts)
    several: list[SecondLook] = []
    logits = np.zeros((len(held.numbers), heads.width - len(heads.topics)), np.float32)
    for number in range(len(parts)):
        inside, outside = held.part != number, held.part == number
        look = fit_second(held.inputs[inside], _targets(sample, held.numbers[inside]))
        logits[outside] = held.inputs[outside] @ look.coef + look.bias
        several.append(look)
    # Thresholds and temperature are a matter of comments; calm sentences taught the second look.
    full = np.flatnonzero(sample.targets["kind"][held.numbers] >= 0)
    numbers, logits = held.numbers[full], logits[full]
    truths = {flag: sample.targets[flag][numbers] > 0 for flag in FLAGS}
    # A hurt child told as a denunciation is no false alarm, nor the other way round.
    apart = truths["danger"] | truths["urgent"] | truths["denunciation"]
    flags: list[float] = []
    for i, flag in enumerate(FLAGS):
        chance = 1 / (1 + np.exp(-logits[:, i - len(FLAGS)]))
        known = flag in ("danger", "denunciation", "toxic")
        rule = held.rule(flag)[full] if known else np.zeros(len(chance), dtype=np.bool_)
        harmless = ~(apart | truths[flag] | (truths["confidential"] & (flag == "denunciation")))
        flags.append(threshold(flag, chance, rule, truths[flag], harmless))
    factor = temperature(held.topics[full], sample.targets["topic"][numbers])
    whole = fit_second(held.inputs, _targets(sample, held.numbers))
    doubts = tuple(DOUBTS.get(flag, 0.0) for flag in FLAGS)
    return replace(heads, topic_factor=factor, flags=tuple(flags), doubts=doubts), whole, several
