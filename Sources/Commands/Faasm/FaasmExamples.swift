/// The functions that `swiftlet faasm init` writes.
enum FaasmExamples {
    static let files: [(path: String, text: String)] = [
        ("func/python/hello.py", hello), ("func/python/echo.py", echo), ("func/python/chain.py", chain),
        ("func/python/fan_out.py", fanOut), ("func/python/dict_state.py", dictState),
        ("func/python/state_write.py", stateWrite), ("func/python/state_read.py", stateRead),
    ]

    private static let hello = #"""
        """Says hello."""

        import sys

        from pyfaasm.core import write_output


        def faasm_main():
            text = f"Hello! Running Python version {sys.version}"
            print(text)
            write_output(text.encode())

        """#

    private static let echo = #"""
        """Answers with its input."""

        from pyfaasm.core import get_input_len, read_input, write_output


        def faasm_main():
            text = read_input(get_input_len()).decode()
            if not text:
                print("There was no input.")
                return
            write_output(text.encode())

        """#

    private static let chain = #"""
        """Calls two functions of this file, each with an input of its own, and waits for both."""

        from pyfaasm.core import await_call, chain


        def chain_one(data):
            check(data, b"1234")


        def chain_two(data):
            check(data, b"5678")


        def check(data, wanted):
            if data != wanted:
                print(f"Got {data!r} instead of {wanted!r}")
                exit(1)


        def faasm_main():
            calls = [chain(chain_one, b"1234"), chain(chain_two, b"5678")]
            return max(await_call(call) for call in calls)

        """#

    private static let fanOut = #"""
        """Adds the squares of 0 to n - 1, each made by a call of its own; the input is n."""

        from pyfaasm.core import await_call_output, chain, read_input, write_output


        def square(data):
            write_output(str(int(data) ** 2).encode())


        def faasm_main():
            count = int(read_input() or b"10")
            calls = [chain(square, str(number).encode()) for number in range(count)]
            write_output(str(sum(int(await_call_output(call)[1]) for call in calls)).encode())

        """#

    private static let dictState = #"""
        """Shares a dictionary with a chained call by state."""

        import pickle

        from pyfaasm.core import await_call, chain, read_state, read_state_size, write_state

        KEY_A, KEY_B = "dict_a", "dict_b"
        FIRST = {"alpha": "beta", "gamma": "delta"}
        SECOND = {**FIRST, "epsilon": "zeta"}


        def load(key):
            return pickle.loads(read_state(key, read_state_size(key)))


        def check_pickle(data):
            found = load(KEY_A)
            if found != FIRST:
                print(f"Unexpected dictionary: {found}")
                exit(1)
            write_state(KEY_B, pickle.dumps({**found, "epsilon": "zeta"}))


        def faasm_main():
            write_state(KEY_A, pickle.dumps(FIRST))
            code = await_call(chain(check_pickle))
            if code:
                return code
            found = load(KEY_B)
            if found != SECOND:
                print(f"Unexpected dictionary: {found}")
                return 1
            print(f"Dictionary as expected: {found}")

        """#

    private static let stateWrite = #"""
        """Writes state, whole and in part; `state_read` reads it in a later call."""

        from pyfaasm.core import (
            pull_state,
            push_state,
            push_state_partial,
            read_state,
            read_state_offset,
            write_state,
            write_state_offset,
        )

        KEY = "pyStateTest"


        def expect(found, wanted):
            if found != wanted:
                print(f"Got {found!r} instead of {wanted!r}")
                exit(1)


        def faasm_main():
            write_state(KEY, b"0123456789")
            push_state(KEY)
            pull_state(KEY, 10)
            expect(read_state(KEY, 10), b"0123456789")
            write_state_offset(KEY, 10, 2, b"999")
            push_state_partial(KEY)
            pull_state(KEY, 10)
            expect(read_state(KEY, 10), b"0199956789")
            expect(read_state_offset(KEY, 10, 2, 3), b"999")

        """#

    private static let stateRead = #"""
        """Reads what `state_write` wrote. A total length that is too small does no harm."""

        from pyfaasm.core import read_state, read_state_offset

        KEY = "pyStateTest"


        def expect(found, wanted):
            if found != wanted:
                print(f"Got {found!r} instead of {wanted!r}")
                exit(1)


        def faasm_main():
            expect(read_state(KEY), b"0199956789")
            expect(read_state_offset(KEY, 5, 0, 3), b"019")
            expect(read_state_offset(KEY, 5, 4, 4), b"9567")

        """#
}
