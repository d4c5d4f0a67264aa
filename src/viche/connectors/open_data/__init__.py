"""Open data: what the law and researchers want of a contest, in their formats, with nothing personal in it."""
