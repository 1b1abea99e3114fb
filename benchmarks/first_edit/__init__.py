"""How long a newcomer takes from a bare Debian or Ubuntu to the first tested edit.

Each route is a list of shell lines that README or the VS Code extension asks for, and runs in a fresh copy
of a root made by debootstrap. Nothing of the product is in there but what the newcomer installs.
"""
