-- The configuration behind `vim.lsp.enable('cope')`. The rest of the client loads when it is first needed.

---@param module string
---@param name string
---@return fun(...: any): ...
local function lazily(module, name)
  return function(...)
    return require(module)[name](...)
  end
end

---@type vim.lsp.Config
return {
  cmd = { 'cope-lsp', '--stdio' },
  filetypes = {
    'python',
    'go',
    'rust',
    'java',
    'cpp',
    'javascript',
    'javascriptreact',
    'typescript',
    'typescriptreact',
    'ruby',
  },
  root_markers = {
    '.git',
    'pyproject.toml',
    'pytest.ini',
    'setup.cfg',
    'tox.ini',
    'go.mod',
    'Cargo.toml',
    'pom.xml',
    'package.json',
    'CMakeLists.txt',
    'Gemfile',
  },
  init_options = { protocolVersion = 1, previewEdits = true, status = true, questions = true },
  -- Edits come with the version that they are for, and the server hears of each change before an answer: else
  -- what was typed last would be missing where it decides where an edit goes.
  capabilities = { workspace = { workspaceEdit = { documentChanges = true } } },
  flags = { debounce_text_changes = 0 },
  handlers = {
    ['cope/proposal'] = lazily('cope.proposal', 'on_proposal'),
    ['cope/question'] = lazily('cope.question', 'on_question'),
    ['cope/status'] = lazily('cope.status', 'on_status'),
    ['workspace/applyEdit'] = lazily('cope.applying', 'on_apply_edit'),
    ['$/cancelRequest'] = lazily('cope.proposal', 'on_cancel'),
  },
  on_exit = vim.schedule_wrap(lazily('cope.ending', 'on_exit')),
}
