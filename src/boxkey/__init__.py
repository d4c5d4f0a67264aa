"""The key of a ballot box in the hands of a commission: made offline, split among three holders, two of whom open.

Knows neither Django nor the house nor the rulebook: a commission runs it on a computer without a network, with
``cryptography`` and ``pyrage`` alone (docs/how-to/hold-the-box-key.md).
"""
