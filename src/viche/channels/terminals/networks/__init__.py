"""What terminal networks already speak: payments that are no payments but choices on a ballot.

Each dialect is pure (bytes in, Asked out; Answered in, bytes out) and knows nothing of voting; one door (door.py)
turns what was asked into the basket of a voter and the basket into a ballot.
"""
