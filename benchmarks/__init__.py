"""Speed and memory against peers, in one run; each module's last line of output is one line of JSON."""
