"""The audit log: what an event is, how it is chained, and how the chain is verified."""
