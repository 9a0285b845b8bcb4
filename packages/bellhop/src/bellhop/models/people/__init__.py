"""What people have chosen."""
