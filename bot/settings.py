"""Settings, from the environment and an optional TOML file."""
