"""Our own printed ballots read from scans: a first reading, which a person confirms. Whatever is not clearly a mark or
clearly none is said to be unsure; nothing is guessed.
"""
