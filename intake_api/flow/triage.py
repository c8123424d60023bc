"""Triage: classify ▸ route ▸ due dates, in one place for every way in."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime

from intake_api.domain import deadline, routing
from intake_api.domain.catalog import Catalog
from intake_api.domain.model import Classification, Deadline, Place, Route, Scored
from intake_api.flow.services import Services, local_day
from vntext import entities, fold

_SCHOOL_WORD = re.compile(r"\b(?:truong|thpt|thcs|tieu hoc|mam non)\b")


@dataclass(frozen=True, slots=True)
class Decision:
    """What triage decided about one text."""

    classification: Classification
    place: Place
    route: Route
    deadline: Deadline


def place_of(text: str, base: Place | None = None) -> Place:
    """What a text says about the place, over what was known before."""
    known = base or Place()
    found = {entity.kind: entity.value for entity in reversed(entities.find_entities(text))}
    grade = found.get("grade")
    # "THPT B" alone names a school that we cannot tell for sure: what was known before is no
    # longer right either, and the officer reads the person's own words.
    other = "school" not in found and _SCHOOL_WORD.search(fold(text)) is not None
    return Place(
        school=found.get("school") or (None if other else known.school),
        level=found.get("level") or known.level,
        district=found.get("district") or known.district,
        grade=int(grade) if grade and str(grade).isdigit() else known.grade,
    )


def decide(
    services: Services,
    *,
    text: str,
    place_text: str | None,
    channel: str,
    now: datetime,
    kind: str | None = None,
    topic: str | None = None,
) -> Decision:
    """Classifies ``text`` and decides unit and clocks. ``kind`` overrides the machine's kind
    (a press inquiry opened as one, an emergency), ``topic`` its topic (the sender chose one)."""
    classification = services.classifier.classify(text, channel=channel)
    if topic is not None:
        classification = _chosen(services.catalog, classification, topic)
    place = classification.place
    if place_text:
        place = place_of(place_text, place)
    chosen = kind or classification.kind
    return Decision(
        classification,
        place,
        routing.route(
            services.catalog,
            kind=chosen,
            topic=classification.topic,
            confidence=classification.confidence,
            text=text,
            place=place,
            on=local_day(now),
        ),
        deadline.deadlines(services.catalog, chosen, now),
    )


def _chosen(rules: Catalog, understood: Classification, topic: str) -> Classification:
    """The sender's own choice of a topic; what the machine found dangerous stays so."""
    others = tuple(one for one in understood.topics if one.code != topic)
    subject = rules.topics[topic]
    return replace(
        understood, topic=topic, topics=(Scored(topic, 1.0), *others), confidence=1.0,
        confidential=understood.confidential or subject.confidential,
        urgent=understood.urgent or subject.urgent,
        reasons=("người gửi chọn chủ đề", *understood.reasons),
    )  # fmt: skip


def sealed(services: Services, understood: Classification) -> bool:
    """True when these words belong into the confidential lane."""
    return in_lane(services.catalog, understood)


def in_lane(rules: Catalog, understood: Classification) -> bool:
    """The same by the catalogue alone."""
    return understood.confidential or rules.kinds[understood.kind].confidential


def as_json(classification: Classification) -> dict[str, object]:
    """The machine's view as it is stored with a case: no text, no personal data."""
    return {
        "kind": classification.kind,
        "kind_confidence": round(classification.kind_confidence, 4),
        "topics": [[scored.code, round(scored.score, 4)] for scored in classification.topics],
        "confidence": round(classification.confidence, 4),
        "danger": classification.danger,
        "reasons": list(classification.reasons),
        "model_version": classification.model_version,
    }
