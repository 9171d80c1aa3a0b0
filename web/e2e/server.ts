/** The real server, as `make run` starts it, with everything of its own in a folder that goes with the test. */
import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PROGRAM = new URL("../../target/debug/convosphere", import.meta.url).pathname;

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

export class Server {
  private process: ChildProcess | undefined;
  setUpLink = "";

  private constructor(
    private readonly port: number,
    private readonly folder: string,
    private readonly environment: Record<string, string>,
  ) {}

  static async start(environment: Record<string, string> = {}): Promise<Server> {
    const folder = mkdtempSync(join(tmpdir(), "convosphere-e2e-"));
    // Started as root, the server gives that up and must still get in.
    chmodSync(folder, 0o755);
    const server = new Server(await freePort(), folder, environment);
    await server.begin();
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts the program and waits for its banner. */
  async begin(): Promise<void> {
    const flags = ["serve", "--data-dir", join(this.folder, "data"), "--listen", `127.0.0.1:${this.port}`];
    const child = spawn(PROGRAM, flags, {
      env: { ...plain(), ...this.environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.process = child;
    await new Promise<void>((resolve, reject) => {
      let said = "";
      const hear = (data: Buffer) => {
        said += data.toString();
        this.setUpLink = /set up +(\S+)/.exec(said)?.[1] ?? this.setUpLink;
        if (said.includes("Ctrl-C")) {
          resolve();
        }
      };
      child.stdout.on("data", hear);
      child.stderr.on("data", hear);
      child.on("exit", () => reject(new Error(`the server did not start: ${said}`)));
    });
  }

  /** As a crash: nothing is ended in order. */
  async kill(): Promise<void> {
    await this.end("SIGKILL");
  }

  async stop(): Promise<void> {
    await this.end("SIGTERM");
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.process;
    if (child === undefined || child.exitCode !== null) {
      return;
    }
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    await ended;
  }

  /** One request of a program, without a browser. */
  async call(method: string, path: string, body?: unknown, token?: string): Promise<Record<string, unknown>> {
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: {
        "Content-Type": "application/json",
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    if (!response.ok) {
      throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    }
    return (response.status === 204 ? {} : await response.json()) as Record<string, unknown>;
  }
}

/** What a program needs to run, and nothing that configures it. */
function plain(): Record<string, string> {
  const { PATH = "", HOME = "" } = process.env;
  return { PATH, HOME };
}
/** Documents that the tests of the program read as well. */
export const DOCUMENTS = new URL("../../testing/documents/", import.meta.url).pathname;
