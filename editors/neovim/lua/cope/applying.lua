-- `workspace/applyEdit`: one undo step, honest about what was not applied, never out of sight.
--
-- Neovim's own handler answers `applied = true` to an edit that it dropped for its version.

local M = {}

---@param change lsp.TextDocumentEdit
---@return string? reason why the edit must not be applied; nil: it may
local function refusal(change)
  local bufnr = vim.uri_to_bufnr(change.textDocument.uri)
  local version = change.textDocument.version
  local known = vim.lsp.util.buf_versions[bufnr]
  if type(version) == 'number' and known and known ~= version then
    return ('the buffer is at version %d, the edit is for %d'):format(known, version)
  end
  if vim.api.nvim_buf_is_loaded(bufnr) and not vim.bo[bufnr].modifiable then
    return 'the buffer is not modifiable'
  end
end

---What is typed before and after an edit is undone on its own.
---@param bufnr integer
local function break_undo(bufnr)
  if vim.api.nvim_buf_is_loaded(bufnr) then
    vim.api.nvim_buf_call(bufnr, function()
      vim.cmd('let &g:undolevels = &g:undolevels')
    end)
  end
end

---@param bufnr integer
local function bring_into_sight(bufnr)
  if #vim.fn.win_findbuf(bufnr) == 0 then
    vim.api.nvim_open_win(bufnr, false, { split = 'below', win = 0 })
  end
end

---@param params lsp.ApplyWorkspaceEditParams
---@param ctx lsp.HandlerContext
---@return lsp.ApplyWorkspaceEditResult
function M.on_apply_edit(_, params, ctx)
  local client = assert(vim.lsp.get_client_by_id(ctx.client_id))
  local changes = vim.tbl_filter(function(change)
    return change.textDocument ~= nil
  end, params.edit.documentChanges or {})
  for _, change in ipairs(changes) do
    local reason = refusal(change)
    if reason then
      return { applied = false, failureReason = reason }
    end
  end
  local buffers = vim.tbl_map(function(change)
    return vim.uri_to_bufnr(change.textDocument.uri)
  end, changes)
  vim.tbl_map(break_undo, buffers)
  local ok, failure = pcall(vim.lsp.util.apply_workspace_edit, params.edit, client.offset_encoding)
  vim.tbl_map(break_undo, buffers)
  if ok then
    vim.tbl_map(bring_into_sight, buffers)
  end
  return { applied = ok, failureReason = not ok and tostring(failure) or nil }
end

return M
