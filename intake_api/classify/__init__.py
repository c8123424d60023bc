"""What a message is: kind, topic, sentiment, danger, with the reasons. Rules outrank models."""

from intake_api.classify.data import DataError
from intake_api.classify.model import Classifier, load
from intake_api.classify.train import needs_training, train
from intake_api.linear import ModelBroken, ModelMissing

__all__ = [
    "Classifier",
    "DataError",
    "ModelBroken",
    "ModelMissing",
    "load",
    "needs_training",
    "train",
]
