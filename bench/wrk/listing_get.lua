-- Pages of listings whose ids are drawn evenly: wrk ... -- FIRST LAST
local folder = debug.getinfo(1, "S").source:match("^@(.*)/")
dofile(folder .. "/report.lua")

local threads = 0
function setup(thread)
    thread:set("seed", threads)
    threads = threads + 1
end

local first, last
local rest = " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
function init(args)
    first, last = tonumber(args[1]), tonumber(args[2])
    math.randomseed(os.time() + seed)
end

function request()
    return "GET /v1/listings/" .. math.random(first, last) .. rest
end
