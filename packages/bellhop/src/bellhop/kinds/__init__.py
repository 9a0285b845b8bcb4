"""What is special about a kind of notification: its words."""
