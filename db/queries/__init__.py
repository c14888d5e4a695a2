"""Reads: each returns frozen dataclasses, one noun a file."""
