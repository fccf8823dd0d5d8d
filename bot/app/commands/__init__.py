"""What the commands do: one module a subject, over the ports. `desk.py` is where every platform brings them."""
