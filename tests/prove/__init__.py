"""A prover: it breaks a running stack on purpose and counts what came of every notification."""
