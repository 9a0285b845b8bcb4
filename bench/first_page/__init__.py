"""What the first page of somebody weighs, and how long it takes until it is live."""
