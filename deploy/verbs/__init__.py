"""The commands of `./bellhop` that need Docker: Docker itself, `prove`, `bench`, and the database's."""
