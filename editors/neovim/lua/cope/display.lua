-- One proposal on the screen: drawn over its buffer, with its evidence beside it, following what is typed.

local evidence = require('cope.evidence')
local inline_diff = require('cope.inline_diff')

local M = {}

---@class cope.Display
---@field proposal cope.Proposal
---@field bufnr integer the document, or a page of ours that stands for one that is not open
---@field page boolean
---@field base string[] the lines that the proposal was made for
---@field drawing? cope.Drawing nil where the text had moved on before the proposal came
---@field stale boolean
---@field float? integer
---@field group? integer

---@param text string
---@return string[]
local function lines_of(text)
  local lines = vim.split((text:gsub('\r\n', '\n')), '\n', { plain = true })
  if #lines > 1 and lines[#lines] == '' then
    lines[#lines] = nil
  end
  return lines
end

---A page that stands for a file which is not open, or not there yet.
---@param proposal cope.Proposal
---@return integer bufnr
local function page_for(proposal)
  local path = vim.uri_to_fname(proposal.uri)
  local bufnr = vim.api.nvim_create_buf(false, true)
  vim.api.nvim_buf_set_name(bufnr, ('cope://%s/%s'):format(proposal.job, vim.fs.basename(path)))
  vim.bo[bufnr].bufhidden = 'wipe'
  if vim.uv.fs_stat(path) then
    vim.api.nvim_buf_set_lines(bufnr, 0, -1, false, vim.fn.readfile(path))
  end
  vim.bo[bufnr].filetype = vim.filetype.match({ filename = path }) or ''
  vim.bo[bufnr].modifiable = false
  vim.api.nvim_open_win(bufnr, false, { split = 'below', win = 0 })
  return bufnr
end

---@param display cope.Display
local function draw(display)
  if display.drawing then
    inline_diff.clear(display.drawing)
  end
  local hunks = inline_diff.hunks(display.base, lines_of(display.proposal.newText))
  local look = display.proposal.verified and inline_diff.VERIFIED or inline_diff.UNVERIFIED
  display.drawing = inline_diff.draw(display.bufnr, hunks, look)
end

---The row that the evidence belongs to, the largest hunk's last, and how many virtual lines follow it.
---@param display cope.Display
---@return integer row
---@return integer added
function M.place(display)
  local first = display.proposal.edits[1]
  local row, added = first and first.range.start.line or 0, -1
  for number, hunk in ipairs(display.drawing and display.drawing.hunks or {}) do
    if #hunk.new > added then
      local _, last = inline_diff.rows(display.drawing, number)
      row, added = last, #hunk.new
    end
  end
  return row, math.max(added, 0)
end

---The rows where hunks begin now.
---@param display cope.Display
---@return integer[]
function M.hunk_rows(display)
  local drawing = display.drawing
  if not drawing then
    return { (M.place(display)) }
  end
  local rows = {} ---@type integer[]
  for number in ipairs(drawing.hunks) do
    rows[number] = inline_diff.rows(drawing, number)
  end
  return rows
end

---@param display cope.Display
local function show_evidence(display)
  local win = vim.fn.bufwinid(display.bufnr)
  if win == -1 then
    evidence.close(display.float)
    display.float = nil
    return
  end
  local row, added = M.place(display)
  local spot = { win = win, row = row, added = added }
  display.float = evidence.show(display.proposal, display.stale, spot, display.float)
end

---A proposal whose lines are gone says so, and one whose lines are back no longer.
---@param display cope.Display
local function follow(display)
  if not display.group or not vim.api.nvim_buf_is_loaded(display.bufnr) then
    return
  end
  local drawing = display.drawing
  local now = vim.api.nvim_buf_get_lines(display.bufnr, 0, -1, false)
  local untouched = drawing ~= nil and vim.deep_equal(now, display.base)
  if untouched and display.stale then
    draw(display)
  end
  display.stale = not untouched and not (drawing ~= nil and inline_diff.stands(drawing))
  show_evidence(display)
end

---@param display cope.Display
---@param on_gone fun()
local function watch(display, on_gone)
  local group = vim.api.nvim_create_augroup('cope.display.' .. display.proposal.job, {})
  display.group = group
  local moved = { 'BufWinEnter', 'BufWinLeave', 'TabEnter', 'WinScrolled', 'WinResized' }
  local again = vim.schedule_wrap(function()
    if display.group then
      show_evidence(display)
    end
  end)
  vim.api.nvim_create_autocmd(moved, { group = group, callback = again })
  local gone = vim.schedule_wrap(on_gone)
  vim.api.nvim_create_autocmd('BufUnload', { group = group, buffer = display.bufnr, callback = gone })
  local later = vim.schedule_wrap(follow)
  vim.api.nvim_buf_attach(display.bufnr, false, {
    on_lines = function()
      later(display)
      return display.group == nil
    end,
  })
end

---@param bufnr integer
local function bind_keys(bufnr)
  for name, key in pairs(vim.g.cope_keys or {}) do
    local opts = { buffer = bufnr, desc = ('Cope: %s the proposal'):format(name) }
    vim.keymap.set('n', key, ('<Cmd>Cope %s<CR>'):format(name), opts)
  end
end

---@param bufnr integer
local function unbind_keys(bufnr)
  for _, key in pairs(vim.g.cope_keys or {}) do
    pcall(vim.keymap.del, 'n', key, { buffer = bufnr })
  end
end

---Show a proposal. `on_gone` hears when its buffer is unloaded.
---@param proposal cope.Proposal
---@param on_gone fun()
---@return cope.Display
function M.show(proposal, on_gone)
  local path = vim.uri_to_fname(proposal.uri)
  local page = vim.fn.bufloaded(path) == 0
  local bufnr = page and page_for(proposal) or vim.fn.bufadd(path)
  local version = vim.lsp.util.buf_versions[bufnr]
  ---@type cope.Display
  local display = {
    proposal = proposal,
    bufnr = bufnr,
    page = page,
    base = vim.api.nvim_buf_get_lines(bufnr, 0, -1, false),
    stale = not page and version ~= nil and proposal.version ~= version,
  }
  if not display.stale then
    draw(display)
  end
  watch(display, on_gone)
  bind_keys(bufnr)
  show_evidence(display)
  return display
end

---Take a proposal off the screen.
---@param display cope.Display
function M.hide(display)
  vim.api.nvim_del_augroup_by_id(display.group)
  display.group = nil
  evidence.close(display.float)
  if not vim.api.nvim_buf_is_valid(display.bufnr) then
    return
  end
  if display.drawing then
    inline_diff.clear(display.drawing)
  end
  unbind_keys(display.bufnr)
  if display.page then
    vim.api.nvim_buf_delete(display.bufnr, { force = true })
  end
end

return M
