"""Light linear models over Vietnamese text, shared by ``classify`` and ``knowledge``.

One vectoriser (words and characters, accented and folded views), the augmenting copies, the fit
and the model file. Knows nothing of topics or entries; imports vntext only.
"""

from intake_api.linear.copies import copies_of, raw_telex, shorten
from intake_api.linear.features import Row, Shape, Vectorizer, tokens
from intake_api.linear.files import ModelBroken, ModelMissing, fingerprint, read_model, write_model
from intake_api.linear.lexicon import load_lexicon

__all__ = [
    "ModelBroken",
    "ModelMissing",
    "Row",
    "Shape",
    "Vectorizer",
    "copies_of",
    "fingerprint",
    "load_lexicon",
    "raw_telex",
    "read_model",
    "shorten",
    "tokens",
    "write_model",
]
