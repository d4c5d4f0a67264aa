"""Office: the pages of officials. Views parse, call one action or query, and answer."""
