"""Procedures as data: the shipped ones, those that admins have saved, and the checks that they name."""
