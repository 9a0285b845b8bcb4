"""Measures of cost: CPU and memory of a message, of an idle socket, of a login, of hours of traffic."""
