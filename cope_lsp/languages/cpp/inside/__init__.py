"""Takes steps of a C++ recipe inside the sandbox; standard library only, each part loaded by its own name."""
