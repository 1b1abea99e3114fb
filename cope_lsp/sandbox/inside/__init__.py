"""What a warm worker runs inside bubblewrap: standard library only, on every interpreter from 3.8 on.

Invariant: the warden (our own interpreter, nothing foreign imported) is the only one that sees the project
whole; the zygote (the project's interpreter) sees its environment only; a job sees its own view and holds
no right over it. Nothing here imports the rest of the package.
"""
