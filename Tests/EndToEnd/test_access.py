"""Tokens, users, the audit log and keys, through the command line and over HTTP."""

import base64
import json
import subprocess
import urllib.error
import urllib.request

HELLO = "def main(args, context): return context.get('KEY', 'none')\n"


def swiftlet(server, *arguments, stdin=None):
    return subprocess.run(
        [server.bin / "swiftlet", *arguments], env=server.environment, capture_output=True, text=True, timeout=120, input=stdin
    )


def make_token(server, name, *options):
    result = swiftlet(server, "tokens", "create", name, *options)
    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith("swl_") and result.stdout.count("\n") == 1
    return result.stdout.strip()


def listed(server, noun):
    return json.loads(swiftlet(server, noun, "list", "--json").stdout)


def sign_in(server, path, user, password):
    request = urllib.request.Request(server.url + path)
    account = base64.b64encode(f"{user}:{password}".encode()).decode()
    request.add_header("Authorization", f"Basic {account}")
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def test_a_revoked_token_is_refused_at_once(own_server):
    token = make_token(own_server, "ci", "--scope", "read,run", "--expires-in", "1h")
    assert own_server.request("GET", "/v1/functions/", token=token).status == 200
    [entry] = [each for each in listed(own_server, "tokens") if each["name"] == "ci"]
    assert entry["scopes"] == ["read", "run"] and entry["last_used"] and entry["expires"]
    assert token not in swiftlet(own_server, "tokens", "list").stdout
    revoked = swiftlet(own_server, "tokens", "revoke", entry["id"])
    assert (revoked.returncode, revoked.stdout) == (0, f"Token `{entry['id']}` revoked\n")
    assert own_server.request("GET", "/v1/functions/", token=token).status == 401
    again = swiftlet(own_server, "tokens", "revoke", entry["id"])
    assert again.returncode == 1 and "404 (Not Found)" in again.stderr
    assert swiftlet(own_server, "tokens", "create", "x").returncode == 2


def test_the_administrators_token_can_be_revoked_too(own_server):
    old = own_server.token
    [admin] = [each for each in listed(own_server, "tokens") if each["name"] == "admin"]
    assert own_server.request("DELETE", f"/v1/tokens/{admin['id']}").status == 200
    assert own_server.request("GET", "/v1/functions/").status == 401
    assert own_server.stop() == 0
    own_server.start()
    assert own_server.token != old
    assert own_server.request("GET", "/v1/functions/").status == 200
    assert own_server.request("GET", "/v1/functions/", token=old).status == 401


def test_a_token_has_a_rate(own_server):
    token = make_token(own_server, "slow", "--scope", "read", "--rate-per-minute", "3")
    answers = [own_server.request("GET", "/v1/functions/", token=token) for _ in range(5)]
    assert [answer.status for answer in answers] == [200, 200, 200, 429, 429]
    assert answers[-1].json["error_code"] == "rate_limited" and 1 <= int(answers[-1].headers["Retry-After"]) <= 20
    assert own_server.request("GET", "/v1/functions/").status == 200


def test_a_token_is_for_its_functions_only(own_server):
    own_server.deploy("mine-1", HELLO)
    own_server.deploy("yours", HELLO)
    token = make_token(own_server, "mine", "--scope", "read,run,deploy", "--function", "mine-*")
    assert [each["name"] for each in own_server.request("GET", "/v1/functions/", token=token).json] == ["mine-1"]
    assert own_server.request("GET", "/v1/sync/functions/mine-1/rpc/", token=token).json == "none"
    for path in ["functions/yours", "sync/functions/yours/rpc/", "functions/yours/rpc/", "functions/none"]:
        answer = own_server.request("GET", f"/v1/{path}", token=token)
        assert answer.status == 404 and answer.json["message"] == "Not found."
    assert own_server.request("DELETE", "/v1/functions/yours", token=token).status == 403
    foreign = own_server.enqueue("yours")
    own_server.settled(foreign)
    assert own_server.request("GET", f"/v1/executions/{foreign}", token=token).status == 404
    assert own_server.request("GET", "/v1/spots/", token=token).status == 200
    assert own_server.request("PUT", "/v1/spots/", token=token).status == 403


