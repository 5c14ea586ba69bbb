-- Load for wrk: POSTs of the pool's messages, each with a MsgId of its own.
-- wrk ... -s post.lua URL -- POOL_FILE THREADS FIRST_MSGID [CYCLE_MS]
-- With CYCLE_MS each connection pauses that long on average before every request, which holds the rate down.

local threads_made = 0

function setup(thread)
   thread:set("number", threads_made)
   threads_made = threads_made + 1
end

local placeholder = string.rep("@", 16)
local heads, tails, count, taken, next_id = {}, {}, 0, 0, 0

function init(arguments)
   local pool, threads, first, cycle = arguments[1], tonumber(arguments[2]), tonumber(arguments[3]), tonumber(arguments[4])
   next_id = first + number * 500000000
   local line_number = 0
   for line in io.lines(pool) do
      if line_number % threads == number then
         local query, body = line:match("^([^\t]*)\t(.*)$")
         local request = "POST " .. wrk.path .. "?" .. query .. " HTTP/1.1\r\nHost: " .. wrk.host ..
            "\r\nContent-Type: text/xml\r\nContent-Length: " .. #body .. "\r\n\r\n" .. body
         local start, stop = request:find(placeholder, 1, true)
         count = count + 1
         heads[count] = start and request:sub(1, start - 1) or request
         tails[count] = start and request:sub(stop + 1) or false
      end
      line_number = line_number + 1
   end
   if cycle and cycle > 0 then
      math.randomseed(first + number)
      -- wrk counts whole milliseconds: the fraction becomes a chance.
      delay = function() return math.floor(cycle + math.random()) end
   end
end

function request()
   taken = taken % count + 1
   if not tails[taken] then return heads[taken] end
   next_id = next_id + 1
   return heads[taken] .. string.format("%.0f", next_id) .. tails[taken]
end

function done(summary, latency)
   local errors = summary.errors
   print(string.format(
      '{"requests":%d,"microseconds":%d,"p50":%d,"p99":%d,"max":%d,"status":%d,"socket":%d,"timeout":%d}',
      summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), latency.max,
      errors.status, errors.connect + errors.read + errors.write, errors.timeout))
end
