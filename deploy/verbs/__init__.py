"""The commands of `./bellhop` that need Docker: checks of Docker and Compose, `prove` and `bench`."""
