-- wrk's side of a measurement. Arguments: METHOD PATH COUNT BODY_FILE; `%d` in PATH becomes 0 … COUNT-1 in turn.
-- The environment variable TOKEN is sent along. Prints one line of JSON.

function init(arguments)
    path, count, turn = arguments[2], tonumber(arguments[3]), 0
    wrk.method = arguments[1]
    wrk.headers["Content-Type"] = "application/json"
    if os.getenv("TOKEN") then wrk.headers["Authorization"] = "Token " .. os.getenv("TOKEN") end
    if arguments[4] then
        local file = assert(io.open(arguments[4], "rb"))
        wrk.body = file:read("*a")
        file:close()
    end
    requests = {}
    for number = 0, count - 1 do
        requests[number] = wrk.format(nil, (path:gsub("%%d", number)))
    end
end

function request()
    local text = requests[turn]
    turn = (turn + 1) % count
    return text
end

function done(summary, latency, _)
    local errors = summary.errors
    io.write(string.format('RESULT {"requests": %d, "microseconds": %d, "p50": %g, "p99": %g, "failed": %d}\n',
        summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
        errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
