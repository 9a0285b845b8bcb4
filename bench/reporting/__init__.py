"""What was measured as figures, verdicts, tables and a picture."""
