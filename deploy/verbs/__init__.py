"""What the door's commands do where Docker is, and the two that start stacks of their own: prove and bench."""
