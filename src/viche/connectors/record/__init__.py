"""The public record of a finished contest: a folder that anyone verifies with ``python -m rulebook verify`` alone."""
