"""The inbox page: what its address asks for, what its templates show, and what its forms do."""
