// The built program as a process on free ports with a data folder of its own.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const program = process.env.WATCHGLASS_BIN ?? resolve(import.meta.dirname, "../../target/debug/watchglass");
const START_MS = 20_000;

export class Instance {
  private constructor(
    private readonly child: ChildProcess,
    private readonly data: string,
    /** `http://…` of the UI. */
    readonly url: string,
    /** `http://…` of OTLP over HTTP. */
    readonly otlp: string,
  ) {}

  /** Without traffic of its own. */
  static serve(): Promise<Instance> {
    return Instance.start(["serve"]);
  }

  /** With the demo shop. */
  static demo(): Promise<Instance> {
    return Instance.start(["demo", "--headless"]);
  }

  private static async start(words: string[]): Promise<Instance> {
    if (!existsSync(program)) throw new Error(`${program} is missing: run \`cargo xtask test\``);
    const data = mkdtempSync(join(tmpdir(), "watchglass-e2e-"));
    const ports = ["--listen", "--otlp-grpc", "--otlp-http"].flatMap((flag) => [flag, "127.0.0.1:0"]);
    const child = spawn(program, [...words, "--data", data, "--ports", "none", ...ports], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    const url = `http://${await listenAddress(child, data)}`;
    const status = (await (await fetch(`${url}/api/status`)).json()) as {
      receivers: { name: string; address: string }[];
    };
    const http = status.receivers.find(({ name }) => name === "otlp_http");
    return new Instance(child, data, url, `http://${http?.address}`);
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill("SIGTERM");
    await ended;
    rmSync(this.data, { recursive: true, force: true });
  }

  /** Writes a file of the workspace; it is read within a second. */
  write(name: string, text: string): void {
    writeFileSync(this.file(name), text);
  }

  /** Where a file of the workspace is. */
  file(name: string): string {
    return join(this.data, "workspace", name);
  }

  /** Posts OTLP as JSON. */
  async send(signal: "traces" | "logs" | "metrics", body: object): Promise<void> {
    const response = await fetch(`${this.otlp}/v1/${signal}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${signal}: ${response.status} ${await response.text()}`);
  }
}

/** The note that a running instance leaves in its data folder, once it answers. */
async function listenAddress(child: ChildProcess, data: string): Promise<string> {
  const end = Date.now() + START_MS;
  while (Date.now() < end && child.exitCode === null) {
    try {
      const { listen } = JSON.parse(readFileSync(join(data, "instance.json"), "utf8"));
      await fetch(`http://${listen}/-/ready`);
      return listen;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  child.kill("SIGKILL");
  throw new Error(`${program} did not start (exit code ${child.exitCode})`);
}
