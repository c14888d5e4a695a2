"""The customer database and everything that may read or change it."""
