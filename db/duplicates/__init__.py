"""Finds customers who may be one person, and says why: for one customer at once, or in the whole base."""
