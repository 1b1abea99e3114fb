-- The floating lines beside a proposal: what it is worth, in words, and what can be done with it.

local M = {}

vim.api.nvim_set_hl(0, 'CopeEvidence', { default = true, link = 'NormalFloat' })
vim.api.nvim_set_hl(0, 'CopeWarning', { default = true, link = 'WarningMsg' })

local WIDEST = 100

---@class cope.Spot where the lines belong: below the hunk at `row`, which `added` virtual lines follow
---@field win integer
---@field row integer
---@field added integer

---@return string
local function ways()
  local keys = vim.g.cope_keys or {}
  local named = vim.tbl_map(function(name)
    return keys[name] and ('%s %s'):format(keys[name], name) or (':Cope %s'):format(name)
  end, { 'accept', 'discard', 'next', 'report' })
  return table.concat(named, ' · ')
end

---The lines for a proposal.
---@param proposal cope.Proposal
---@param stale boolean
---@return string[]
function M.lines(proposal, stale)
  local lines = {}
  if stale then
    lines[#lines + 1] = 'STALE: the code that this was made for has changed. Discard it and ask again.'
  end
  if proposal.verified then
    lines[#lines + 1] = ('VERIFIED · %s · confidence %.2f'):format(proposal.message, proposal.confidence)
  else
    lines[#lines + 1] = 'UNVERIFIED: nothing has shown that this is right. Read it before you accept it.'
    lines[#lines + 1] = proposal.message
  end
  if #proposal.flags > 0 then
    lines[#lines + 1] = ('NEW POWERS: %s'):format(table.concat(proposal.flags, ', '))
  end
  lines[#lines + 1] = ways()
  return lines
end

---@param lines string[]
---@return integer
local function width_of(lines)
  local widths = vim.tbl_map(vim.fn.strdisplaywidth, lines)
  return math.max(unpack(widths))
end

---@param place cope.Spot
---@param width integer
---@param height integer
---@return vim.api.keyset.win_config
local function position(place, width, height)
  local config = { relative = 'win', win = place.win, width = width, height = height, focusable = false }
  local shown = vim.api.nvim_win_call(place.win, function()
    return { vim.fn.line('w0') - 1, vim.fn.line('w$') - 1 }
  end)
  if place.row < shown[1] or place.row > shown[2] then
    local corner = { anchor = 'NE', row = 0, col = vim.api.nvim_win_get_width(place.win) }
    return vim.tbl_extend('error', config, corner)
  end
  return vim.tbl_extend('error', config, { bufpos = { place.row, 0 }, row = place.added + 1, col = 2 })
end

---@param lines string[]
---@param config vim.api.keyset.win_config
---@return integer float
local function opened(lines, config)
  local bufnr = vim.api.nvim_create_buf(false, true)
  vim.bo[bufnr].bufhidden = 'wipe'
  vim.api.nvim_buf_set_lines(bufnr, 0, -1, false, lines)
  local win = vim.api.nvim_open_win(bufnr, false, vim.tbl_extend('error', config, { noautocmd = true }))
  vim.wo[win].wrap = true
  vim.wo[win].linebreak = true
  return win
end

---Show a proposal's lines; `float` is the window that shows them already.
---@param proposal cope.Proposal
---@param stale boolean
---@param place cope.Spot
---@param float? integer
---@return integer float
function M.show(proposal, stale, place, float)
  local lines = M.lines(proposal, stale)
  local sound = proposal.verified and not stale
  local width = math.max(math.min(width_of(lines), WIDEST, vim.api.nvim_win_get_width(place.win) - 4), 20)
  local config = vim.tbl_extend('error', position(place, width, #lines), {
    style = 'minimal',
    border = sound and 'single' or 'double',
    title = sound and ' Cope ' or (stale and ' Cope: stale ' or ' Cope: NOT VERIFIED '),
    zindex = 40,
  })
  local win = float
  if win and vim.api.nvim_win_is_valid(win) then
    vim.api.nvim_buf_set_lines(vim.api.nvim_win_get_buf(win), 0, -1, false, lines)
    vim.api.nvim_win_set_config(win, config)
  else
    win = opened(lines, config)
  end
  vim.wo[win].winhighlight = sound and 'NormalFloat:CopeEvidence'
    or 'NormalFloat:CopeWarning,FloatBorder:CopeWarning'
  vim.api.nvim_win_set_height(win, vim.api.nvim_win_text_height(win, {}).all)
  return win
end

---@param float? integer
function M.close(float)
  if float and vim.api.nvim_win_is_valid(float) then
    vim.api.nvim_win_close(float, true)
  end
end

return M
