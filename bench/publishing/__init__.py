"""What every peer's publisher has in common. Standard library only: it is mounted into the peers' own images."""
