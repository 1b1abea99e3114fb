-- A change drawn over a buffer with extmarks: the buffer's text and changedtick stay as they are.

local M = {}

local diff = vim.text and vim.text.diff or vim.diff

local namespace = vim.api.nvim_create_namespace('cope.inline_diff')

vim.api.nvim_set_hl(0, 'CopeRemoved', { default = true, link = 'DiffDelete' })
vim.api.nvim_set_hl(0, 'CopeAdded', { default = true, link = 'DiffAdd' })
vim.api.nvim_set_hl(0, 'CopeUnverified', { default = true, link = 'DiffChange' })

---@class cope.Hunk
---@field row integer first row that is replaced, from 0; of an insertion the row that it goes before
---@field old string[]
---@field new string[]

---@class cope.Look how added lines are marked: by a sign that can be read and by colour
---@field sign string
---@field highlight string

---@class cope.Drawing
---@field bufnr integer
---@field hunks cope.Hunk[]
---@field anchors integer[] an extmark a hunk, over its old lines
---@field marks integer[] all other extmarks

M.VERIFIED = { sign = '+ ', highlight = 'CopeAdded' } ---@type cope.Look
M.UNVERIFIED = { sign = '?+ ', highlight = 'CopeUnverified' } ---@type cope.Look

---@param lines string[]
---@return string
local function joined(lines)
  return #lines == 1 and lines[1] == '' and '' or table.concat(lines, '\n') .. '\n'
end

---What changes between two texts, by lines.
---@param old string[]
---@param new string[]
---@return cope.Hunk[]
function M.hunks(old, new)
  local found = diff(joined(old), joined(new), { result_type = 'indices', algorithm = 'histogram' })
  return vim.tbl_map(function(place)
    local old_start, old_count, new_start, new_count = unpack(place)
    return {
      row = old_count > 0 and old_start - 1 or old_start,
      old = vim.list_slice(old, old_start, old_start + old_count - 1),
      new = vim.list_slice(new, new_start, new_start + new_count - 1),
    }
  end, found --[[@as integer[][] ]])
end

---@param bufnr integer
---@param lines string[]
---@param look cope.Look
---@return [string, string][][]
local function virtual(bufnr, lines, look)
  local tab = (' '):rep(vim.bo[bufnr].tabstop)
  return vim.tbl_map(function(line) ---@param line string
    return { { look.sign .. line:gsub('\t', tab), look.highlight } }
  end, lines)
end

---@param bufnr integer
---@param hunk cope.Hunk
---@return integer anchor
local function anchored(bufnr, hunk)
  local last = math.max(#hunk.old - 1, 0)
  local row = math.min(hunk.row, vim.api.nvim_buf_line_count(bufnr) - 1)
  return vim.api.nvim_buf_set_extmark(bufnr, namespace, row, 0, {
    end_row = row + last,
    end_col = #(hunk.old[#hunk.old] or ''),
    undo_restore = true,
  })
end

---Draw hunks over a buffer.
---@param bufnr integer
---@param hunks cope.Hunk[]
---@param look cope.Look
---@return cope.Drawing
function M.draw(bufnr, hunks, look)
  local anchors, marks = {}, {} ---@type integer[], integer[]
  local count = vim.api.nvim_buf_line_count(bufnr)
  ---@param row integer
  ---@param opts vim.api.keyset.set_extmark
  local function mark(row, opts)
    marks[#marks + 1] = vim.api.nvim_buf_set_extmark(bufnr, namespace, row, 0, opts)
  end
  for _, hunk in ipairs(hunks) do
    anchors[#anchors + 1] = anchored(bufnr, hunk)
    for offset = 0, #hunk.old - 1 do
      local sign = { { '- ', 'CopeRemoved' } }
      mark(hunk.row + offset, { line_hl_group = 'CopeRemoved', virt_text = sign, virt_text_pos = 'inline' })
    end
    local above = hunk.row == 0 and #hunk.old == 0 and count > 1
    local row = above and 0 or math.max(hunk.row + #hunk.old - 1, 0)
    mark(row, { virt_lines = virtual(bufnr, hunk.new, look), virt_lines_above = above })
  end
  return { bufnr = bufnr, hunks = hunks, anchors = anchors, marks = marks }
end

---@param drawing cope.Drawing
function M.clear(drawing)
  if not vim.api.nvim_buf_is_valid(drawing.bufnr) then
    return
  end
  for _, ids in ipairs({ drawing.anchors, drawing.marks }) do
    for _, id in ipairs(ids) do
      vim.api.nvim_buf_del_extmark(drawing.bufnr, namespace, id)
    end
  end
end

---The rows where a hunk begins and ends now.
---@param drawing cope.Drawing
---@param number integer
---@return integer first
---@return integer last
function M.rows(drawing, number)
  local opts = { details = true }
  local place = vim.api.nvim_buf_get_extmark_by_id(drawing.bufnr, namespace, drawing.anchors[number], opts)
  return place[1], place[3].end_row or place[1]
end

---Whether every line that the change replaces still stands.
---@param drawing cope.Drawing
---@return boolean
function M.stands(drawing)
  for number, hunk in ipairs(drawing.hunks) do
    local first, last = M.rows(drawing, number)
    local now = vim.api.nvim_buf_get_lines(drawing.bufnr, first, last + 1, false)
    if #hunk.old > 0 and not vim.deep_equal(now, hunk.old) then
      return false
    end
  end
  return true
end

return M
