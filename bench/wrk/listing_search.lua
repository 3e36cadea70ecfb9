-- Searches drawn evenly from a file with one path a line: wrk ... -- FILE
local folder = debug.getinfo(1, "S").source:match("^@(.*)/")
dofile(folder .. "/report.lua")

local threads = 0
function setup(thread)
    thread:set("seed", threads)
    threads = threads + 1
end

local requests = {}
function init(args)
    math.randomseed(os.time() + seed)
    for path in io.lines(args[1]) do
        table.insert(requests, "GET " .. path .. " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    end
end

function request()
    return requests[math.random(#requests)]
end
