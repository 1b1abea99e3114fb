; @import stands at the top; @import.after must come before it: comments that only work on the first lines.
((program (call method: (identifier) @_require arguments: (argument_list . (string) .)) @import)
  (#any-of? @_require "require" "require_relative"))
((program . (comment) @import.after)
  (#match? @import.after "^#(!| *(-\\*-|(frozen_string_literal|encoding|coding|warn_indent|shareable_constant_value|typed):))"))
((program . (comment) . (comment) @import.after)
  (#match? @import.after "^# *(-\\*-|(frozen_string_literal|encoding|coding|warn_indent|shareable_constant_value|typed):)"))

; @declared is a name that the file or a type makes known, @declaration all that declares it.
(class name: (constant) @declared) @declaration
(class name: (scope_resolution name: (constant) @declared)) @declaration
(module name: (constant) @declared) @declaration
(module name: (scope_resolution name: (constant) @declared)) @declaration
(method name: (_) @declared) @declaration
(singleton_method name: (_) @declared) @declaration
(assignment left: (constant) @declared) @declaration
