"""Light and dark: what a visitor may choose."""

THEMES = ("auto", "light", "dark")
