"""How the models grow old and are replaced: versions, the gate, examples learnt from use."""
