"""Time: what happens after the transaction has committed, and what happens by the clock."""
