"""Signs a message with a key from the function's context. The key is stored encrypted and appears in no answer."""

import hashlib
import hmac


def main(args, context):
    signature = hmac.new(context["signing_key"].encode(), args["message"].encode(), hashlib.sha256)
    return {"issuer": context["issuer"], "signature": signature.hexdigest()}
