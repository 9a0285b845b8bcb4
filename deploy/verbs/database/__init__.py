"""The verbs for what the stack's own database holds: `backup`, `restore`, `upgrade`."""
