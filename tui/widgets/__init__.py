"""One widget a file, each with its style beside it; no widget imports `db`."""
