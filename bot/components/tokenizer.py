"""Tokenizer over the house's canonical form of Vietnamese text."""

from __future__ import annotations

import re
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message

from bot.components import once
from bot.components.grams import two_views

# Rasa loads this module with the model, before the first message.
once.install()

_WORD = re.compile(r"\S+")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class CanonicalTokenizer(Tokenizer):
    """Words of ``vntext.canonical``: shorthand and slips undone, lower case, one spelling.

    Token offsets count in the canonical text, not in what was typed: nothing here extracts
    entities from tokens.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Settings the base class asks for."""
        return {"intent_tokenization_flag": False, "intent_split_symbol": "_"}

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """Return the words of the canonical form of ``attribute``."""
        canonical = two_views(message.get(attribute)).accented
        return [Token(m.group(), m.start()) for m in _WORD.finditer(canonical)]
