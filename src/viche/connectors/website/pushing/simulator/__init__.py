"""Sites of a body on this machine, for demo and tests: WordPress' REST interface for pages, and a WebDAV folder.

They speak the parts of the protocols that a push uses as the real servers do: Basic authorization, slugs that are one
page's own, the id of a page that was deleted, ETags with If-Match and If-None-Match, PROPFIND.
"""
