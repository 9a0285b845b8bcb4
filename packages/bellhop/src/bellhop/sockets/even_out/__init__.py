"""Replicas that hold about as many sockets each: who has clearly more than its share sends the surplus away, slowly."""
