-- `:Cope`. Nothing else loads here: the commands do when one is given, the client when a server is started.

if vim.g.loaded_cope then
  return
end
vim.g.loaded_cope = true

vim.api.nvim_create_user_command('Cope', function(given)
  require('cope.commands').run(given)
end, {
  bang = true,
  complete = function(lead, line)
    return require('cope.commands').complete(lead, line)
  end,
  desc = 'Ask cope-lsp, and decide about what it proposes (:help cope)',
  nargs = '*',
  range = true,
})
