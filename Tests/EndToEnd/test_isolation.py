"""Nothing of one call can be seen by another."""

from concurrent.futures import ThreadPoolExecutor

COUNTER = """
import builtins, os, random, secrets, sys, uuid
counter = 0
seen = []

def main(args, context):
    global counter
    counter += 1
    seen.append(args.get("n"))
    traces = [
        counter, len(seen), hasattr(builtins, "planted"), "planted" in sys.modules, "PLANTED" in os.environ,
        os.path.exists("/tmp/planted"), oct.__name__,
    ]
    builtins.planted = oct
    sys.modules["planted"] = sys
    os.environ["PLANTED"] = "1"
    open("/tmp/planted", "w").write("x")
    builtins.oct = lambda x: 42
    return {"traces": traces, "random": [random.random(), os.urandom(8).hex(), str(uuid.uuid4()), secrets.token_hex(8)]}
"""


def test_every_call_starts_from_the_imported_module(server):
    server.deploy("counter", COUNTER)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: server.call("counter", {"n": n}).json, range(300)))
    assert all(answer["traces"] == [1, 1, False, False, False, False, "oct"] for answer in answers)
    for kind in range(4):
        assert len({answer["random"][kind] for answer in answers}) == len(answers)


SECRET = """
def main(args, context):
    secret = "".join(["needle", "-", args["secret"]]) * 50
    data = [secret + str(i) for i in range(2000)]
    return len(data)
"""
SCANNER = """
import gc
def main(args, context):
    found = 0
    for thing in gc.get_objects():
        if isinstance(thing, (str, bytes)) and "needle-zzz" in str(thing): found += 1
    # Fresh allocations: what earlier calls left in free memory would show here.
    blocks = [bytearray(1 << 16) for _ in range(200)]
    return found + sum(b"needle-zzz" in block for block in blocks)
"""


def test_a_secret_of_one_function_is_found_by_no_other(server):
    server.deploy("keeper", SECRET)
    server.deploy("scanner", SCANNER)
    for _ in range(20):
        assert server.call("keeper", {"secret": "zzz"}).json == 2000
        assert server.call("scanner").json == 0


def test_a_context_is_given_to_its_function_and_shown_nowhere(server):
    code = "def main(args, context):\n    return sorted(context)\n"
    server.deploy("holder", code, 'access_key_is = "XYZ-very-secret"\nsecret_access_key = "123-very-secret"\n')
    assert server.call("holder").json == ["access_key_is", "secret_access_key"]
    for path in ("/v1/functions/", "/v1/functions/holder", "/v1/executions/?include_completed=True"):
        assert b"very-secret" not in server.request("GET", path).body
    for file in server.data.rglob("*"):
        if file.is_file():
            assert b"very-secret" not in file.read_bytes(), file
    assert "very-secret" not in server.log.read_text()
