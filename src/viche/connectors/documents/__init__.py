"""Outgoing documents: letters, opinions and protocols as files with metadata, handed to the body's document system.

Each document is made once of what was decided here, and registered once there, whatever is sent how often.
"""
