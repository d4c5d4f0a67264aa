"""The journal: one append-only log a community and year; every act that matters is an entry.

An entry is written in the transaction of the act. It gets its place in the log (index and Merkle root,
RFC 9162) when the log is sequenced; ballot entries are placed sorted by their commitment, so that the order
of the log says nothing about who voted when. Upper rooms read sequenced entries from their own cursor.
Entries hold references and hashes, never personal data: an append-only log cannot be erased.
"""
