"""What use has taught: corrections by staff and picked choices, as masked candidate examples.

Nothing of the confidential lane comes out here: neither of a case that is sealed now, nor of
words that the classifier of now would seal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intake_api.domain.candidate import Candidate, distinct
from intake_api.flow import triage
from intake_api.store import cases, gaps
from vntext import mask

if TYPE_CHECKING:
    from intake_api.classify import Classifier
    from intake_api.domain.catalog import Catalog
    from intake_api.store import Session
    from intake_api.store.registers import Correction


def corrected(tx: Session, rules: Catalog, classifier: Classifier) -> list[Candidate]:
    """One candidate of each corrected case: what the machine said, and what the case is now."""
    by_case: dict[int, list[Correction]] = {}
    for one in cases.corrections(tx):
        by_case.setdefault(one.case_id, []).append(one)
    found = []
    for case_id, made in by_case.items():
        case = cases.by_id(tx, case_id)
        text = mask(made[-1].text_masked)
        if case is None or triage.in_lane(rules, classifier.classify(text)):
            continue
        proposed: dict[str, Any] = {
            "kind": case.kind, "topic": case.topic, "sentiment": case.sentiment,
            "urgent": case.urgent,
        }  # fmt: skip
        understood = proposed | {
            one.field: one.old == "True" if one.field == "urgent" else one.old
            for one in reversed(made)
        }
        if understood != proposed:
            found.append(Candidate(text, understood, proposed, model=made[-1].model_version))
    return distinct(found)


def picked(tx: Session, rules: Catalog, classifier: Classifier) -> list[Candidate]:
    """One candidate of each question whose asker chose an entry that was offered."""
    return distinct(
        Candidate(
            mask(gap.text_masked),
            {"decision": gap.decision, "offered": list(gap.offered)},
            {"entry": gap.picked},
        )
        for gap in gaps.picked_gaps(tx)
        if not triage.in_lane(rules, classifier.classify(gap.text_masked))
    )
