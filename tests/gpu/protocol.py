"""Runs a model through the engine's protocol, as the window does (docs/protocol.md)."""

import json
import subprocess
from typing import Any, List


class EngineError(Exception):
    pass


class Engine:
    def __init__(self, command: List[str], environment: dict) -> None:
        self.process = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        self.last = 0

    def request(self, method: str, **parameters: Any) -> Any:
        self.last += 1
        body = json.dumps({"jsonrpc": "2.0", "id": self.last, "method": method, "params": parameters}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()
        while True:
            message = self.read()
            if message.get("id") == self.last and "method" not in message:
                if "error" in message:
                    raise EngineError(f"{method}: {message['error']['message']}")
                return message["result"]

    def read(self) -> dict:
        size = 0
        while line := self.process.stdout.readline().strip():
            name, _, value = line.partition(b":")
            if name == b"Content-Length":
                size = int(value)
        if size == 0:
            raise EngineError("the engine ended: " + self.process.stderr.read().decode(errors="replace")[-2000:])
        return json.loads(self.process.stdout.read(size))

    def end(self) -> None:
        self.process.stdin.close()
        self.process.wait(timeout=30)
        self.process.stdout.close()
        self.process.stderr.close()


def run(engine: Engine, model: str, document: str, device: str, inputs: List[str]) -> dict:
    """What the engine says of itself, the rights it has, and the number of the run."""
    told = engine.request("initialize", protocolVersion=2, client="tests/gpu")
    opened = engine.request("document/open", model=model, document=document)
    stage = engine.request("stage/inline")["stage"]
    made = engine.request("run/start", stage=stage, inputs=inputs, device=device, warmups=2, iterations=2)
    engine.request("shutdown")
    return {
        "devices": told["devices"],
        "cuda_recording": told["cudaRecording"],
        "rights": opened["rights"],
        "run": made["run"],
    }
