"""Sparse features of the two views of a text, weighted by how rare they are."""

from __future__ import annotations

import json
import logging
import math
from collections import Counter
from typing import Any

import numpy as np
import scipy.sparse
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.sparse_featurizer.sparse_featurizer import SparseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, INTENT, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.grams import grams

logger = logging.getLogger(__name__)
_FILE = "vocabulary.json"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class TwoViewFeaturizer(SparseFeaturizer, GraphComponent):
    """tf-idf over :func:`bot.components.grams.grams`; rows have length ``scale``.

    The classifier behind it has a fixed strength of regularisation, so ``scale`` sets how far it
    trusts the examples.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """What must stand before this component in the pipeline."""
        return [Tokenizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Settings: features seen in fewer than ``min_count`` examples are dropped."""
        return {**SparseFeaturizer.get_default_config(), "min_count": 2, "scale": 6.0}

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Every combination of settings is usable."""

    def __init__(
        self,
        config: dict[str, Any],
        name: str,
        model_storage: ModelStorage,
        resource: Resource,
        weights: dict[str, float] | None = None,
    ) -> None:
        """Construct with the inverse document frequencies of a trained vocabulary, or none."""
        super().__init__(name, config)
        self._model_storage = model_storage
        self._resource = resource
        self._set(weights or {})

    def _set(self, weights: dict[str, float]) -> None:
        self._weights = weights
        self._index = {gram: i for i, gram in enumerate(weights)}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TwoViewFeaturizer:
        """Create an untrained component."""
        return cls(config, execution_context.node_name, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> TwoViewFeaturizer:
        """Load the trained vocabulary."""
        with model_storage.read_from(resource) as folder:
            weights = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        return cls(config, execution_context.node_name, model_storage, resource, weights)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn which features exist and how rare each is."""
        # Rasa adds the domain's intents as examples without a text.
        examples = [m for m in training_data.training_examples if m.get(INTENT)]
        texts = [m.get(TEXT) for m in examples if m.get(TEXT)]
        seen: Counter[str] = Counter()
        for text in texts:
            seen.update(grams(text).keys())
        kept = sorted(g for g, n in seen.items() if n >= self._config["min_count"])
        total = len(texts)
        self._set({g: round(math.log((1 + total) / (1 + seen[g])) + 1, 4) for g in kept})
        with self._model_storage.write_to(self._resource) as folder:
            (folder / _FILE).write_text(
                json.dumps(self._weights, ensure_ascii=False), encoding="utf-8"
            )
        logger.info("TwoViewFeaturizer: %d features from %d examples", len(kept), total)
        return self._resource

    def vector(self, text: str) -> scipy.sparse.csr_matrix:
        """Features of one text as a row."""
        columns, values = [], []
        for gram, count in grams(text).items():
            column = self._index.get(gram)
            if column is not None:
                columns.append(column)
                values.append((1 + math.log(count)) * self._weights[gram])
        data = np.asarray(values, dtype=np.float64)
        length = float(np.sqrt(np.dot(data, data))) if values else 1.0
        return scipy.sparse.csr_matrix(
            (data * (self._config["scale"] / length), (np.zeros(len(columns), int), columns)),
            shape=(1, len(self._index)),
        )

    def _add(self, message: Message) -> None:
        text = message.get(TEXT)
        if isinstance(text, str):
            row = self.vector(text)
            message.add_features(Features(row, FEATURE_TYPE_SENTENCE, TEXT, self._identifier))

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the features to messages."""
        for message in messages:
            self._add(message)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add the features to training examples."""
        self.process(training_data.training_examples)
        return training_data
