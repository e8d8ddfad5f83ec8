"""A standalone Spark cluster on this machine, on the loopback alone: a master and two workers from the jars of pyspark."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HOST = "127.0.0.1"


@contextmanager
def cluster(workers: int = 2, cores: int = 1, memory: str = "2g") -> Iterator[str]:
    """Start a cluster and yield its address; end it afterwards. Raise RuntimeError if it does not come up."""
    import pyspark

    java = shutil.which("java")
    if java is None:
        raise RuntimeError("Spark needs a Java runtime (17 or later): no java found")
    port, started, home = _free_port(), [], Path(pyspark.__file__).parent
    scala = next((home / "jars").glob("scala-library-*.jar")).stem.split("-")[-1].rpartition(".")[0]
    env = os.environ | {"SPARK_LOCAL_IP": HOST, "SPARK_HOME": str(home), "SPARK_SCALA_VERSION": scala}
    with tempfile.TemporaryDirectory() as folder:

        def start(name: str, *args: str) -> None:
            log = (Path(folder) / f"{name}.log").open("w")
            command = [
                java,
                "-cp",
                str(home / "jars" / "*"),
                f"org.apache.spark.deploy.{name.split('-')[0]}",
                "--host",
                HOST,
                *args,
            ]
            started.append(subprocess.Popen(command, stdout=log, stderr=log, env=env, cwd=folder))

        try:
            start("master.Master", "--port", str(port), "--webui-port", "0")
            _wait_for(port)
            for n in range(workers):
                own = [
                    "--cores",
                    str(cores),
                    "--memory",
                    memory,
                    "--webui-port",
                    "0",
                    "--work-dir",
                    f"{folder}/work{n}",
                ]
                start(f"worker.Worker-{n}", *own, f"spark://{HOST}:{port}")
            yield f"spark://{HOST}:{port}"
        finally:
            for process in reversed(started):
                process.terminate()
            for process in started:
                process.wait(30)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind((HOST, 0))
        return int(found.getsockname()[1])


def _wait_for(port: int, seconds: float = 120) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with socket.socket() as tried:
            if tried.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.5)
    raise RuntimeError("the Spark master did not come up")
