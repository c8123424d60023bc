"""Keeps control words apart from sentences that merely contain them.

"hủy" ends a form; "đề nghị hủy quy định này" is what somebody has to say. Rasa runs some intents
(``restart``) before any form sees the text, so the difference is made here, without knowing the
state of the dialogue.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import (
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message

from bot.components.grams import two_views

# intent → (most words, least confidence)
CONTROL = {
    "restart": (10, 0.45),
    "cancel": (14, 0.35),
    "skip": (14, 0.3),
    "affirm": (12, 0.3),
    "deny": (12, 0.3),
    "anonymous": (20, 0.3),
    "greet": (12, 0.3),
    "goodbye": (12, 0.3),
    # A fact by itself ("THCS Trần Phú") is short; with a verb it is somebody's sentence.
    "inform": (7, 0.0),
}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class ControlWords(GraphComponent, IntentClassifier):
    """Moves to the next intent in the ranking when a control intent is too long or too unsure."""

    @classmethod
    def required_components(cls) -> list[type]:
        """What must stand before this component in the pipeline."""
        return [IntentClassifier]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ControlWords:
        """Create the component (it has no settings)."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Settle the intent of each message."""
        for message in messages:
            ranking = message.get(INTENT_RANKING_KEY) or []
            if not ranking:
                continue
            words = len(two_views(message.get(TEXT) or "").folded.split())
            chosen = next((i for i in ranking if believable(i, words)), None)
            if chosen is not None and chosen is not ranking[0]:
                ranking = [chosen] + [i for i in ranking if i is not chosen]
                message.set(INTENT, chosen, add_to_output=True)
                message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages


def believable(intent: dict[str, Any], words: int) -> bool:
    """Whether a text of so many words may be this control intent (other intents always)."""
    limit = CONTROL.get(intent[INTENT_NAME_KEY])
    if limit is None:
        return True
    most, least = limit
    return words <= most and intent[PREDICTED_CONFIDENCE_KEY] >= least
