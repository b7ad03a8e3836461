"""Runs a model through the engine's protocol, as the window does (docs/protocol.md)."""

import json
import subprocess
import tempfile
import threading
from typing import Any, List

PATIENCE = 120  # seconds for all of it


class EngineError(Exception):
    pass


class Engine:
    def __init__(self, command: List[str], environment: dict) -> None:
        self.errors = tempfile.TemporaryFile()  # a pipe that nobody reads would fill
        self.process = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors
        )
        self.limit = threading.Timer(PATIENCE, self.process.kill)
        self.limit.start()
        self.last = 0

    def __enter__(self) -> "Engine":
        return self

    def __exit__(self, *_: Any) -> None:
        self.limit.cancel()
        self.process.kill()
        self.process.communicate()
        self.errors.close()

    def request(self, method: str, **parameters: Any) -> Any:
        self.last += 1
        body = json.dumps({"jsonrpc": "2.0", "id": self.last, "method": method, "params": parameters}).encode()
        try:
            self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
            self.process.stdin.flush()
        except OSError:
            raise self.ended(method) from None
        while True:
            message = self.read(method)
            if message.get("id") == self.last and "method" not in message:
                if "error" in message:
                    raise EngineError(f"{method}: {message['error']['message']}")
                return message["result"]

    def read(self, method: str) -> dict:
        size = 0
        while line := self.process.stdout.readline().strip():
            name, _, value = line.partition(b":")
            if name == b"Content-Length":
                size = int(value)
        body = self.process.stdout.read(size)
        if size == 0 or len(body) != size:
            raise self.ended(method)
        return json.loads(body)

    def ended(self, method: str) -> EngineError:
        self.process.wait()
        self.errors.seek(0)
        said = self.errors.read().decode(errors="replace").strip()[-2000:]
        return EngineError(f"{method}: the engine ended with {self.process.returncode}: {said}")


def run(engine: Engine, model: str, document: str, device: str, inputs: List[str]) -> dict:
    """What the engine says of itself and of its rights."""
    told = engine.request("initialize", protocolVersion=2, client="tests/gpu")
    opened = engine.request("document/open", model=model, document=document)
    stage = engine.request("stage/inline")["stage"]
    engine.request("run/start", stage=stage, inputs=inputs, device=device, warmups=2, iterations=2)
    engine.request("shutdown")
    return {"devices": told["devices"], "cuda_recording": told["cudaRecording"], "rights": opened["rights"]}
