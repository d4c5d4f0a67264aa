"""Static copies of contests: pages, data, log and verifier as plain files that any web server can hand out."""
