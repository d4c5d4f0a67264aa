"""One module a format: each takes rows or what was counted, and gives the file's pieces."""
