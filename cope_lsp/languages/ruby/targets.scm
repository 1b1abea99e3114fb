; @definition with @name and @head, the head's last node: the body is all that follows, `end` included.
(method name: (_) @name @head !parameters) @definition
(method name: (_) @name parameters: (_) @head) @definition

; `def self.total` belongs to what stands around it, `def Shop.total` to Shop.
(singleton_method object: (self) name: (_) @name @head !parameters) @definition
(singleton_method object: (self) name: (_) @name parameters: (_) @head) @definition
(singleton_method object: (constant) @parent name: (_) @name @head !parameters) @definition
(singleton_method object: (constant) @parent name: (_) @name parameters: (_) @head) @definition

; Of several matches of a definition the last counts. A constructor that does nothing is complete.
((method name: (_) @name @head !parameters) @definition
  (#eq? @name "initialize") (#set! empty "written"))
((method name: (_) @name parameters: (_) @head) @definition
  (#eq? @name "initialize") (#set! empty "written"))

; What subclasses are told to write.
((method name: (_) @name @head !parameters
  body: (body_statement . (call arguments: (argument_list (constant) @_error (string) @_said)) .)) @definition
  (#eq? @_error "NotImplementedError")
  (#match? @_said "(?i)abstract|subclass|must (be )?(implement|overrid|define)|should (be )?(implement|overrid|define)")
  (#set! offer "no"))
((method name: (_) @name parameters: (_) @head
  body: (body_statement . (call arguments: (argument_list (constant) @_error (string) @_said)) .)) @definition
  (#eq? @_error "NotImplementedError")
  (#match? @_said "(?i)abstract|subclass|must (be )?(implement|overrid|define)|should (be )?(implement|overrid|define)")
  (#set! offer "no"))

(class name: (_) @scope.name) @scope
(module name: (_) @scope.name) @scope

; `Point = Struct.new(:x) do … end`, `Klass = Class.new(Base) do … end`.
(assignment
  left: (constant) @scope.name
  right: (call method: (identifier) block: (do_block))) @scope
