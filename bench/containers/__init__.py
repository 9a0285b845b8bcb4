"""The containers under measurement: their use of CPU and memory, and more of them."""
