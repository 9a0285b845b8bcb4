"""Many at once from a shell: whom, what a file says, and how far it has come."""
