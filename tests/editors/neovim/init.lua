-- What a user's init.lua has, and ears for what a user sees. `vim.ui.select` and `vim.notify` are there to be
-- replaced: without a screen nobody could answer the built-in ones.

vim.opt.rtp:prepend(vim.env.COPE_TEST_PLUGIN)
vim.lsp.enable('cope')
if vim.env.COPE_TEST_TRUSTED then
  vim.lsp.config('cope', { init_options = { trusted = true } })
end

Seen = { notes = {}, choices = {}, status = {} }

---What is picked from a choice: a title, or nil.
---@type fun(prompt: string, titles: string[]): string?
Pick = function() end

vim.notify = function(text, level)
  table.insert(Seen.notes, { text = text, level = level })
end

vim.ui.select = function(items, opts, on_choice)
  local titles = vim.tbl_map(opts.format_item or tostring, items)
  table.insert(Seen.choices, { prompt = opts.prompt, titles = titles, kind = opts.kind })
  local picked = Pick(opts.prompt, titles)
  for index, title in ipairs(titles) do
    if title == picked then
      on_choice(items[index], index)
      return
    end
  end
  on_choice(nil)
end

vim.api.nvim_create_autocmd('User', {
  pattern = 'CopeStatus',
  callback = function()
    table.insert(Seen.status, require('cope.status').text())
  end,
})

---Wait until a condition holds, while Neovim goes on.
---@param condition fun(): any
function Await(condition)
  if not vim.wait(110000, condition, 20) then
    error('it did not happen; notes: ' .. vim.inspect(Seen.notes))
  end
end

---What is drawn over the current buffer, as text.
---@return string[]
function Drawn()
  local namespace = vim.api.nvim_get_namespaces()['cope.inline_diff']
  local lines = {}
  for _, mark in ipairs(vim.api.nvim_buf_get_extmarks(0, namespace or -1, 0, -1, { details = true })) do
    for _, line in ipairs(mark[4].virt_lines or {}) do
      lines[#lines + 1] = line[1][1]
    end
    for _, piece in ipairs(mark[4].virt_text or {}) do
      lines[#lines + 1] = piece[1] .. vim.api.nvim_buf_get_lines(0, mark[2], mark[2] + 1, false)[1]
    end
  end
  return lines
end

---The text of floating windows, with their titles.
---@return string
function Floating()
  local found = {}
  for _, win in ipairs(vim.api.nvim_list_wins()) do
    local config = vim.api.nvim_win_get_config(win)
    if config.relative ~= '' then
      found[#found + 1] = config.title and config.title[1][1] or ''
      vim.list_extend(found, vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(win), 0, -1, false))
    end
  end
  return table.concat(found, '\n')
end
