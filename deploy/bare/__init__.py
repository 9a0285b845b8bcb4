"""The stack on a host without Docker: the same services as local processes.

Standard library only: it runs under whatever Python the host has (3.9 or newer) before anything is installed.
"""
