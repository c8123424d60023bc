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
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import (
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message

from bot.components.grams import two_views
from bot.components.limits import believable, commands_a_model, readable, says_press

_OFF_TOPIC = {INTENT_NAME_KEY: "off_topic", PREDICTED_CONFIDENCE_KEY: 1.0}
_NOTHING = {INTENT_NAME_KEY: DEFAULT_NLU_FALLBACK_INTENT_NAME, PREDICTED_CONFIDENCE_KEY: 1.0}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class ControlWords(GraphComponent, IntentClassifier):
    """Strikes control intents from the ranking of a text too long or too unsure for them."""

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
            if not readable(message.get(TEXT) or "", ranking[0]):
                message.set(INTENT, dict(_NOTHING), add_to_output=True)
                message.set(INTENT_RANKING_KEY, [dict(_NOTHING), *ranking], add_to_output=True)
                continue
            folded = two_views(message.get(TEXT) or "").folded
            if commands_a_model(folded):
                message.set(INTENT, dict(_OFF_TOPIC), add_to_output=True)
                message.set(INTENT_RANKING_KEY, [dict(_OFF_TOPIC)], add_to_output=True)
                continue
            left = [i for i in ranking if _fits(i, folded)]
            if left and len(left) < len(ranking):
                # What the excluded intents had is shared out among the others.
                share = 1.0 - sum(
                    i[PREDICTED_CONFIDENCE_KEY] for i in ranking if not _fits(i, folded)
                )
                for intent in left:
                    intent[PREDICTED_CONFIDENCE_KEY] /= share
                message.set(INTENT, left[0], add_to_output=True)
                message.set(INTENT_RANKING_KEY, left, add_to_output=True)
        return messages


def _fits(intent: dict[str, Any], folded: str) -> bool:
    """Whether the text may be this intent: its length, the certainty, a journalist's word."""
    if intent[INTENT_NAME_KEY] == "press_inquiry" and not says_press(folded):
        return False
    return believable(intent, len(folded.split()))
