"""The package as others get it: built, installed into clean environments, and taken into a new project there."""
