"""Running a language by its own tools: builds and tests as steps that a driver takes inside the sandbox.

Invariant: the driver holds the records; what a step starts can neither write to them nor see the key that
marks them. Whether a case passed is read here, outside, from what the driver saw of each step.
"""
