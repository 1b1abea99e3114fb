; An empty block and Python 2's statements parse here, and nowhere else.
(block) @block
(print_statement) @old
(exec_statement) @old
