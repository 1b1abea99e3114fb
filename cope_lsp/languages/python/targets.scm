; Every definition with a body, decorated or not.
(function_definition
  name: (identifier) @name
  parameters: (parameters) @parameters
  body: (block) @body) @definition
