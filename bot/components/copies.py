"""Training copies: each example as people type it without diacritics, and as raw Telex."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.telex import telex
from vntext import fold, views


# Rasa runs components of this type first and hands their training data on; at run time the
# component does nothing.
@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class TypedCopies(GraphComponent):
    """Adds a folded and a Telex copy of every example whose views differ from the original's."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TypedCopies:
        """Create the component (it has no settings)."""
        return cls()

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Return the training data with the copies behind the originals."""
        copies = []
        for example in training_data.training_examples:
            text, intent = example.get(TEXT), example.get(INTENT)
            if not text or not intent:
                continue
            seen = {views(text)}
            for copy in (fold(text), telex(text)):
                view = views(copy)
                if view not in seen:
                    seen.add(view)
                    copies.append(Message.build(text=copy, intent=intent))
        return training_data.merge(TrainingData(training_examples=copies))

    def process(self, messages: list[Message]) -> list[Message]:
        """Leave what people write as it is."""
        return messages
