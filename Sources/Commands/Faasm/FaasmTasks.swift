/// The tasks for `inv` that `swiftlet faasm init` writes.
enum FaasmTasks {
    static let source = #"""
        """The tasks of Faasm's that `inv` runs here. Each hands its words to `swiftlet faasm`."""

        import os
        import subprocess

        from invoke import Collection, task
        from invoke.exceptions import Exit

        PROGRAM = os.environ.get("SWIFTLET", "swiftlet")


        def swiftlet(*words, **options):
            """Runs `swiftlet faasm` with the words, and with those options that are set."""
            command = [PROGRAM, "faasm", *(word for word in words if word is not None)]
            for name, value in options.items():
                option = "--" + name.replace("_", "-")
                if value is True:
                    command.append(option)
                elif value not in (None, False):
                    command += [option, str(value)]
            code = subprocess.run(command, check=False).returncode
            if code:
                raise Exit(code=code)


        # func

        @task(default=True, name="build")
        def func_build(ctx):
            swiftlet("func")


        @task
        def uploadpy(ctx, func, user=None, file=None, requirements=None, host=None, port=None, local=False):
            swiftlet("func.uploadpy", func, user=user, file=file, requirements=requirements, host=host, port=port)


        @task(name="upload-all")
        def upload_all(ctx, user=None, host=None, port=None, local=False):
            swiftlet("func.upload-all", user=user, host=host, port=port)


        @task(name="invoke")
        def func_invoke(ctx, user, func, input_data=None, host=None, port=None):
            swiftlet("func.invoke", user, func, input_data=input_data, host=host, port=port)


        @task(name="upload", optional=["user", "func"])
        def func_upload(ctx, user=None, func=None, file=None):
            if user and func:
                swiftlet("func.upload", user, func, file=file)
            else:
                swiftlet("func.upload")


        @task
        def update(ctx, user, func):
            swiftlet("func.update", user, func)


        @task(name="upload-user")
        def upload_user(ctx, user):
            swiftlet("func.upload-user", user)


        @task
        def flush(ctx):
            swiftlet("func.flush")


        # upload, invoke

        @task(default=True)
        def upload(ctx, user, func, py=False, file=None, host=None):
            swiftlet("upload", user, func, py=py, file=file, host=host)


        @task(name="user")
        def all_of_user(ctx, user, py=False):
            swiftlet("upload.user", user, py=py)


        @task(default=True)
        def invoke(
            ctx, user, func, py=False, input=None, asynch=False, poll=False, cmdline=None, mpi_world_size=None,
            debug=False, graph=False,
        ):
            swiftlet("invoke", user, func, py=py, input=input, asynch=asynch, poll=poll, cmdline=cmdline, graph=graph)


        @task
        def status(ctx, call_id=None):
            swiftlet("invoke.status", call_id=call_id)


        @task(name="exec-graph")
        def exec_graph(ctx, call_id=None, output_file=None):
            swiftlet("invoke.exec-graph", call_id=call_id, output_file=output_file)


        # state, files

        @task(name="upload")
        def state_upload(ctx, user, key, path):
            swiftlet("state.upload", user, key, path)


        @task(name="download")
        def state_download(ctx, user, key, path):
            swiftlet("state.download", user, key, path)


        @task(name="upload")
        def file_upload(ctx, path, shared_path):
            swiftlet("files.upload", path, shared_path)


        @task(name="download")
        def file_download(ctx, shared_path, path):
            swiftlet("files.download", shared_path, path)


        # What there is nothing to do for.

        def built_in(word):
            def run(ctx):
                swiftlet(word)

            run.__name__ = word.rpartition(".")[2].replace("-", "_")
            return task(run)


        @task(name="set-up-package")
        def set_up_package(ctx, package):
            swiftlet("python.set-up-package", package)


        @task
        def codegen(ctx, user, func, clean=False):
            swiftlet("codegen", user, func)


        def collection(name, *tasks):
            made = Collection(name)
            for each in tasks:
                made.add_task(each)
            return made


        namespace = Collection()
        namespace.add_task(codegen)
        for _collection in (
            collection(
                "func", func_build, uploadpy, upload_all, func_invoke, func_upload, update, upload_user, flush
            ),
            collection("upload", upload, all_of_user),
            collection("invoke", invoke, status, exec_graph),
            collection("state", state_upload, state_download),
            collection("files", file_upload, file_download),
            collection("flush", built_in("flush.all")),
            collection("modules", built_in("modules.install")),
            collection("python", built_in("python.codegen"), built_in("python.set-up-runtime"), set_up_package),
            collection(
                "cpython", *(built_in("cpython." + word) for word in ("native", "wasm", "func", "upload"))
            ),
        ):
            namespace.add_collection(_collection)

        """#
}
