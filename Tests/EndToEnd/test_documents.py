"""The commands in the documents work as they are written there, but for the server's address and what stands for an id."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def blocks(document: str) -> list[str]:
    return re.findall(r"^```bash\n(.*?)^```", (ROOT / "docs" / document).read_text(), re.S | re.M)


BLOCKS = blocks("faaspot.md")
GATEWAY_BLOCKS = blocks("openfaas.md")
# The Python client's tests install it; here it would only take long.
ELSEWHERE = "pip install"


def block(first_words: str) -> str:
    [found] = [each for each in BLOCKS + GATEWAY_BLOCKS if first_words in each]
    return found


def run(server, script: str, folder: Path = ROOT) -> str:
    """Runs a block as a user would paste it, with everything it uses at hand; returns what it printed."""
    script = script.replace("http://127.0.0.1:8080", server.url).replace("curl ", "curl --silent --fail-with-body ")
    environment = {**server.environment, "PATH": f"{server.bin}:{server.environment['PATH']}", "TOKEN": server.token}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script], cwd=folder, env=environment, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, script + done.stdout + done.stderr
    return done.stdout


def test_every_block_is_tried_here():
    tried = ("fas profiles create", "fas functions create", "curl -X PUT", "fas spots list", "swiftlet tokens create ci",
             "Idempotency-Key", "curl -X PATCH")  # fmt: skip
    for text in BLOCKS:
        assert ELSEWHERE in text or any(words in text for words in tried), f"no test runs this block:\n{text}"


def test_functions_and_executions(start_server, tmp_path):
    server = start_server()
    secrets = tmp_path / "secrets.env"
    secrets.write_text("KEY=value\n")
    script = block("fas functions create")
    # What one line prints, the next one is given.
    script = re.sub(r'^(fas functions run hello -p "name=you") +# queue.*$', r"ID=$(\1)", script, flags=re.M)
    script = script.replace("executions get ID", "executions get $ID").replace("secrets.env", str(secrets))
    printed = run(server, script)
    assert '"greeting": "Hello you"' in printed and '"status"' in printed and "Executions:" in printed


def test_http_and_limits_and_keys(start_server):
    server = start_server()
    assert run(server, block("curl -X PUT")).endswith("42")
    assert '"uuid"' in run(server, block("curl -X PATCH"))
    server.deploy("hello", "def main(args, context):\n    return args\n")
    once, again = run(server, block("Idempotency-Key")), run(server, block("Idempotency-Key"))
    assert once == again and server.execution(once.strip().strip('"'))["scheduled"]


def test_spots(start_server):
    server = start_server()
    script = block("fas spots list")
    # The line before gives every spot a new address.
    newest = "$(fas spots list --json | python3 -c 'import json, sys; print(json.load(sys.stdin)[-1][\"ip\"])')"
    run(server, script.replace("remove --ip 127.0.1.2", f"remove --ip {newest}").replace("refresh_ip ", "refresh_ip --wait "))
    assert server.request("GET", "/healthz").status == 200


def test_tokens_and_users(start_server):
    server = start_server()
    script = block("swiftlet tokens create ci")
    script = script.replace("tokens revoke ID", "tokens revoke $(swiftlet tokens list --json | "
                            "python3 -c 'import json, sys; print([t[\"id\"] for t in json.load(sys.stdin) if t[\"name\"] == \"ci\"][0])')")
    script = script.replace("--password-file -", "--password-file - <<< 'correct horse'")
    printed = run(server, script + '\nprintf "%s" "${#TOKEN}"')
    assert "user.create" in printed and int(printed.rsplit("\n", 1)[-1]) > 20


def test_profiles(start_server):
    server = start_server()
    assert "Profile created: work" in run(server, block("fas profiles create"))


def test_the_gateway(start_server, tmp_path):
    """The blocks of docs/openfaas.md, one after another in one folder."""
    server = start_server()
    server.environment |= {"HOME": str(tmp_path), "OPENFAAS_URL": server.url, "FOLDER": str(server.data)}
    (tmp_path / "password.txt").write_text("correct horse\n")
    printed = [run(server, text, tmp_path) for text in GATEWAY_BLOCKS]
    assert "Deployed. 202 Accepted." in printed[0] and "you" in printed[0]
    assert all(printed)
