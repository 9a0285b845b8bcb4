"""Programs of the host that need more than a command line: the PostgreSQL cluster and nginx's configuration."""
