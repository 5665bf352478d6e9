// A program with a /metrics of its own, to be scraped.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

const text = [
  "# HELP oven_temperature_celsius How hot it is.",
  "# TYPE oven_temperature_celsius gauge",
  "oven_temperature_celsius 180",
  "# TYPE oven_loaves_total counter",
  ...Array.from({ length: 40 }, (_, i) => `oven_loaves_total{kind="rye",baker="b${i}"} ${i}`),
  "",
].join("\n");

export class Exporter {
  private constructor(
    private readonly server: Server,
    /** `host:port`. */
    readonly address: string,
  ) {}

  static async start(): Promise<Exporter> {
    const server = createServer((request, response) => {
      const good = request.url === "/metrics";
      response.writeHead(good ? 200 : 503, { "content-type": "text/plain; version=0.0.4" });
      response.end(good ? text : "out of flour");
    });
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
    const { port } = server.address() as AddressInfo;
    return new Exporter(server, `127.0.0.1:${port}`);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }
}
