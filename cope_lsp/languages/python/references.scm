; Names that code mentions, and dotted ones whole.
(identifier) @name
(attribute) @dotted
