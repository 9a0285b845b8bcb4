"""What is special about a kind of notification: its words and the task that rings for it."""
