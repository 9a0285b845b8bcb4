"""The results of a run as figures, verdicts, tables and a picture."""
