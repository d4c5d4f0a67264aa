"""Talk: what residents say about projects, moderated by the rules of the contest, and the news of their authors.

A comment is no place for personal data or advertising: links, telephones, addresses and numbers of documents are
refused before they are kept (screening). A moderator hides with a reason, which stands in its place.
"""
