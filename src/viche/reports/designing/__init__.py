"""The report designer: officials put together what is counted, by what, of which contests, and how it is drawn.

A definition is data (definition), is counted from public facts only (cube), becomes a Figure like every other, and is
kept, shared and sent by letter on a schedule (actions).
"""
