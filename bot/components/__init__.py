"""Rasa graph components: our tokenizer, features and the data they are trained on."""
