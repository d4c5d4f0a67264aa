"""Who a person is: people known by keyed tokens, verified claims, consents, and the identity providers.

A raw tax number passes through this room and is never stored in it (docs/security.md).
"""
