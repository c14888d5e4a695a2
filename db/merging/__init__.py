"""Merges customers by the policy of each table, and undoes it from a ledger of every changed field."""
