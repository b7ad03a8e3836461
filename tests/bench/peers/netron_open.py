#!/usr/bin/env python3
"""Prints the milliseconds that Netron takes from opening its page to the painted, laid-out graph of a model.

    python3 netron_open.py NETRON MODEL [SECONDS]    NETRON is its program; gives up after SECONDS (120)

Needs Chromium with its driver, and Selenium. A fresh browser profile each time; the start of the server and
of the browser are not counted, as the start of Jitscope's engine is not. Exit code 3: Netron could not show
the model, its message goes to stderr; 4: it took longer, "SECONDS * 1000" is printed as the least it took.
"""

import json
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from typing import Any, Dict

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

SERVER_PATIENCE = 20.0  # seconds
CONSENT_COOKIE = {"name": "consent", "value": "1", "domain": "localhost", "path": "/"}  # else a box covers the page

# Netron's page has the class `default` when the graph is laid out, and `alert` when it failed. Two
# animation frames later the graph is painted. performance.now() counts from the navigation.
WATCH = """
(() => {
    const seen = window.jitscopeSeen = {};
    const look = () => {
        const classes = document.body ? document.body.classList : null;
        if (!classes) return;
        if (classes.contains('alert') && !seen.error) {
            const text = document.getElementById('message-text');
            seen.error = text ? text.textContent : 'failed';
        }
        if (classes.contains('default') && !seen.shown && document.querySelector('#nodes > g')) {
            seen.shown = performance.now();
            requestAnimationFrame(() => requestAnimationFrame(() => seen.painted = performance.now()));
        }
    };
    new MutationObserver(look).observe(
        document, {subtree: true, childList: true, attributes: true, attributeFilter: ['class']});
})()
"""
READ = "JSON.stringify(window.jitscopeSeen || {})"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        return int(probe.getsockname()[1])


def wait_for_server(port: int) -> None:
    deadline = time.monotonic() + SERVER_PATIENCE
    while True:
        try:
            socket.create_connection(("localhost", port), timeout=1).close()
            return
        except OSError:
            if time.monotonic() > deadline:
                sys.exit(f"netron_open.py: Netron's server did not answer within {SERVER_PATIENCE:.0f} s")
            time.sleep(0.05)


def browser(profile: str) -> webdriver.Chrome:
    options = Options()
    options.binary_location = shutil.which("chromium") or "chromium"
    options.page_load_strategy = "none"
    for switch in (
        "--headless=new",
        "--no-sandbox",
        "--window-size=1600,1000",
        "--no-first-run",
        "--disable-sync",
        "--disable-background-networking",
        "--disable-component-update",
        f"--user-data-dir={profile}",
    ):
        options.add_argument(switch)
    return webdriver.Chrome(service=Service(shutil.which("chromedriver")), options=options)


def watch(driver: webdriver.Chrome, url: str, limit: float) -> Dict[str, Any]:
    driver.execute_cdp_cmd("Network.enable", {})
    driver.execute_cdp_cmd("Network.setCookie", CONSENT_COOKIE)
    driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": WATCH})
    driver.get(url)
    deadline = time.monotonic() + limit
    seen: Dict[str, Any] = {}
    while time.monotonic() < deadline and not ("painted" in seen or "error" in seen):
        time.sleep(0.05)
        # The page replaces window.eval, which execute_script needs; the DevTools call does not.
        answer = driver.execute_cdp_cmd("Runtime.evaluate", {"expression": READ, "returnByValue": True})
        seen = json.loads(answer["result"].get("value", "{}"))
    return seen


def main() -> int:
    if len(sys.argv) not in (3, 4):
        print(__doc__, file=sys.stderr)
        return 2
    netron, model = sys.argv[1], pathlib.Path(sys.argv[2]).resolve()
    limit = float(sys.argv[3]) if len(sys.argv) == 4 else 120.0
    port = free_port()
    server = subprocess.Popen(
        [netron, str(model), "--host", "localhost", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    profile = tempfile.mkdtemp(prefix="jitscope-netron-")
    driver = None
    try:
        wait_for_server(port)
        driver = browser(profile)
        seen = watch(driver, f"http://localhost:{port}/", limit)
    finally:
        if driver is not None:
            driver.quit()
        server.terminate()
        server.wait()
        shutil.rmtree(profile, ignore_errors=True)
    if "error" in seen:
        print(f"netron_open.py: Netron says: {seen['error']}", file=sys.stderr)
        return 3
    print(f"{seen.get('painted', limit * 1000):.1f}")
    return 0 if "painted" in seen else 4


if __name__ == "__main__":
    sys.exit(main())
