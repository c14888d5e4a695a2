"""Measurements as ratios within one run: a floor by the bare driver beside what the product does."""
