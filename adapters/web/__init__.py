"""The small web server: is it alive, is it ready, and how is it doing."""
