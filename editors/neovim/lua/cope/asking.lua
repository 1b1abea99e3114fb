-- What the user asks for: an offer of the server's taken up, or an edit in the user's own words.

local client_of = require('cope.client')
local protocol = require('cope.protocol')

local M = {}

---@class cope.Place
---@field bufnr integer
---@field range [integer, integer][] first and last place, row and byte column from 0

---@param place cope.Place
---@param on_offers fun(client: vim.lsp.Client, offers: cope.Offer[])
local function with_offers(place, on_offers)
  local client = client_of.of_buffer(place.bufnr)
  if not client then
    return
  end
  local range = client_of.range(client, place.bufnr, place.range[1], place.range[2])
  client_of.offers(client, place.bufnr, range, function(offers)
    on_offers(client, offers)
  end)
end

---@param offer cope.Offer
---@return cope.RunArguments? asked nil where the offer starts nothing new
local function asked_by(offer)
  return offer.command.command == protocol.RUN and offer.command.arguments[1] or nil
end

---@param offers cope.Offer[]
---@param on_choice fun(offer: cope.Offer)
local function choose(offers, on_choice)
  if #offers == 1 then
    on_choice(offers[1])
    return
  end
  local function title(offer) ---@param offer cope.Offer
    return offer.title
  end
  vim.ui.select(offers, { prompt = 'Cope:', kind = 'cope_offer', format_item = title }, function(offer)
    if offer then
      on_choice(offer)
    end
  end)
end

---Take up what the server offers of a kind at a place; of several the user picks one.
---@param place cope.Place
---@param kind? cope.Kind any, when left out
function M.take_up(place, kind)
  with_offers(place, function(client, offers)
    local fitting = vim.tbl_filter(function(offer) ---@param offer cope.Offer
      local asked = asked_by(offer)
      return not kind or (asked ~= nil and asked.kind == kind)
    end, offers)
    if #fitting == 0 then
      local what = kind and ('`%s` is'):format(kind) or 'nothing is'
      local where = kind and 'not offered here.' or 'offered here.'
      client_of.say(('%s %s The cursor belongs into a function.'):format(what, where), vim.log.levels.WARN)
      return
    end
    choose(fitting, function(offer)
      client:exec_cmd(offer.command, { bufnr = place.bufnr })
    end)
  end)
end

---Ask for an edit, in words, of the function at a place.
---@param place cope.Place
---@param instruction string
---@param reach cope.Reach
function M.edit(place, instruction, reach)
  with_offers(place, function(client, offers)
    local target = vim.iter(offers):map(asked_by):next() ---@type cope.RunArguments?
    if not target then
      client_of.say('there is no function here that could be edited.', vim.log.levels.WARN)
      return
    end
    ---@type cope.RunArguments
    local argument = {
      uri = target.uri,
      version = target.version,
      qualname = target.qualname,
      hash = target.hash,
      kind = target.kind == 'implement' and 'implement' or 'edit',
      instruction = instruction,
      reach = reach,
    }
    client_of.execute(client, protocol.RUN, argument)
  end)
end

return M
