"""Compares the whole base in arrays; the only part of the product that loads numpy."""
