"""Row 1 for functions-framework."""


def main(request):
    return {"greeting": "Hello " + request.get_json()["name"]}
