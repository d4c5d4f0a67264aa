"""Our own API for terminals of banks: JSON, signed both ways, each operation one action or query."""
