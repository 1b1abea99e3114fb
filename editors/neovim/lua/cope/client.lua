-- The server of a buffer: found, asked for offers, sent commands.

local M = {}

---@param text string
---@param level? vim.log.levels
function M.say(text, level)
  vim.notify('Cope: ' .. text, level or vim.log.levels.INFO)
end

---The server of a buffer; without one the user is told what to do.
---@param bufnr integer
---@return vim.lsp.Client?
function M.of_buffer(bufnr)
  local client = vim.lsp.get_clients({ name = 'cope', bufnr = bufnr })[1]
  if not client then
    M.say(
      'no server is attached to this buffer. `:checkhealth cope` says what is missing.',
      vim.log.levels.ERROR
    )
  end
  return client
end

---Send one of the server's commands; `on_done` hears whether there was something to do.
---@param client vim.lsp.Client
---@param command string
---@param argument table
---@param on_done? fun(done: boolean)
function M.execute(client, command, argument, on_done)
  local given = next(argument) and argument or vim.empty_dict()
  local params = { command = command, arguments = { given } }
  client:request('workspace/executeCommand', params, function(failure, result)
    if failure then
      M.say(failure.message, vim.log.levels.ERROR)
    elseif on_done then
      on_done(type(result) == 'table' and result.done == true)
    end
  end)
end

---@class cope.Offer
---@field title string
---@field kind string
---@field command lsp.Command

---Ask what can be done at a range, as if the user had opened the menu.
---@param client vim.lsp.Client
---@param bufnr integer
---@param range lsp.Range
---@param on_offers fun(offers: cope.Offer[])
function M.offers(client, bufnr, range, on_offers)
  local params = {
    textDocument = vim.lsp.util.make_text_document_params(bufnr),
    range = range,
    context = {
      diagnostics = M.diagnostics(client, bufnr),
      triggerKind = vim.lsp.protocol.CodeActionTriggerKind.Invoked,
    },
  }
  client:request('textDocument/codeAction', params, function(failure, result)
    if failure then
      M.say(failure.message, vim.log.levels.ERROR)
      return
    end
    on_offers(result or {})
  end, bufnr)
end

---A range of whole columns of the buffer as LSP's, in the client's encoding.
---@param client vim.lsp.Client
---@param bufnr integer
---@param first [integer, integer] row and byte column from 0
---@param last [integer, integer]
---@return lsp.Range
function M.range(client, bufnr, first, last)
  ---@param place [integer, integer]
  local function position(place)
    local line = vim.api.nvim_buf_get_lines(bufnr, place[1], place[1] + 1, false)[1] or ''
    local column = vim.str_utfindex(line, client.offset_encoding, math.min(place[2], #line), false)
    return { line = place[1], character = column }
  end
  return { start = position(first), ['end'] = position(last) }
end

---What other tools found in the buffer. Neovim's own request for code actions leaves that out.
---@param client vim.lsp.Client
---@param bufnr integer
---@return lsp.Diagnostic[]
function M.diagnostics(client, bufnr)
  return vim.tbl_map(function(found) ---@param found vim.Diagnostic
    local last = { found.end_lnum or found.lnum, found.end_col or found.col }
    return {
      range = M.range(client, bufnr, { found.lnum, found.col }, last),
      message = found.message,
      severity = found.severity,
      source = found.source,
      code = found.code and tostring(found.code) or nil,
    }
  end, vim.diagnostic.get(bufnr))
end

return M
