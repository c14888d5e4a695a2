"""The commands of the command line, one noun a file; each module offers its click command as `command`."""
