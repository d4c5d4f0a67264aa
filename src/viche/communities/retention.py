"""The communities room holds no personal data: territories, and what bodies say of themselves."""

IMPERSONAL = (
    "communities.Territory", "communities.FormerName", "communities.CodifierEdition", "communities.Community",
)  # fmt: skip
