"""The booth: voting in the browser. Choose first, identify last; what is chosen stays in the voter's browser."""
