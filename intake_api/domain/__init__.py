"""Pure rules: no Flask, no session, no clock. ``now`` and ``on`` are always passed in."""
