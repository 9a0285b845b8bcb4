"""What happens beside a deletion: it is noted, and counted where a summary tells of what went."""
