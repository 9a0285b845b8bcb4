"""The page that sends a notification to some people, to groups or to everybody: a form, a preview, and the sending."""
