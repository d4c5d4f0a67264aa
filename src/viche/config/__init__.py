"""Top of the house: settings from the environment, URL tables, the command line, the embedded database."""
