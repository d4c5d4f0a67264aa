"""Messages: what happened to what a person follows or must act on, on their page and by the ways they chose."""
