(expression_statement . (ellipsis) @ellipsis .)