def test_users_sign_in_with_a_password(own_server):
    made = swiftlet(
        own_server, "users", "create", "ann", "--password-file", "-", "--scope", "read", stdin="correct horse\n"
    )
    assert (made.returncode, made.stdout) == (0, "User `ann` created\n")
    assert sign_in(own_server, "/v1/functions/", "ann", "correct horse") == 200
    assert sign_in(own_server, "/v1/tokens/", "ann", "correct horse") == 403
    assert sign_in(own_server, "/v1/functions/", "ann", own_server.token) == 200
    # The wait doubles with each wrong password, so one of these comes too early, however long a check takes.
    tries = [sign_in(own_server, "/v1/functions/", "ann", "wrong horse") for _ in range(12)]
    assert tries[:5] == [401] * 5 and 429 in tries
    assert swiftlet(own_server, "users", "update", "ann").returncode == 1
    assert swiftlet(own_server, "users", "update", "ann", "--scope", "run").returncode == 0
    assert [(each["name"], each["scopes"]) for each in listed(own_server, "users")] == [("ann", ["run"])]
    assert swiftlet(own_server, "users", "delete", "ann").stdout == "User `ann` deleted\n"
    assert b"correct horse" not in b"".join(path.read_bytes() for path in own_server.data.glob("swiftlet.db*"))


def test_changes_are_in_the_audit_log(own_server):
    own_server.deploy("hello", HELLO)
    token = make_token(own_server, "ci", "--scope", "read")
    own_server.request("DELETE", "/v1/functions/hello")
    entries = json.loads(swiftlet(own_server, "audit", "--json").stdout)
    assert [each["action"] for each in entries] == ["function.delete", "token.create", "function.create"]
    assert all(each["actor"].startswith("token admin (") for each in entries)
    shown = swiftlet(own_server, "audit", "--limit", "1")
    assert shown.stdout.startswith("Audit:\n") and "function.delete" in shown.stdout and "function.create" not in shown.stdout
    assert shown.stderr == f"There is more; the next page: --before {entries[0]['id']}\n"
    refused = own_server.request("GET", "/v1/audit/", token=token)
    assert refused.status == 403


def test_keys_are_rotated_while_the_server_runs(own_server):
    own_server.deploy("hello", HELLO, context="KEY=secret")
    key = (own_server.data / "context.key").read_bytes()
    rotated = swiftlet(own_server, "keys", "rotate")
    assert (rotated.returncode, rotated.stdout) == (0, "Contexts encrypted with a new key: 1\n")
    assert len((own_server.data / "context.key").read_bytes()) == 32
    assert (own_server.data / "context.key").read_bytes() != key
    assert own_server.call("hello").json == "secret"
    assert own_server.stop() == 0
    own_server.start()
    assert own_server.call("hello").json == "secret"


def test_a_rotation_that_was_broken_off_is_finished_by_the_next_start(own_server):
    own_server.deploy("hello", HELLO, context="KEY=secret")
    assert own_server.stop() == 0
    file = own_server.data / "context.key"
    file.write_bytes(bytes(range(32)) + file.read_bytes())
    own_server.start()
    assert file.read_bytes() == bytes(range(32))
    assert own_server.call("hello").json == "secret"


def test_the_document_is_served_to_anybody(own_server):
    answer = own_server.request("GET", "/v1/openapi.json", token=None)
    assert answer.status == 200 and answer.json["openapi"] == "3.1.0" and "/v1/spots/" in answer.json["paths"]


def test_the_operator_gives_and_changes_the_key(start_server, tmp_path):
    file = tmp_path / "key"
    file.write_text("0f" * 32 + "\n")
    file.chmod(0o600)
    server = start_server("--workers", "1", "--threads", "1", "--context-key-file", str(file))
    assert not (server.data / "context.key").exists()
    server.deploy("hello", HELLO, context="KEY=secret")
    refused = swiftlet(server, "keys", "rotate")
    assert refused.returncode == 1 and "put the new key above the old one" in refused.stderr
    assert server.stop() == 0
    file.write_text("1f" * 32 + "\n" + "0f" * 32 + "\n")
    server.start()
    assert server.stop() == 0
    file.write_text("1f" * 32 + "\n")
    server.start()
    assert server.call("hello").json == "secret"
