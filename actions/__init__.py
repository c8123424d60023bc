"""Action server of the assistant: thin; it reads the turn, asks the intake, and speaks."""
