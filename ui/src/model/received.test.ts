// Names are followed back to what was received, and only where they fit.
import { describe, expect, it } from "vitest";
import { receivedName } from "./received";

const received = ["shop.orders", "http.server", "http.server.request.duration", "io.total.bytes"];

describe("the received name", () => {
  it.each([
    ["shop_orders_total", "shop.orders"],
    ["http_server_request_duration_seconds", "http.server.request.duration"],
    ["http_server_request_duration_seconds_bucket", "http.server.request.duration"],
    ["io_bytes_total", "io.total.bytes"],
    ["shop.orders", "shop.orders"],
    ["http_server_errors", null],
    ["up", null],
  ])("behind %s is %s", (name, raw) => expect(receivedName(name, received)).toBe(raw));
});
