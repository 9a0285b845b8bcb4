"""Tries the sockets: the server itself, the way from a page of the site, and a round trip of a user."""
