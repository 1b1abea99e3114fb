(identifier) @name
(attribute) @dotted
(call) @call
(string_content) @text
