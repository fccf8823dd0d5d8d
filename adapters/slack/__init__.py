"""Slack: the app that hears, the platform that posts, and how both are installed."""
